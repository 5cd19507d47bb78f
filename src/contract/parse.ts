/** Small parsers for the one JSON document a construct hands its handler. They check what they return and name what is wrong. */

/** The configuration is not what the handler was built for. `path` is the key at fault, from the root of the document. */
export class ConfigError extends Error {
  public constructor(public readonly path: string, problem: string) {
    super(`${path}: ${problem}`);
    this.name = 'ConfigError';
  }
}

export type Parser<T> = (raw: unknown, path: string) => T;

/** For every key of T its parser, so that a forgotten key is a compile error. */
export type Shape<T> = { readonly [K in keyof T]-?: Parser<T[K]> };

function describe(raw: unknown): string {
  const text = JSON.stringify(raw);
  return text === undefined ? 'nothing' : text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function check<T>(raw: unknown, path: string, expected: string, ok: (value: unknown) => boolean): T {
  if (!ok(raw)) throw new ConfigError(path, `expected ${expected}, got ${describe(raw)}`);
  return raw as T;
}

export const text: Parser<string> = (raw, path) => check(raw, path, 'a non-empty string', (v) => typeof v === 'string' && v !== '');
export const flag: Parser<boolean> = (raw, path) => check(raw, path, 'true or false', (v) => typeof v === 'boolean');
export const positive: Parser<number> = (raw, path) =>
  check(raw, path, 'a number above 0', (v) => typeof v === 'number' && Number.isFinite(v) && v > 0);

export function isObject(raw: unknown): raw is Record<string, unknown> {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw);
}

export function oneOf<T extends string | number>(values: readonly T[]): Parser<T> {
  return (raw, path) => check(raw, path, `one of ${values.join(', ')}`, (v) => (values as readonly unknown[]).includes(v));
}

export function optional<T>(parse: Parser<T>): Parser<T | undefined> {
  return (raw, path) => raw === undefined ? undefined : parse(raw, path);
}

export function list<T>(parse: Parser<T>): Parser<readonly T[]> {
  return (raw, path) => check<unknown[]>(raw, path, 'a list', Array.isArray).map((item, index) => parse(item, `${path}[${index}]`));
}

export function record<T>(parse: Parser<T>): Parser<Readonly<Record<string, T>>> {
  return (raw, path) => Object.fromEntries(
    Object.entries(check<object>(raw, path, 'an object', isObject)).map(([key, value]) => [key, parse(value, `${path}.${key}`)]),
  );
}

/** An object with exactly these keys; one key too many is as wrong as one too few. */
export function object<T>(shape: Shape<T>): Parser<T> {
  return (raw, path) => {
    const source = check<Record<string, unknown>>(raw, path, 'an object', isObject);
    const unknown = Object.keys(source).find((key) => !(key in shape));
    if (unknown !== undefined) throw new ConfigError(`${path}.${unknown}`, 'unknown key');
    const keys = Object.keys(shape) as (keyof T & string)[];
    const parsed = keys.map((key) => [key, shape[key](source[key], `${path}.${key}`)] as const).filter(([, value]) => value !== undefined);
    return Object.fromEntries(parsed) as T;
  };
}

/** A tagged union: the tag picks the parser. A tag without a parser is a compile error. */
export function union<Tag extends string, U extends { readonly [K in Tag]: string }>(
  tag: Tag,
  parsers: { readonly [K in U[Tag]]: Parser<Extract<U, { readonly [T in Tag]: K }>> },
): Parser<U> {
  const tags = Object.keys(parsers) as U[Tag][];
  return (raw, path) => {
    const source = check<Record<string, unknown>>(raw, path, 'an object', isObject);
    const chosen = oneOf(tags)(source[tag], `${path}.${tag}`);
    return (parsers[chosen] as Parser<U>)(raw, path);
  };
}
