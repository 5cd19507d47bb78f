import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { build } from 'esbuild';
import { configOf } from './config';
import { atMost, median, Result } from './result';

const ROUNDS = 21;

/** Import time and size of the bundled handler against a bundle that does nothing but import the Pinpoint client, with esbuild's defaults. */
export async function benchColdStart(root: string, folder: string): Promise<Result[]> {
  const ours = path.join(root, 'assets', 'cdp-endpoint-sync');
  const theirs = path.join(folder, 'client-only', 'index.js');
  await build({
    stdin: { contents: "export * from '@aws-sdk/client-pinpoint';", resolveDir: root },
    bundle: true, platform: 'node', outfile: theirs, logLevel: 'error',
  });
  const ratios = Array.from({ length: ROUNDS }, () => {
    const base = importMillis(theirs);
    return importMillis(path.join(ours, 'index.mjs')) / base;
  });
  return [
    atMost('Cold start: import time ÷ client alone', median(ratios), 1),
    atMost('Cold start: size ÷ client alone', sizeOf(ours) / fs.statSync(theirs).size, 0.8),
  ];
}

function importMillis(file: string): number {
  const script = "const { pathToFileURL } = require('node:url'); const start = process.hrtime.bigint();"
    + 'import(pathToFileURL(process.argv[1]).href).then(() => console.log(Number(process.hrtime.bigint() - start) / 1e6));';
  const env = { ...process.env, AWS_REGION: 'eu-west-1', CDP_CONFIG: JSON.stringify(configOf()) };
  return Number(execFileSync(process.execPath, ['-e', script, file], { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
}

/** Everything that is deployed and run: what is loaded lazily too, source maps not. */
function sizeOf(folder: string): number {
  return fs.readdirSync(folder).filter((file) => file.endsWith('.mjs')).reduce((sum, file) => sum + fs.statSync(path.join(folder, file)).size, 0);
}
