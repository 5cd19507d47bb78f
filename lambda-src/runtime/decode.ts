import { isUtf8 } from 'node:buffer';
import { isObject } from '../mapping/values';

/**
 * One message of a record, or the part of it that can't be read. `text` is what the CDP wrote, where it stands alone: a dead letter
 * keeps it as it was, since JSON.parse loses digits of integers above 2^53, which some CDPs use as ids.
 */
export type Decoded = { readonly body: unknown; readonly text?: string } | { readonly code: string; readonly reason: string; readonly raw: Buffer };

const bad = (code: string, reason: string, base64: string): Decoded[] => [{ code, reason, raw: Buffer.from(base64, 'base64') }];

type Parse = (text: string) => unknown;

/** A record's data is one JSON message, a JSON array of messages, or newline-delimited JSON. What holds no message stays whole. */
export function decodeData(base64: string, parseJson: Parse = JSON.parse): Decoded[] {
  const text = textOf(base64);
  // Stands for what is not UTF-8, and is a character of its own too.
  if (text.includes('\ufffd') && !isUtf8(Buffer.from(base64, 'base64'))) return bad('NotUtf8', 'the record is not UTF-8 text', base64);
  const whole = parse(text, parseJson);
  if (whole === undefined && text.trim() === '') return bad('EmptyRecord', 'the record holds nothing', base64);
  if (whole === undefined) return lines(text, parseJson) ?? bad('NotJson', 'neither JSON nor lines of JSON', base64);
  if (!Array.isArray(whole)) return [{ body: whole, text }];
  if (whole.length === 0) return bad('EmptyRecord', 'the array is empty', base64);
  return whole.some(isObject) ? whole.map((body) => ({ body })) : bad('NotAnObject', 'the array holds no message', base64);
}

/** Of one record at a time: to create a buffer takes longer than to fill it. */
let bytes = Buffer.allocUnsafe(64 * 1024);

function textOf(base64: string): string {
  if (base64.length > bytes.length) bytes = Buffer.allocUnsafe(base64.length);
  return withoutMark(bytes.toString('utf8', 0, bytes.write(base64, 'base64')));
}

const withoutMark = (text: string): string => text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;

/** Undefined when no line is a message: then a dead letter of each line would be no use to anybody. */
function lines(text: string, parseJson: Parse): Decoded[] | undefined {
  const decoded = text.split(/\r?\n/).filter((line) => line.trim() !== '').map((line): Decoded => {
    const body = parse(line, parseJson);
    return body === undefined ? { code: 'NotJson', reason: 'not JSON', raw: Buffer.from(line) } : { body, text: line };
  });
  return decoded.some((line) => 'body' in line && isObject(line.body)) ? decoded : undefined;
}

/** Undefined for what is not JSON, which has no such value. */
function parse(text: string, parseJson: Parse): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
