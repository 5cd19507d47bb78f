import { Refusal, WebhookRequest } from './request';
import { parse, Written } from './written';
import type { Format } from '../formats';

const PREFIX = 'ce-';

/** Who sends a whole event in the body may repeat its attributes in headers: the media type decides.
 * @see https://github.com/cloudevents/spec/blob/main/cloudevents/bindings/http-protocol-binding.md#3-http-message-mapping */
export const isBinaryEvent = ({ headers }: WebhookRequest): boolean =>
  headers['ce-specversion'] !== undefined && !/^\s*application\/cloudevents/i.test(headers['content-type'] ?? '');

/** A CloudEvent in binary mode has its attributes in headers, and its data alone in the body.
 * @see https://github.com/cloudevents/spec/blob/main/cloudevents/bindings/http-protocol-binding.md#31-binary-content-mode */
export function binaryEvent({ headers }: WebhookRequest, data: string, format: Pick<Format, 'parse'>): Written {
  const { 'content-type': datacontenttype } = headers;
  const named = Object.entries(headers).filter(([name]) => name.startsWith(PREFIX))
    .map(([name, value]) => [name.slice(PREFIX.length), decoded(name, value)]);
  const attributes = { ...Object.fromEntries(named), datacontenttype };
  return { body: { ...attributes, data: parse(data, format) }, text: `${JSON.stringify(attributes).slice(0, -1)},"data":${data}}` };
}

const QUOTED = /^"(.*)"$/s;
const ENCODED = /(?:%[0-9a-f]{2})+/gi;

/** Texts in quotes are of earlier versions of the specification; a percent sign by itself stands for itself. */
function decoded(name: string, value: string): string {
  const plain = QUOTED.exec(value)?.[1]!.replace(/\\(.)/g, '$1') ?? value;
  try {
    return plain.replace(ENCODED, decodeURIComponent);
  } catch {
    throw new Refusal(400, 'InvalidHeader', `the percent-encoding of the header ${name} is not UTF-8`);
  }
}
