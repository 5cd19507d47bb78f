/** A UTF-16 unit takes at most six bytes of JSON, as an escape; a number or a literal fits this, its punctuation included. */
const BYTES_PER_UNIT = 6;
const BYTES_PER_VALUE = 32;

/** An upper bound of a value's size as JSON. Tells cheaply that a limit is far away; what comes near it is measured. */
export function maxBytes(value: unknown): number {
  if (typeof value === 'string') return BYTES_PER_UNIT * value.length + 3;
  if (typeof value !== 'object' || value === null) return BYTES_PER_VALUE;
  let bytes = 3;
  if (Array.isArray(value)) for (const item of value) bytes += maxBytes(item);
  else for (const key in value) bytes += bytesOfMember(key, (value as Record<string, unknown>)[key]);
  return bytes;
}

/** What is undefined is not written. */
const bytesOfMember = (key: string, value: unknown): number => value === undefined ? 0 : BYTES_PER_UNIT * key.length + 4 + maxBytes(value);

/** The size that counts against a limit: the bound where that is enough, the exact one near the limit. */
export function bytesOf(value: object, limit: number): number {
  const bound = maxBytes(value);
  return bound <= limit ? bound : Buffer.byteLength(JSON.stringify(value));
}
