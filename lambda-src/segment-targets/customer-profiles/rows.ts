import { isObject } from '../../../src/contract/parse';
import type { RowsConfig } from '../../../src/contract/segment-prepare';
import type { CustomerProfilesSegmentTargetConfig } from '../../../src/contract/segment-target';
import { checkKey } from '../../endpoint-targets/customer-profiles/limits';
import { Rejection } from '../../runtime/errors';
import type { Rows } from '../index';
import type { CsvRows } from '../segment-target';

/** As in the lists for Amazon Pinpoint, so that one list serves both. */
const USER_ID = 'User.UserId';
/** Of one list: what the members' ids may take in memory, with the longest ids that there are. */
const MAX_LIST_BYTES = 300_000_000;
const MAX_LIST_FILES = 10_000;
/** What was replaced while reading, and half a character, which JSON may hold: written as UTF-8 it would become the id of somebody else. */
const NOT_UTF8 = /[\uFFFD\p{Surrogate}]/u;

/** A prepared line is the id of a user, as JSON. Whatever else a list says of users is left out. */
export function profileRows({ segments, maxMembers }: CustomerProfilesSegmentTargetConfig, config: RowsConfig, cut: (reason: string) => void): Rows {
  return {
    limits: { files: MAX_LIST_FILES, bytes: MAX_LIST_BYTES, rows: maxMembers },
    checkSegment: (segment) => {
      if (segments.includes(segment)) return;
      throw new Rejection('UndeclaredSegment', 'the segment is none of `segments`; declare it, and drop the list again');
    },
    csv: (header) => csvRows(header, config, cut),
    json: (member) => lineOf(isObject(member) && isObject(member.User) ? member.User.UserId : undefined),
  };
}

function csvRows(headers: readonly string[], { columns, ignoredColumns }: RowsConfig, cut: (reason: string) => void): CsvRows {
  const nameOf = (header: string) => ignoredColumns.includes(header) ? '' : Object.hasOwn(columns, header) ? columns[header] : header;
  const names = headers.map((header) => nameOf(header.trim()));
  const at = names.indexOf(USER_ID);
  if (at < 0) throw new Rejection('MissingColumn', `the header needs ${USER_ID}, by its own name or by \`columns\``);
  if (names.includes(USER_ID, at + 1)) throw new Rejection('DuplicateColumn', `column "${USER_ID}" is there more than once`);
  for (const name of names) if (name !== '' && name !== USER_ID) cut('ColumnLeftOut');
  return {
    row: (cells) => {
      if (cells.length !== headers.length) throw new Rejection('WrongColumnCount', `the row has ${cells.length} values, its header ${headers.length}`);
      return lineOf(cells[at]);
    },
  };
}

/** A number is no text here: JSON rounds large ones, so that two members could become one. */
function lineOf(raw: unknown): string {
  if (raw === undefined || raw === null) throw new Rejection('NoUserId', `a member needs ${USER_ID}`);
  if (typeof raw !== 'string') throw new Rejection('NotText', `${USER_ID} is not text`);
  const userId = raw.trim();
  if (userId === '') throw new Rejection('NoUserId', `a member needs ${USER_ID}`);
  if (NOT_UTF8.test(userId)) throw new Rejection('NotUtf8', 'a value is not UTF-8');
  checkKey(userId, USER_ID);
  return JSON.stringify(userId);
}
