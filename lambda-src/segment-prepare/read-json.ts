import type { Readable } from 'node:stream';
import { Rejection } from '../runtime/errors';
import type { Rows } from '../segment-targets';
import { contentError } from './decode';
import type { Lines } from './lines';

/** An endpoint has at most 15 KB; what is longer is no line. */
const MAX_LINE_BYTES = 1024 * 1024;
const NEWLINE = 0x0a;

export async function readJson(source: Readable, rows: Rows, lines: Lines): Promise<void> {
  let number = 0;
  for await (const line of linesOf(source)) {
    number += 1;
    const text = line.toString('utf8').trim();
    if (text === '') continue;
    lines.add(number, text, () => rows.json(parse(text)));
    if (lines.isFull) await lines.flush();
  }
}

function parse(text: string): unknown {
  if (text.includes('\uFFFD')) throw new Rejection('NotUtf8', 'a value is not UTF-8');
  try {
    return JSON.parse(text);
  } catch {
    throw new Rejection('InvalidJson', 'the line is not JSON');
  }
}

/** By the one byte that ends a line of newline-delimited JSON; `node:readline` also takes characters that JSON allows inside of texts. */
export async function* linesOf(source: Readable): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  try {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      let start = 0;
      for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
        const piece = chunk.subarray(start, end);
        yield rest.length === 0 ? piece : Buffer.concat([rest, piece]);
        rest = Buffer.alloc(0);
        start = end + 1;
      }
      if (start < chunk.length) rest = Buffer.concat([rest, chunk.subarray(start)]);
      if (rest.length > MAX_LINE_BYTES) throw new Rejection('LineTooLong', `a line has more than ${MAX_LINE_BYTES} bytes; one JSON object a line is read`);
    }
  } catch (error) {
    throw contentError(error);
  }
  if (rest.length > 0) yield rest;
}
