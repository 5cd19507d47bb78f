import * as fs from 'node:fs';
import * as path from 'node:path';
import { build, BuildOptions, BuildResult, Plugin } from 'esbuild';
import { thirdPartyNotice } from './third-party-notice';

const ROOT = path.resolve(__dirname, '..');

/** Each `lambda-src/<name>/<anything>.lambda.ts` is the composition root of one function. */
function findHandlers(): { name: string; entry: string }[] {
  const sources = path.join(ROOT, 'lambda-src');
  const folders = fs.existsSync(sources) ? fs.readdirSync(sources, { withFileTypes: true }).filter((item) => item.isDirectory()) : [];
  return folders.map((folder) => folder.name).sort().flatMap((name) => {
    const entries = fs.readdirSync(path.join(sources, name)).filter((file) => file.endsWith('.lambda.ts'));
    if (entries.length > 1) throw new Error(`lambda-src/${name}: one *.lambda.ts per folder, found ${entries.join(', ')}`);
    return entries.map((file) => ({ name, entry: `lambda-src/${name}/${file}` }));
  });
}

/** An empty map for each dependency's file: stack traces of our own files still resolve, and the map shrinks to a tenth. */
const slimSourceMaps: Plugin = {
  name: 'slim-source-maps',
  setup(esbuild) {
    const empty = Buffer.from(JSON.stringify({ version: 3, sources: [''], mappings: 'AAAA' })).toString('base64');
    esbuild.onLoad({ filter: /[\\/]node_modules[\\/].*\.[cm]?js$/ }, async (args) => ({
      contents: `${await fs.promises.readFile(args.path, 'utf8')}\n//# sourceMappingURL=data:application/json;base64,${empty}`,
      loader: 'js',
    }));
  },
};

const OPTIONS: BuildOptions = {
  absWorkingDir: ROOT,
  bundle: true,
  platform: 'node',
  target: 'node22', // runs on Lambda's Node 22 and 24
  format: 'esm',
  minify: true,
  mainFields: ['module', 'main'], // esbuild's own default for Node takes the CommonJS build, which is half as big again
  tsconfigRaw: '{}', // an explicit tsconfig would add "use strict" to every CommonJS wrapper
  splitting: true, // a client that is imported lazily stays out of the cold start
  entryNames: 'index',
  chunkNames: 'chunk-[hash]',
  outExtension: { '.js': '.mjs' },
  sourcemap: 'linked',
  sourcesContent: false,
  legalComments: 'none', // THIRD-PARTY-LICENSES.txt takes their place
  metafile: true,
  write: false,
  logLevel: 'warning',
  plugins: [slimSourceMaps],
};

type Bundle = BuildResult<{ metafile: true; write: false }>;

/** A `require` left in an ES module fails when it is reached, in production; better now. */
function refuseRequire(name: string, bundle: Bundle): void {
  for (const output of Object.values(bundle.metafile.outputs)) {
    const left = output.imports.find((item) => item.kind === 'require-call' || item.kind === 'require-resolve');
    if (left) throw new Error(`lambda-src/${name}: a CommonJS dependency still requires "${left.path}"; use its ES module build or drop it`);
  }
}

/** Leaves what is the same untouched and removes what is stale, so that a test that runs at the same time never sees half a bundle. */
function writeFolder(folder: string, files: ReadonlyMap<string, Uint8Array>): void {
  fs.mkdirSync(folder, { recursive: true });
  for (const [file, contents] of files) {
    const target = path.join(folder, file);
    if (fs.existsSync(target) && fs.readFileSync(target).equals(contents)) continue;
    fs.writeFileSync(`${target}.tmp`, contents);
    fs.renameSync(`${target}.tmp`, target);
  }
  fs.readdirSync(folder).filter((file) => !files.has(file)).forEach((file) => fs.rmSync(path.join(folder, file), { recursive: true }));
}

async function bundleHandler(name: string, entry: string): Promise<Bundle> {
  const outdir = path.join(ROOT, 'assets', name);
  const bundle = await build({ ...OPTIONS, entryPoints: [entry], outdir }) as Bundle;
  refuseRequire(name, bundle);
  writeFolder(outdir, new Map(bundle.outputFiles.map((file) => [path.relative(outdir, file.path), file.contents])));
  const size = (of: string) => bundle.outputFiles.filter((file) => file.path.endsWith(of)).reduce((sum, file) => sum + file.contents.length, 0);
  console.log(`assets/${name}: ${Math.round(size('.mjs') / 1024)} KB, source map ${Math.round(size('.map') / 1024)} KB`);
  return bundle;
}

async function main(): Promise<void> {
  const handlers = findHandlers();
  const bundles = await Promise.all(handlers.map(({ name, entry }) => bundleHandler(name, entry)));
  const assets = path.join(ROOT, 'assets');
  const known = new Set(handlers.map(({ name }) => name));
  if (fs.existsSync(assets)) {
    fs.readdirSync(assets).filter((name) => !known.has(name)).forEach((name) => fs.rmSync(path.join(assets, name), { recursive: true }));
  }
  const inputs = bundles.flatMap((bundle) => Object.values(bundle.metafile.outputs)).flatMap((output) => Object.entries(output.inputs))
    .filter(([, input]) => input.bytesInOutput > 0).map(([file]) => file);
  writeNotice(thirdPartyNotice(ROOT, inputs));
}

function writeNotice(text: string): void {
  const target = path.join(ROOT, 'THIRD-PARTY-LICENSES.txt');
  if (fs.existsSync(target) && fs.readFileSync(target, 'utf8') === text) return;
  fs.writeFileSync(target, text);
}

main().catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
