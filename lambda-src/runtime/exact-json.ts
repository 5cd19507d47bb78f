import { randomUUID } from 'node:crypto';

/** A text or a number of a JSON document. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/g;

/**
 * JSON.parse, but that a number which would be written otherwise than it came (an integer above 2^53, `1.0`) is a symbol with its digits:
 * neither a text nor an object, so that whoever takes the value apart does it just as with the number.
 */
export function parseExact(text: string): unknown {
  const plain: unknown = JSON.parse(text);
  const mark = randomUUID();
  const marked = text.replace(TOKEN, (token) => token.startsWith('"') || String(Number(token)) === token ? token : `"${mark}${token}"`);
  try {
    return JSON.parse(marked, (_, value: unknown) => typeof value === 'string' && value.startsWith(mark) ? Symbol(value.slice(mark.length)) : value);
  } catch {
    return plain; // Nested too deep to be revived.
  }
}

/** JSON.stringify of what `parseExact` has read. */
export function writeExact(value: unknown): string {
  const mark = randomUUID();
  const marked = JSON.stringify(value, (_, inner: unknown) => typeof inner === 'symbol' ? `${mark}${inner.description}` : inner);
  return marked.replace(new RegExp(`"${mark}([^"]+)"`, 'g'), '$1');
}
