import { BadRequest } from './errors';
import { KeySpec, ObjectTypeSpec } from './object-type';

/** What an object, or a row of a file, says. */
export type Source = Readonly<Record<string, unknown>>;

/** @see https://docs.aws.amazon.com/customerprofiles/latest/APIReference/API_Profile.html */
const MAX_VALUE_LENGTH = 255;

export function parse(json: string): Source {
  let source: unknown;
  try {
    source = JSON.parse(json);
  } catch {
    throw new BadRequest('Object is not JSON');
  }
  if (typeof source !== 'object' || source === null || Array.isArray(source)) throw new BadRequest('Object is not a JSON object');
  return source as Source;
}

/** What the object says of the profile; an empty value says nothing. */
export function valuesOf({ fields }: Pick<ObjectTypeSpec, 'fields'>, source: Source): { name: string; target: string; value: string }[] {
  return fields.flatMap(({ name, target, source: path }) => {
    const value = target === undefined ? undefined : follow(source, path!);
    return value === undefined || value === '' ? [] : [{ name, target: target!, value }];
  });
}

export function checkValues(values: readonly { readonly name: string; readonly value: string }[]): void {
  const long = values.find(({ value }) => value.length > MAX_VALUE_LENGTH);
  if (long) throw new BadRequest(`the value of ${long.name} has more than ${MAX_VALUE_LENGTH} characters`);
}

/** The value of a key: all of its fields, or none. */
export function valueOf({ fieldNames }: KeySpec, { fields }: ObjectTypeSpec, source: Source): string | undefined {
  const values = fieldNames.map((name) => follow(source, fields.find((field) => field.name === name)!.source!));
  return values.every((value) => value !== undefined && value !== '') ? values.join(' ') : undefined;
}

function follow(source: Source, path: string): string | undefined {
  let value: unknown = source;
  for (const step of path.split('.').slice(1)) value = typeof value === 'object' && value !== null ? (value as Source)[step] : undefined;
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'object') throw new BadRequest(`${path} is neither a text nor a number`);
  return String(value as string | number | boolean);
}
