import { rowsOf } from './csv';
import { EndpointUpdate } from './merge';
import { endpointShape } from './schema';
import { validate } from './validate';

export interface ImportedRow {
  readonly id?: string;
  readonly update: EndpointUpdate;
}

/** A row as it would be stored, or why it can't be. */
export type RowResult = ImportedRow | { readonly failure: string };

/** UG/segments-importing: the columns of a CSV file, exactly so. */
const COLUMNS: readonly string[] = [
  'Id', 'Address', 'ChannelType', 'OptOut', 'EffectiveDate', 'RequestId', 'User.UserId',
  ...['AppVersion', 'Locale', 'Make', 'Model', 'ModelVersion', 'Platform', 'PlatformVersion', 'Timezone'].map((name) => `Demographic.${name}`),
  ...['City', 'Country', 'Latitude', 'Longitude', 'PostalCode', 'Region'].map((name) => `Location.${name}`),
];
const LISTS = /^(Attributes|User\.UserAttributes)\.(.+)$/s;
const METRIC = /^Metrics\.(.+)$/s;
const NUMBERS: readonly string[] = ['Location.Latitude', 'Location.Longitude'];

/** Throws for a file that can't be read as a whole; that is a failed piece of the job. */
export function readImport(format: string, text: string): RowResult[] {
  return format === 'CSV' ? readCsv(text) : readJson(text);
}

export function isColumn(name: string): boolean {
  return COLUMNS.includes(name) || LISTS.test(name) || METRIC.test(name);
}

function readCsv(text: string): RowResult[] {
  const [header = [], ...rows] = rowsOf(text) ?? fail('a quote is never closed');
  const unknown = header.find((name) => !isColumn(name));
  if (header.length === 0) fail('the file is empty');
  if (unknown !== undefined) fail(`unknown column "${unknown}"`);
  return rows.map((row, index) => attempt(index + 2, () => {
    if (row.length !== header.length) fail(`${row.length} values for ${header.length} columns`);
    const target: Record<string, unknown> = {};
    header.forEach((name, column) => { if (row[column] !== '') setColumn(target, name, row[column]!); });
    return target;
  }));
}

/** `User.UserId` and the like; a list's column comes once per value. */
export function setColumn(target: Record<string, unknown>, column: string, value: string): void {
  const list = LISTS.exec(column);
  if (list) {
    const values = objectAt(target, [...list[1]!.split('.')]);
    values[list[2]!] = [...(values[list[2]!] as string[] | undefined ?? []), value];
    return;
  }
  const metric = METRIC.exec(column);
  if (metric) {objectAt(target, ['Metrics'])[metric[1]!] = Number(value);} else {
    const [field = '', ...parents] = column.split('.').reverse();
    objectAt(target, parents.reverse())[field] = NUMBERS.includes(column) ? Number(value) : value;
  }
}

function objectAt(target: Record<string, unknown>, path: readonly string[]): Record<string, unknown> {
  return path.reduce<Record<string, unknown>>((at, name) => (at[name] ??= {}) as Record<string, unknown>, target);
}

function readJson(text: string): RowResult[] {
  const lines = text.split('\n').map((line, index) => ({ line: line.trim(), number: index + 1 })).filter(({ line }) => line !== '');
  if (lines.length === 0) fail('the file is empty');
  return lines.map(({ line, number }) => attempt(number, () => JSON.parse(line) as unknown));
}

function attempt(line: number, read: () => unknown): RowResult {
  try {
    const value = read();
    // Also an Id, which the schema of a batch item has and that of an endpoint has not.
    validate(endpointShape(), value, 'Endpoint');
    const { Id, ...update } = value as EndpointUpdate & { Id?: string };
    if (update.User?.UserId === undefined && (Id === undefined) && (update.ChannelType === undefined || update.Address === undefined)) {
      fail('ChannelType and Address are required for a new endpoint');
    }
    return { id: Id, update };
  } catch (error) {
    return { failure: `line ${line}: ${error instanceof Error ? error.message : String(error)}` };
  }
}

function fail(reason: string): never {
  throw new Error(reason);
}
