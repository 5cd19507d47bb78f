// Bundles the benchmark as the handlers are bundled, so that what is measured is what esbuild makes of the sources, and runs it.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { build } from 'esbuild';

const folder = '.local/bench';
mkdirSync(folder, { recursive: true });
await build({
  entryPoints: { main: 'bench/main.ts', 'handler-worker': 'bench/handler-worker.ts', 'prepare-worker': 'bench/prepare-worker.ts' }, outdir: folder, outExtension: { '.js': '.cjs' },
  bundle: true, platform: 'node', target: 'node20', format: 'cjs', mainFields: ['module', 'main'], external: ['esbuild'], minify: true, keepNames: false,
  logLevel: 'error',
});
process.exitCode = spawnSync(process.execPath, [`${folder}/main.cjs`, ...process.argv.slice(2)], { stdio: 'inherit' }).status ?? 1;
