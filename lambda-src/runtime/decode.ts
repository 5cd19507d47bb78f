import { isUtf8 } from 'node:buffer';
import { isObject } from '../mapping/values';

/**
 * One message of a record, or the part of it that can't be read. `text` is what the CDP wrote, where it stands alone: a dead letter
 * keeps it as it was, since JSON.parse loses digits of integers above 2^53, which some CDPs use as ids.
 */
export type Decoded = { readonly body: unknown; readonly text?: string } | { readonly code: string; readonly reason: string; readonly raw: Buffer };

const bad = (code: string, reason: string, raw: Buffer): Decoded[] => [{ code, reason, raw }];

type Parse = (text: string) => unknown;

/** A record's data is one JSON message, a JSON array of messages, or newline-delimited JSON. What holds no message stays whole. */
export function decodeData(base64: string, parseJson?: Parse): Decoded[] {
  const bytes = Buffer.from(base64, 'base64');
  const text = withoutMark(bytes.toString('utf8'));
  // Stands for what is not UTF-8, and is a character of its own too.
  if (text.includes('\ufffd') && !isUtf8(bytes)) return bad('NotUtf8', 'the record is not UTF-8 text', bytes);
  const whole = parse(text, parseJson);
  if (whole === undefined && text.trim() === '') return bad('EmptyRecord', 'the record holds nothing', bytes);
  if (whole === undefined) return lines(text, parseJson) ?? bad('NotJson', 'neither JSON nor lines of JSON', bytes);
  if (!Array.isArray(whole.value)) return [{ body: whole.value, text }];
  if (whole.value.length === 0) return bad('EmptyRecord', 'the array is empty', bytes);
  return whole.value.some(isObject) ? whole.value.map((body) => ({ body })) : bad('NotAnObject', 'the array holds no message', bytes);
}

const withoutMark = (text: string): string => text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;

/** Undefined when no line is a message: then a dead letter of each line would be no use to anybody. */
function lines(text: string, parseJson?: Parse): Decoded[] | undefined {
  const decoded = text.split(/\r?\n/).filter((line) => line.trim() !== '').map((line): Decoded => {
    const parsed = parse(line, parseJson);
    return parsed ? { body: parsed.value, text: line } : { code: 'NotJson', reason: 'not JSON', raw: Buffer.from(line) };
  });
  return decoded.some((line) => 'body' in line && isObject(line.body)) ? decoded : undefined;
}

function parse(text: string, parseJson?: Parse): { value: unknown } | undefined {
  try {
    return { value: parseJson ? parseJson(text) : JSON.parse(text) };
  } catch {
    return undefined;
  }
}
