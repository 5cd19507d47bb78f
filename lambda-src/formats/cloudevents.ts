import { isUtf8 } from 'node:buffer';
import { canShare, tooLarge } from './envelope';
import type { Arrival, Format } from './index';
import { isObject, scalar } from '../mapping/values';
import { Rejection } from '../runtime/errors';
import { isoTimestamp } from '../runtime/timestamp';

type Body = Readonly<Record<string, unknown>>;

export const isCloudEvent = (body: Body): boolean =>
  typeof body.specversion === 'string' && typeof body.source === 'string' && typeof body.type === 'string' && typeof body.id === 'string';

/**
 * CloudEvents 1.0 as JSON: the envelope of messages in another vocabulary. A batch is an array of envelopes, which the record's
 * decoding has already taken apart.
 * @see https://github.com/cloudevents/spec/blob/main/cloudevents/formats/json-format.md
 */
export function cloudEvents(inner: Format): Format {
  return {
    parse: inner.parse,
    split: (body) => {
      const messages = isObject(body) && isCloudEvent(body) ? messagesOf(body, inner) : undefined;
      const isEnvelope = messages && messages.length > 1 && canShare(attributesOf(body as Body), messages.length);
      return isEnvelope ? messages.map((data, index) => partOf(body as Body, data, index)) : [body];
    },
    read: (body, arrival, cut) => {
      checkEnvelope(body);
      const data = dataOf(body, inner);
      if (Array.isArray(data) && !canShare(attributesOf(body), data.length)) throw tooLarge();
      const message = Array.isArray(data) && data.length === 1 ? data[0] as unknown : data;
      const [own, ...others] = isObject(message) ? inner.split(message) : [];
      if (others.length > 0) throw new Rejection('NestedBatch', 'the data is a batch in a batch');
      if (!isObject(own)) throw new Rejection('NotAnObject', 'the data of the envelope is not a JSON object');
      return inner.read(own, { id: idOf(body), at: isoTimestamp(body.time) ?? arrival.at }, cut);
    },
  };
}

const attributesOf = ({ data: _, data_base64: __, ...attributes }: Body): Body => attributes;

/** Undefined for what `read` will refuse. */
function messagesOf(body: Body, inner: Format): unknown[] | undefined {
  try {
    const data = dataOf(body, inner);
    return (Array.isArray(data) ? data : [data]).flatMap((message) => [...inner.split(message)]);
  } catch {
    return undefined;
  }
}

/** An envelope of its own for each message, so that it can be put back on the stream by itself. */
function partOf(envelope: Body, data: unknown, index: number): Body {
  return { ...attributesOf(envelope), id: `${envelope.id as string}.${index}`, data };
}

function checkEnvelope(body: Body): void {
  const missing = ['specversion', 'id', 'source', 'type'].find((member) => typeof body[member] !== 'string' || body[member] === '');
  if (missing !== undefined) throw new Rejection('NotACloudEvent', `the envelope has no ${missing}`);
  if (scalar(body.specversion)?.startsWith('1.') !== true) throw new Rejection('UnknownVersion', 'the specversion is not 1.x');
}

/** Source and id together tell events apart. */
const idOf = ({ source, id }: Body): Arrival['id'] => `${source as string}#${id as string}`;

function dataOf(body: Body, { parse = JSON.parse }: Format): unknown {
  if (body.data !== undefined && body.data_base64 !== undefined) throw new Rejection('InvalidData', 'the envelope has both data and data_base64');
  if (typeof body.data_base64 !== 'string') return body.data;
  const bytes = Buffer.from(body.data_base64, 'base64');
  if (!isUtf8(bytes)) throw new Rejection('InvalidData', 'data_base64 is not UTF-8 text');
  try {
    return parse(bytes.toString('utf8'));
  } catch {
    throw new Rejection('InvalidData', 'data_base64 is not JSON');
  }
}
