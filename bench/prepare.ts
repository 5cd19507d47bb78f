import { execFileSync } from 'node:child_process';
import * as path from 'node:path';
import { Readable } from 'node:stream';
import { parse } from 'csv-parse';
import { csvChunks, prepare } from './prepare-workload';
import { atLeast, atMost, ratioOf, Result } from './result';

const MEBIBYTE = 1024 * 1024;
const LIST_BYTES = 8 * MEBIBYTE;
const MAX_RSS = 256 * MEBIBYTE;

/** What no implementation can do without: the same bytes, split into the same values by the same library, and thrown away. */
async function split(chunks: readonly Buffer[]): Promise<number> {
  let values = 0;
  const parser = Readable.from(chunks, { objectMode: false }).pipe(parse({
    on_record: (cells: string[]) => {
      values += cells.length;
      return null;
    },
  }));
  for await (const _ of parser) values += 0;
  return values;
}

export async function benchPrepare(folder: string): Promise<Result[]> {
  const chunks = [...csvChunks(LIST_BYTES)];
  const slower = await ratioOf(() => prepare(() => chunks), () => split(chunks), 7, 2);
  const worker = path.join(folder, 'prepare-worker.cjs');
  const rss = Number(execFileSync(process.execPath, [worker], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }));
  return [
    atLeast('Preparing a list: MB/s ÷ splitting the same CSV', 1 / slower, 0.5),
    atMost('Preparing 200 MB: peak memory ÷ 256 MB', rss / MAX_RSS, 1),
  ];
}
