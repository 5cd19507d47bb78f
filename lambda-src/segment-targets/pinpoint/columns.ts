import { DEMOGRAPHIC_FIELDS, LOCATION_FIELDS } from '../../../src/contract/trait-mapping';
import {
  Cut, MAX_ATTRIBUTE_NAME_LENGTH, MAX_ATTRIBUTE_VALUE_LENGTH, MAX_NAMES, MAX_VALUES_PER_ATTRIBUTE, shorten,
} from '../../endpoint-targets/pinpoint/limits';
import { Rejection } from '../../runtime/errors';

/** Columns with one value, as the service names them; EffectiveDate is named too, but by another paragraph of the same page not supported.
 * @see https://docs.aws.amazon.com/pinpoint/latest/userguide/segments-importing.html */
const SINGLE: ReadonlySet<string> = new Set([
  'Id', 'Address', 'ChannelType', 'OptOut', 'RequestId', 'User.UserId',
  ...DEMOGRAPHIC_FIELDS.map((field) => `Demographic.${field}`),
  ...LOCATION_FIELDS.map((field) => `Location.${field}`),
]);
/** The service sets them itself. */
export const LEFT_OUT: readonly string[] = ['EffectiveDate', 'EndpointStatus'];
const NAMED = /^(Attributes|Metrics|User\.UserAttributes)\.(.*)$/s;
/** @see https://docs.aws.amazon.com/pinpoint/latest/apireference/apps-application-id-endpoints.html */
const UNWISE = /[#:?\\/]/;
/** @see https://docs.aws.amazon.com/pinpoint/latest/apireference/apps-application-id-endpoints.html */
const LENGTHS: Readonly<Record<string, number>> = {
  'Demographic.AppVersion': 50, 'Demographic.Make': 50, 'Demographic.Model': 100, 'Demographic.ModelVersion': 50, 'Demographic.Platform': 50,
  'Demographic.PlatformVersion': 50, 'Location.City': 75, 'Location.Region': 75,
};

/** Throws for a header that the service would not take, naming the column: headers are no personal data. */
export function checkColumns(columns: readonly string[]): void {
  const counts = new Map<string, number>();
  for (const column of columns) {
    checkName(column);
    counts.set(column, (counts.get(column) ?? 0) + 1);
  }
  for (const [column, count] of counts) {
    if (SINGLE.has(column) && count > 1) throw new Rejection('DuplicateColumn', `column "${column}" is there ${count} times`);
    if (count > MAX_VALUES_PER_ATTRIBUTE) throw new Rejection('TooManyValues', `column "${column}" is there ${count} times, at most ${MAX_VALUES_PER_ATTRIBUTE} are allowed`);
  }
  const names = [...counts.keys()].filter((column) => NAMED.test(column)).length;
  if (names > MAX_NAMES) throw new Rejection('TooManyAttributes', `the header has ${names} attribute names, at most ${MAX_NAMES} are allowed`);
  const enough = counts.has('Id') || counts.has('Address') && counts.has('User.UserId');
  if (!enough) throw new Rejection('MissingColumn', 'the header needs Id, or Address and User.UserId');
}

function checkName(column: string): void {
  if (SINGLE.has(column)) return;
  const name = NAMED.exec(column)?.[2];
  if (name === undefined) throw new Rejection('UnknownColumn', `column "${column.slice(0, 100)}" is none of the service; map or ignore it`);
  if (name === '' || name.length > MAX_ATTRIBUTE_NAME_LENGTH || UNWISE.test(name) || name === '__proto__') {
    throw new Rejection('InvalidColumn', `the attribute of column "${column.slice(0, 100)}" must have 1 to ${MAX_ATTRIBUTE_NAME_LENGTH} characters, none of them # : ? \\ /`);
  }
}

export type Cell = (value: string, cut: Cut) => string;

/** What becomes of the cells of a column; undefined: nothing. */
export function cellOf(column: string): Cell | undefined {
  if (column === 'OptOut') return optOut;
  if (column === 'Location.Country') return country;
  if (column === 'Location.Latitude' || column === 'Location.Longitude' || column.startsWith('Metrics.')) return number;
  const length = LENGTHS[column] ?? (NAMED.test(column) ? MAX_ATTRIBUTE_VALUE_LENGTH : undefined);
  return length === undefined ? undefined : (value, cut) => value.length <= length ? value : shorten(value, length, 'ValueShortened', cut);
}

/** Consent is not guessed. */
const optOut: Cell = (value) => {
  const choice = value.trim().toUpperCase();
  if (choice !== '' && choice !== 'ALL' && choice !== 'NONE') throw new Rejection('InvalidOptOut', 'OptOut must be ALL or NONE');
  return choice;
};

const country: Cell = (value, cut) => {
  const code = value.trim().toUpperCase();
  if (code === '' || /^[A-Z]{2,3}$/.test(code)) return code;
  cut('InvalidCountry');
  return '';
};

const number: Cell = (value, cut) => {
  if (value.trim() === '' || Number.isFinite(Number(value))) return value.trim();
  cut('NotANumber');
  return '';
};
