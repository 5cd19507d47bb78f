import { check, FieldSpec } from './object-type';
import { rowsOf } from '../pinpoint/csv';

/** @see https://docs.aws.amazon.com/connect/latest/adminguide/customer-segments-imported-files.html */
export const FILE_LIMITS = { bytes: 1_000_000_000, columns: 25 };
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/** The rows of a file by the names of its columns. Refused as a whole: what the documentation does not allow of a file. */
export function readUpload(file: Buffer, fields: readonly FieldSpec[], limits = FILE_LIMITS): Record<string, string>[] {
  check(file.length < limits.bytes, `the file has ${limits.bytes} bytes or more`);
  check(!file.subarray(0, BOM.length).equals(BOM), 'the file begins with a byte order mark');
  const text = file.toString('utf8');
  check(!text.includes('\uFFFD'), 'the file is not UTF-8');
  const [header = [], ...rows] = rowsOf(text) ?? [];
  check(header.length > 0 && rows.length > 0, 'the file has no header, no rows, or quotation marks that don\'t match');
  check(header.length <= limits.columns, `the file has more than ${limits.columns} columns`);
  check(new Set(header).size === header.length, 'two columns have one name');
  for (const { name, source } of fields) check(header.includes(source!.slice('_source.'.length)), `no column is the source of ${name}`);
  check(rows.every((row) => row.length === header.length), 'a row has more or fewer cells than the header');
  return rows.map((row) => Object.fromEntries(header.map((column, index) => [column, row[index]!])));
}
