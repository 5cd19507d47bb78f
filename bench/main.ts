import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { benchColdStart } from './cold-start';
import { benchCalls, benchCore } from './core';
import { benchEngagement } from './engagement';
import { benchHandler } from './handler';
import { benchPrepare } from './prepare';
import { Result } from './result';
import { benchThroughput } from './throughput';
import { keepBatchesYoung } from '../lambda-src/runtime/young-batches';
import { nodeOptions } from '../src/contract/runtime';

/** Everything that is compared is measured in this run; a ratio says the same on any machine. */
async function main(): Promise<void> {
  // Everything runs as the functions do.
  if (process.env.NODE_OPTIONS !== nodeOptions()) {
    const env = { ...process.env, NODE_OPTIONS: nodeOptions() };
    process.exitCode = spawnSync(process.execPath, process.argv.slice(1), { stdio: 'inherit', env }).status ?? 2;
    return;
  }
  const { values } = parseArgs({ options: { json: { type: 'string' } } });
  const [root, folder] = [process.cwd(), path.dirname(__filename)];
  const results: Result[] = await benchPrepare(folder);
  // As the handlers of streams do, of which all others are.
  keepBatchesYoung();
  const benches = [benchCore, benchCalls, benchEngagement, () => benchHandler(root, folder), () => benchColdStart(root, folder), benchThroughput];
  for (const bench of benches) {
    results.push(...await bench());
    process.stderr.write('.');
  }
  print(results);
  if (values.json) fs.writeFileSync(values.json, `${JSON.stringify({ results }, null, 2)}${os.EOL}`);
  process.exitCode = results.every(({ ok }) => ok) ? 0 : 1;
}

function print(results: readonly Result[]): void {
  const table = new Table({ head: ['measured', 'ratio', 'goal', ''], style: { head: [] } });
  for (const { name, ratio, goal, ok } of results) table.push([name, ratio.toFixed(2), goal, ok ? 'ok' : 'MISSED']);
  process.stdout.write(`\n${table.toString()}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 2;
});
