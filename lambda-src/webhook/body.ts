import { isUtf8 } from 'node:buffer';
import { gunzip } from 'node:zlib';
import { binaryEvent, isBinaryEvent } from './cloud-event';
import { elementsOf } from './elements';
import { Refusal, WebhookRequest } from './request';
import { MAX_MESSAGES, parse, textOf, tooMany, Written } from './written';
import { BATCH_CALLS, MESSAGE_CALLS } from '../../src/contract/webhook';
import type { Format } from '../formats';
import { isObject } from '../mapping/values';

const CHARSET = /;\s*charset\s*=\s*"?([\w-]+)"?/i;

export interface BodyOptions {
  /** Of the body as it comes, and when it is decompressed. */
  readonly maxBytes: number;
  /** The messages may be CloudEvents. */
  readonly isEnveloped: boolean;
  /** Reads the ids of its vocabulary as they were written. */
  readonly format: Pick<Format, 'parse'>;
}

/** What a request brings, whole or not at all. */
export async function readBody(request: WebhookRequest, { maxBytes, isEnveloped, format }: BodyOptions): Promise<Written[]> {
  checkCharset(request.headers);
  const bytes = await decompressed(request, maxBytes);
  if (!isUtf8(bytes)) throw new Refusal(400, 'NotUtf8', 'the body is not UTF-8 text');
  const text = withoutMark(bytes);
  const isBinary = isEnveloped && isBinaryEvent(request);
  const written = isBinary ? [binaryEvent(request, text.toString('utf8'), format)] : writtenIn(text, format);
  if (written.length === 0) throw new Refusal(400, 'Empty', 'the body holds no message');
  if (!written.some(({ body }) => isObject(body))) throw new Refusal(400, 'NotAnObject', 'a message is a JSON object');
  return written.map((one) => asTracked(one, request.call));
}

/** The media type itself does not count: RudderStack's SDK for Node.js writes that its JSON is a form. What is in the body does. */
function checkCharset({ 'content-type': type = '' }: WebhookRequest['headers']): void {
  const charset = CHARSET.exec(type)?.[1].toLowerCase() ?? 'utf-8';
  if (!['utf-8', 'utf8', 'us-ascii'].includes(charset)) throw new Refusal(415, 'UnsupportedCharset', 'the body must be in UTF-8');
}

/** A small body can be made to grow a thousandfold: it is given up as soon as it grows beyond the limit. */
async function decompressed({ headers, body }: WebhookRequest, maxOutputLength: number): Promise<Buffer> {
  const encoding = headers['content-encoding']?.trim().toLowerCase() || 'identity';
  if (encoding === 'identity') return body;
  if (encoding !== 'gzip' && encoding !== 'x-gzip') throw new Refusal(415, 'UnsupportedEncoding', 'the body may be compressed by gzip only');
  return new Promise((resolve, reject) => gunzip(body, { maxOutputLength }, (error, plain) => {
    if (!error) resolve(plain);
    else if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') reject(tooLarge(maxOutputLength));
    else reject(new Refusal(400, 'InvalidEncoding', 'the body is not whole gzip'));
  }));
}

export const tooLarge = (maxBytes: number): Refusal => new Refusal(413, 'BodyTooLarge', `a body has at most ${maxBytes} bytes, compressed or not`);

const withoutMark = (bytes: Buffer): Buffer => bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;

function writtenIn(bytes: Buffer, format: Pick<Format, 'parse'>): Written[] {
  const text = bytes.toString('utf8');
  const body = parse(text, format);
  if (!Array.isArray(body)) return [{ body, text }];
  if (body.length > MAX_MESSAGES) throw tooMany();
  const elements = elementsOf(bytes) ?? [];
  return body.map((one: unknown, index) => ({ body: one, text: elements[index].toString('utf8') }));
}

/**
 * A call of the tracking API: its path names the type, and what SDKs write beside the messages (the write key, which is a secret) stays here.
 */
function asTracked(written: Written, call: string): Written {
  const namesType = isOneOf(MESSAGE_CALLS, call);
  if (!namesType && !isOneOf(BATCH_CALLS, call) || !isObject(written.body)) return written;
  const { writeKey, ...rest } = written.body;
  const body = namesType && rest.type === undefined ? { type: call, ...rest } : rest;
  return writeKey === undefined && body === rest ? written : { body, text: textOf(body) };
}

const isOneOf = (calls: readonly string[], call: string): boolean => calls.includes(call);
