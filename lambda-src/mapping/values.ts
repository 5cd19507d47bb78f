import { isObject } from '../../src/contract/parse';
import type { Attributes } from '../model';
import { Rejection } from '../runtime/errors';

/** How deep an object of traits is taken apart; what lies deeper stays JSON text. */
export const MAX_DEPTH = 5;

export { isObject };

/** A scalar as text; undefined when there is none: null, an empty string, nothing. */
export function scalar(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return value === null || value === undefined ? undefined : JSON.stringify(value);
}

/**
 * An id as text; undefined when there is none. What is neither text nor an exact integer is refused: JSON.parse rounds integers above
 * 2^53, so two users would become one, and so they would as `true` or `{}`.
 */
export function identifier(value: unknown, member: string): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'string' && !LONE_SURROGATE.test(value)) return value;
  if (Number.isSafeInteger(value)) return String(value);
  throw new Rejection('InvalidId', `${member} is neither text nor an exact integer`);
}

/** Half a character, which no encoding keeps. */
const LONE_SURROGATE = /\p{Surrogate}/u;

/** A trait as attribute values. A deleted trait (null) and an empty one have no values, which clears the attribute. */
export function valuesOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(scalar).filter((item) => item !== undefined);
  const single = scalar(value);
  return single === undefined ? [] : [single];
}

/** Sets one name of a map that came from outside; `__proto__` would change the map instead. */
export function setOwn<T>(target: Record<string, T>, name: string, value: T): void {
  if (name === '__proto__') Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
  else target[name] = value;
}

/** The same for names that are put together: what another name already became is kept, and the loss is counted. */
export function setFree<T>(target: Record<string, T>, name: string, value: T, cut: (reason: string) => void): void {
  if (Object.hasOwn(target, name)) cut('NameTaken');
  else setOwn(target, name, value);
}

/** The traits that have a rule, by name: `true` for the trait itself, a tree for what lies below it. */
export type PathTree = ReadonlyMap<string, PathTree | true>;

export function pathTree(paths: readonly string[]): PathTree {
  const tree = new Map<string, PathTree | true>(paths.map((path) => [path, true]));
  const nested = paths.filter((path) => path.includes('.'));
  for (const head of new Set(nested.map((path) => path.slice(0, path.indexOf('.'))))) {
    const below = nested.filter((path) => path.startsWith(`${head}.`)).map((path) => path.slice(head.length + 1));
    if (!tree.has(head)) tree.set(head, pathTree(below));
  }
  return tree;
}

/** Spreads a trait over attribute names: `address: { street }` becomes `address_street`, since a dot would break message templates. */
export function flatten(
  into: Attributes, name: string, value: unknown, cut: (reason: string) => void, ruled?: PathTree | true, depth = 0,
): void {
  if (ruled === true) return;
  if (!isObject(value) || depth >= MAX_DEPTH) return setFree(into, name, valuesOf(value), cut);
  for (const key in value) {
    const below = ruled?.get(key);
    if (below !== true) flatten(into, `${name}_${key}`, value[key], cut, below, depth + 1);
  }
}
