import { ConfigError, Parser } from '../../src/contract/parse';

const steps = (path: string): string[] => path.split(/[.[\]]/).filter((step) => step !== '');

/** A copy of a document with another value at a path. */
export function change(document: unknown, path: string, value: unknown): unknown {
  const copy = JSON.parse(JSON.stringify(document));
  const names = steps(path);
  const last = names.pop()!;
  const parent = names.reduce<any>((object, name) => object[name], copy);
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return copy;
}

/** What a parser has against a document, whose root is called `C`. */
export function errorOf(parse: Parser<unknown>, document: unknown): ConfigError {
  try {
    parse(document, 'C');
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('the document was accepted');
}

/** Each wrong value by itself; a key is a path, and `undefined` leaves the key out. */
export const cases = (bad: Record<string, readonly unknown[]>) =>
  Object.entries(bad).flatMap(([path, values]) => values.map((value) => ({ path, value })));
