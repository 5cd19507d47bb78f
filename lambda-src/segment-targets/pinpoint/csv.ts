import type { RowsConfig } from '../../../src/contract/segment-prepare';
import { Cut, MAX_ENDPOINT_BYTES } from '../../endpoint-targets/pinpoint/limits';
import { Rejection } from '../../runtime/errors';
import type { CsvRows } from '../segment-target';
import { Cell, cellOf, checkColumns, LEFT_OUT } from './columns';
import type { Member } from './member';

/** A column of the prepared file, and where its value comes from. */
interface Column {
  readonly name: string;
  readonly source: number;
  readonly cell: Cell | undefined;
  /** Set for what the member itself is made of. */
  readonly part: keyof Member | undefined;
}

const PARTS: Readonly<Record<string, Column['part']>> = { 'Id': 'id', 'ChannelType': 'channel', 'Address': 'address', 'User.UserId': 'userId' };

/** Rows keep their format: as JSON they would be three times as long, and a list of 1 GB over the limit of a job. */
export function csvRows(headers: readonly string[], config: RowsConfig, check: (member: Member) => void, cut: Cut): CsvRows {
  const columns = columnsOf(headers, config);
  const at = (name: string) => columns.find((column) => column.name === name)?.source ?? -1;
  const [id, channel, address, userId] = ['Id', 'ChannelType', 'Address', 'User.UserId'].map(at);
  const cells = (row: readonly string[], source: number) => source < 0 ? '' : row[source].trim();
  const written = columns.filter(({ name }) => !LEFT_OUT.includes(name)).concat(
    ['Id', ...config.defaultChannel === undefined ? [] : ['ChannelType']].filter((name) => at(name) < 0)
      .map((name) => ({ name, source: -1, cell: undefined, part: PARTS[name] })),
  );
  return {
    header: written.map(({ name }) => quote(name)).join(','),
    row: (row) => {
      if (row.length !== headers.length) throw new Rejection('WrongColumnCount', `the row has ${row.length} values, its header ${headers.length}`);
      const member = { id: cells(row, id), channel: cells(row, channel), address: cells(row, address), userId: cells(row, userId) };
      check(member);
      let line = '';
      for (let index = 0; index < written.length; index += 1) {
        const { source, cell, part } = written[index];
        const value = part !== undefined ? member[part] : cell !== undefined ? cell(row[source], cut) : row[source];
        line += index === 0 ? quote(value) : `,${quote(value)}`;
      }
      if (line.length > MAX_ENDPOINT_BYTES / 4 && Buffer.byteLength(line) > MAX_ENDPOINT_BYTES) {
        throw new Rejection('EndpointTooLarge', `the row has more than ${MAX_ENDPOINT_BYTES} bytes`);
      }
      return line;
    },
  };
}

function columnsOf(headers: readonly string[], { columns: names, ignoredColumns }: RowsConfig): Column[] {
  const columns = headers.map((header, source) => ({ header: header.trim(), source }))
    .filter(({ header }) => !ignoredColumns.includes(header))
    .map(({ header, source }) => ({ name: Object.hasOwn(names, header) ? names[header] : header, source }));
  checkColumns(columns.map(({ name }) => name).filter((name) => !LEFT_OUT.includes(name)));
  return columns.map(({ name, source }) => ({ name, source, cell: cellOf(name), part: PARTS[name] }));
}

const SPECIAL = /[",\r\n\t\uFFFD]/;

/** @see https://docs.aws.amazon.com/pinpoint/latest/userguide/segments-importing.html#segments-importing-considerations */
function quote(value: string): string {
  if (!SPECIAL.test(value)) return value;
  if (/[\r\n\t]/.test(value)) throw new Rejection('LineBreak', 'a value holds a line break or a tab, which the service does not take');
  if (value.includes('\uFFFD')) throw new Rejection('NotUtf8', 'a value is not UTF-8');
  return `"${value.replaceAll('"', '""')}"`;
}
