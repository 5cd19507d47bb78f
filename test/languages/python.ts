import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';

/** This machine has no Python, or its registry cannot be reached. Not a fault of the package. */
export class Unavailable extends Error {}

const MAX_OUTPUT = 256 * 1024 * 1024;

/** Runs a command; its output is shown only when it fails. */
function run(step: string, command: string, args: readonly string[], failure: (text: string) => Error, cwd?: string): void {
  const start = Date.now();
  const { error, status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8', maxBuffer: MAX_OUTPUT });
  if (error || status !== 0) throw failure(`${step}: ${error?.message ?? `exit code ${status}`}\n${stdout ?? ''}${stderr ?? ''}`);
  console.log(`${step}: ${((Date.now() - start) / 1000).toFixed(1)} s`);
}

const unavailable = (text: string) => new Unavailable(text);
const broken = (text: string) => new Error(text);

/** A virtual environment with the floor version of the CDK; returns its interpreter. */
export function preparePython(root: string, work: string): string {
  const { devDependencies } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
  const python = path.join(work, 'venv/bin/python');
  run('virtual environment', 'python3', ['-m', 'venv', path.join(work, 'venv')], unavailable);
  const cdk = ['aws-cdk-lib', 'constructs'].map((name) => `${name}==${devDependencies[name]}`);
  run(`install ${cdk.join(' ')}`, python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...cdk], unavailable);
  return python;
}

/** From here on a failure is ours: the registry answered a moment ago. */
export function makePythonPackage(root: string, work: string, python: string): void {
  const dist = path.join(work, 'dist');
  run('build the wheel', path.join(root, 'node_modules/.bin/jsii-pacmak'), ['--target', 'python', '--outdir', dist], broken, root);
  const wheel = fs.readdirSync(path.join(dist, 'python')).find((file) => file.endsWith('.whl'));
  if (!wheel) throw new Error('jsii-pacmak made no wheel');
  run(`install ${wheel}`, python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', path.join(dist, 'python', wheel)], broken);
}
