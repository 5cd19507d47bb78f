import { createHmac } from 'node:crypto';
import { CdpAccount, CdpAnswer, CdpApi, CdpRequest, isJsonType, refused, textAt } from './api';
import { HttpDestinationConfig } from '../../src/contract/cdp-destination';

/** A signature that is older may have been recorded and sent again by somebody. */
const SIGNATURE_AGE_S = 300;

/** Somebody's own endpoint: it checks what the construct promises to send. */
export const webhook: CdpApi<HttpDestinationConfig> = {
  serves: ({ path }, { config }) => path === new URL(config.url).pathname,
  authorized: (request, account) => hasHeader(request, account) && isSigned(request, account),
  take,
};

function hasHeader({ headers }: CdpRequest, { config, secretOf }: CdpAccount<HttpDestinationConfig>): boolean {
  if (!config.secretHeader) return true;
  return headers[config.secretHeader.name.toLowerCase()] === secretOf(config.secretHeader.secret);
}

/** `x-cdp-signature: t=<seconds>,v1=<hex>`: HMAC-SHA256 of `<seconds>.<body>`. */
function isSigned({ headers, body }: CdpRequest, { config, secretOf }: CdpAccount<HttpDestinationConfig>): boolean {
  if (!config.signingSecret) return true;
  const [, seconds = '', signature] = /^t=(\d+),v1=([\da-f]{64})$/.exec(headers['x-cdp-signature'] ?? '') ?? [];
  if (Math.abs(Date.now() / 1000 - Number(seconds)) > SIGNATURE_AGE_S) return false;
  return signature === createHmac('sha256', secretOf(config.signingSecret) ?? '').update(`${seconds}.`).update(body).digest('hex');
}

function take(request: CdpRequest, { config }: CdpAccount<HttpDestinationConfig>): CdpAnswer {
  if (request.method !== 'POST') return refused(405, { message: 'only POST' });
  if (!isJsonType(request) || request.json === undefined) return refused(400, { message: 'malformed JSON' });
  const missing = Object.entries(config.headers ?? {}).find(([name, value]) => request.headers[name.toLowerCase()] !== value);
  if (missing) return refused(400, { message: `the header ${missing[0]} is missing` });
  const events: unknown[] = eventsIn(request.json);
  if (events.length > config.maxBatchSize) return refused(413, { message: `more than ${config.maxBatchSize} events` });
  // In the neutral event `messageId` is the e-mail's: several events have the same.
  const messages = events.map((content) => ({ id: textAt(content, 'id') ?? textAt(content, 'messageId'), content }));
  return { status: 200, body: { received: events.length }, messages };
}

/** A list, a list under `events`, or one event. */
function eventsIn(json: unknown): unknown[] {
  if (Array.isArray(json)) return json;
  const { events } = json as { readonly events?: unknown };
  return Array.isArray(events) ? events : [json];
}
