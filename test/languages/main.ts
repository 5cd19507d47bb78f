import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { compareAssemblies } from './compare';
import { makePythonPackage, preparePython, Unavailable } from './python';
import { synthesize } from './synthesize';

/** Builds the Python package and synthesizes every app of examples/python beside its TypeScript twin: the templates must be the same. */
const ROOT = path.resolve(__dirname, '../..');
const PYTHON_EXAMPLES = path.join(ROOT, 'examples/python');
const TYPESCRIPT_EXAMPLES = path.join(ROOT, 'examples/typescript');

function findExamples(): string[] {
  const items = fs.existsSync(PYTHON_EXAMPLES) ? fs.readdirSync(PYTHON_EXAMPLES, { withFileTypes: true }) : [];
  const names = items.filter((item) => item.isDirectory() && fs.existsSync(path.join(PYTHON_EXAMPLES, item.name, 'app.py'))).map((item) => item.name);
  if (names.length === 0) throw new Error('examples/python holds no app');
  return names.sort();
}

function compareExample(name: string, python: string, work: string): readonly string[] {
  const twin = name.replaceAll('_', '-');
  const tsx = path.join(ROOT, 'node_modules/.bin/tsx');
  const fromPython = synthesize(path.join(PYTHON_EXAMPLES, name), [python, 'app.py'], path.join(work, `${name}.python`));
  const fromTypeScript = synthesize(path.join(TYPESCRIPT_EXAMPLES, twin), [tsx, 'app.ts'], path.join(work, `${name}.typescript`));
  return compareAssemblies(fromTypeScript, fromPython);
}

function run(work: string): number {
  const examples = findExamples();
  const python = preparePython(ROOT, work);
  makePythonPackage(ROOT, work, python);
  let failed = 0;
  for (const name of examples) {
    const differences = compareExample(name, python, work);
    console.log(differences.length === 0 ? `same templates: examples/python/${name}` : `examples/python/${name} differs:\n${differences.join('\n')}`);
    failed += differences.length === 0 ? 0 : 1;
  }
  return failed;
}

function main(args: readonly string[]): number {
  const work = fs.mkdtempSync(path.join(os.tmpdir(), 'languages-'));
  try {
    return run(work) === 0 ? 0 : 1;
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    const skip = args.includes('--skip-if-unavailable');
    console.log(`${skip ? 'skipped' : 'failed'}: ${error.message}`);
    return skip ? 0 : 1;
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
}

process.exitCode = main(process.argv.slice(2));
