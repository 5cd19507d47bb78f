import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Rejection } from '../runtime/errors';
import type { ListFormat } from '../segment-import/import-document';

/** What is looked at to tell formats apart; white space may come before a brace. */
const HEAD_BYTES = 256;
const GZIP = Buffer.from([0x1f, 0x8b]);
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);
/** A ZIP or a UTF-16 file would be read as one broken row after the other. */
const OTHERS: readonly (readonly [string, Buffer])[] = [
  ['a ZIP archive', Buffer.from('PK\x03\x04')], ['UTF-16', Buffer.from([0xff, 0xfe])], ['UTF-16', Buffer.from([0xfe, 0xff])],
  ['Parquet', Buffer.from('PAR1')], ['gzip within gzip', GZIP], ['compressed by Zstandard', Buffer.from([0x28, 0xb5, 0x2f, 0xfd])],
];

export interface Text {
  /** UTF-8, decompressed, without a byte order mark. */
  readonly text: Readable;
  /** Undefined: there is nothing in it. */
  readonly format: ListFormat | undefined;
}

/** The content of a file, whatever its name says. */
export async function openText(source: Readable): Promise<Text> {
  const raw = await peek(source);
  const { head, all } = raw.head.subarray(0, 2).equals(GZIP) ? await peek(gunzip(raw.all)) : raw;
  const [first] = head.toString('utf8').trimStart();
  const other = first === '[' ? 'a JSON array' : OTHERS.find(([, magic]) => head.subarray(0, magic.length).equals(magic))?.[0]
    // UTF-16 without a byte order mark, and most formats that are no text.
    ?? (head.includes(0) ? 'no text in UTF-8' : undefined);
  if (other !== undefined) {
    all.destroy();
    throw new Rejection('UnknownFormat', `the file is ${other}; CSV and newline-delimited JSON in UTF-8 are read, gzip or not`);
  }
  return { text: all, format: first === undefined ? undefined : first === '{' ? 'JSON' : 'CSV' };
}

function gunzip(source: Readable): Readable {
  // What goes wrong on either side ends the reading of the other.
  return pipeline(source, createGunzip(), () => undefined);
}

/** The first bytes without a byte order mark, and all of them. */
async function peek(stream: Readable): Promise<{ head: Buffer; all: Readable }> {
  const chunks = (stream as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  let head: Buffer = Buffer.alloc(0);
  try {
    while (head.length < HEAD_BYTES) {
      const { value, done } = await chunks.next();
      if (done) break;
      head = Buffer.concat([head, value]);
    }
  } catch (error) {
    throw contentError(error);
  }
  if (head.subarray(0, BOM.length).equals(BOM)) head = head.subarray(BOM.length);
  const all = async function* () {
    try {
      if (head.length > 0) yield head;
      for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
    } finally {
      stream.destroy();
    }
  };
  return { head, all: Readable.from(all(), { objectMode: false }) };
}

/** What is wrong with the file itself, as a reason; everything else may pass. */
export function contentError(error: unknown): unknown {
  const { code = '' } = error as { code?: string };
  return typeof code === 'string' && code.startsWith('Z_') ? new Rejection('InvalidGzip', `the file can't be decompressed (${code})`) : error;
}
