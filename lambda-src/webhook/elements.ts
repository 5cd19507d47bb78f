const QUOTE = 0x22, BACKSLASH = 0x5c, COMMA = 0x2c;
const OPEN = new Set([0x5b, 0x7b]), CLOSE = new Set([0x5d, 0x7d]);
const SPACE = new Set([0x20, 0x09, 0x0a, 0x0d]);
const ARRAY = 0x5b;

/**
 * The elements of a JSON array, byte for byte: a signature is made of the bytes of the first, and JSON.parse would round integers
 * above 2^53. Undefined for what is no array, or does not end. It finds the ends of elements only; whether they are JSON, JSON.parse tells.
 */
export function elementsOf(bytes: Buffer, most = Infinity): Buffer[] | undefined {
  const start = skipSpace(bytes, 0);
  if (bytes[start] !== ARRAY) return undefined;
  const elements: Buffer[] = [];
  let from = start + 1;
  let depth = 1;
  for (let at = from; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === QUOTE) at = endOfText(bytes, at);
    else if (OPEN.has(byte)) depth += 1;
    else if (CLOSE.has(byte)) depth -= 1;
    const ends = depth === 0 || depth === 1 && byte === COMMA;
    if (ends) {
      const element = trimmed(bytes, from, at);
      if (element.length > 0 && elements.length < most) elements.push(element);
      from = at + 1;
    }
    if (depth === 0) return skipSpace(bytes, from) === bytes.length ? elements : undefined;
  }
  return undefined;
}

/** Index of the quote that ends a text; the end of everything when none does. */
function endOfText(bytes: Buffer, quote: number): number {
  for (let at = quote + 1; at < bytes.length; at += 1) {
    if (bytes[at] === BACKSLASH) at += 1;
    else if (bytes[at] === QUOTE) return at;
  }
  return bytes.length;
}

function skipSpace(bytes: Buffer, from: number): number {
  let at = from;
  while (SPACE.has(bytes[at])) at += 1;
  return at;
}

function trimmed(bytes: Buffer, from: number, to: number): Buffer {
  let end = to;
  while (end > from && SPACE.has(bytes[end - 1])) end -= 1;
  return bytes.subarray(Math.min(skipSpace(bytes, from), end), end);
}
