import type { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { Rejection } from '../runtime/errors';
import type { Rows } from '../segment-targets';
import { contentError } from './decode';
import type { Lines } from './lines';
import type { CsvRows } from '../segment-targets/segment-target';

/** An endpoint has at most 15 KB; a row that is longer is a quotation mark that is never closed. */
const MAX_ROW_BYTES = 1024 * 1024;
const LINE_ENDS = ['\r\n', '\n', '\r'];

/** Rows are written where they are parsed; the parser hands on no row, only word that enough has been collected. */
export async function readCsv(source: Readable, rows: Rows, lines: Lines): Promise<void> {
  let csv: CsvRows | undefined;
  const parser = parse({
    skip_empty_lines: true,
    relax_column_count: true,
    // All of them, or a list put together from files of two systems would be one long row.
    record_delimiter: LINE_ENDS,
    max_record_size: MAX_ROW_BYTES,
    on_record: (cells: string[], { lines: line }) => {
      if (csv) {
        const { row } = csv;
        lines.add(line, cells, () => row(cells));
      } else {
        csv = rows.csv(cells);
        if (csv.header !== undefined) lines.header(csv.header);
      }
      return lines.isFull ? cells : null;
    },
  });
  source.on('error', (error) => parser.destroy(error as Error));
  source.pipe(parser);
  try {
    for await (const _ of parser) await lines.flush();
  } catch (error) {
    throw error instanceof CsvError ? new Rejection('InvalidCsv', `near line ${String(error.lines)}: ${error.code}`) : contentError(error);
  }
}
