import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { configOf } from './config';
import { atMost, median, Result } from './result';
import { startStub } from './stub';

const CREDENTIALS = { AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'bench', AWS_SECRET_ACCESS_KEY: 'bench' };

/** Processes differ by what the compiler happens to make of the same code. */
const PROCESSES = 3;

/** CPU per record of the bundled handler, the SDK and its HTTP included, against the same floor. */
export async function benchHandler(root: string, folder: string): Promise<Result[]> {
  const stub = await startStub();
  const env = { ...process.env, ...CREDENTIALS, CDP_CONFIG: JSON.stringify(configOf()), AWS_ENDPOINT_URL: stub.url };
  const bundle = path.join(root, 'assets', 'cdp-endpoint-sync', 'index.mjs');
  const ratios: number[] = [];
  try {
    for (let run = 0; run < PROCESSES; run += 1) ratios.push(await ratioInProcess(folder, bundle, env));
  } finally {
    stub.close();
  }
  return [atMost('CPU per record: handler with the SDK ÷ JSON floor', median(ratios), 3)];
}

async function ratioInProcess(folder: string, bundle: string, env: NodeJS.ProcessEnv): Promise<number> {
  const answer = path.join(folder, 'handler.json');
  await promisify(execFile)(process.execPath, [path.join(folder, 'handler-worker.cjs'), bundle, answer], { env, maxBuffer: 2 ** 30 });
  return (JSON.parse(fs.readFileSync(answer, 'utf8')) as { ratio: number }).ratio;
}
