import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { parse } from 'csv-parse';
import { isColumn, setColumn } from '../services/pinpoint/import-file';
import { isObject } from '../template/model';

/** An endpoint as Amazon Pinpoint exports it: EndpointResponse, or a row of a CSV file. */
export type Exported = Readonly<Record<string, unknown>>;

/**
 * The endpoints of an exported file, one by one: one JSON object per line, or a CSV file with Amazon Pinpoint's columns if the name says so;
 * either may be compressed by gzip.
 * @see https://docs.aws.amazon.com/pinpoint/latest/developerguide/audience-data-export.html
 * @see https://docs.aws.amazon.com/pinpoint/latest/userguide/segments-importing.html (the columns)
 */
export async function* readExport(file: string): AsyncGenerator<Exported> {
  const raw = createReadStream(file);
  const text = file.endsWith('.gz') ? raw.pipe(createGunzip()) : raw;
  raw.on('error', (error) => text.destroy(error));
  yield* /\.csv(\.gz)?$/i.test(file) ? readCsv(text, file) : readLines(text, file);
}

async function* readLines(text: Readable, file: string): AsyncGenerator<Exported> {
  let number = 0;
  for await (const line of createInterface({ input: text, crlfDelay: Infinity })) {
    number += 1;
    if (line.trim() !== '') yield endpointOf(line, `${file}, line ${number}`);
  }
}

function endpointOf(line: string, place: string): Exported {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new Error(`${place}: not JSON`);
  }
  if (!isObject(value)) throw new Error(`${place}: not an endpoint`);
  return value;
}

async function* readCsv(text: Readable, file: string): AsyncGenerator<Exported> {
  let header: string[] | undefined;
  for await (const row of text.pipe(parse({ bom: true, skipEmptyLines: true })) as AsyncIterable<string[]>) {
    if (!header) {
      const unknown = row.find((name) => !isColumn(name));
      if (unknown !== undefined) throw new Error(`${file}: Amazon Pinpoint has no column "${unknown}"`);
      header = row;
      continue;
    }
    const endpoint: Record<string, unknown> = {};
    header.forEach((name, column) => { if (row[column] !== '') setColumn(endpoint, name, row[column]!); });
    yield endpoint;
  }
}
