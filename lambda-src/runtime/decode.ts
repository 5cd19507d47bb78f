import { isUtf8 } from 'node:buffer';

/**
 * One message of a record, or the part of it that can't be read. `text` is what the CDP wrote, where it stands alone: a dead letter
 * keeps it as it was, since JSON.parse loses digits of integers above 2^53, which some CDPs use as ids.
 */
export type Decoded = { readonly body: unknown; readonly text?: string } | { readonly code: string; readonly reason: string; readonly raw: Buffer };

const bad = (code: string, reason: string, raw: Buffer): Decoded[] => [{ code, reason, raw }];

/** A record's data is one JSON message, a JSON array of messages, or newline-delimited JSON. */
export function decodeData(base64: string): Decoded[] {
  const bytes = Buffer.from(base64, 'base64');
  if (!isUtf8(bytes)) return bad('NotUtf8', 'the record is not UTF-8 text', bytes);
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
  if (text.trim() === '') return bad('EmptyRecord', 'the record holds nothing', bytes);
  const whole = parse(text);
  if (whole === undefined) return lines(text);
  if (!Array.isArray(whole.value)) return [{ body: whole.value, text }];
  return whole.value.length > 0 ? whole.value.map((body) => ({ body })) : bad('EmptyRecord', 'the array is empty', bytes);
}

function lines(text: string): Decoded[] {
  return text.split(/\r?\n/).filter((line) => line.trim() !== '').map((line) => {
    const parsed = parse(line);
    return parsed ? { body: parsed.value, text: line } : { code: 'NotJson', reason: 'not JSON', raw: Buffer.from(line) };
  });
}

function parse(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
