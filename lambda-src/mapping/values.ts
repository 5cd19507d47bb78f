import type { Attributes } from '../model';

/** How deep an object of traits is taken apart; what lies deeper stays JSON text. */
const MAX_DEPTH = 5;

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A scalar as text; undefined when there is none: null, an empty string, nothing. */
export function scalar(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return value === null || value === undefined ? undefined : JSON.stringify(value);
}

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

/** Spreads a trait over attribute names: `address: { street }` becomes `address_street`, since a dot would break message templates. */
export function flatten(into: Attributes, name: string, value: unknown, skip?: (path: string) => boolean, path = name, depth = 0): void {
  if (!isObject(value) || depth >= MAX_DEPTH) return setOwn(into, name, valuesOf(value));
  for (const [key, inner] of Object.entries(value)) {
    const innerPath = `${path}.${key}`;
    if (!skip?.(innerPath)) flatten(into, `${name}_${key}`, inner, skip, innerPath, depth + 1);
  }
}
