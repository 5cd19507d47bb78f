import { CdpAnswer, CdpApi, CdpRequest, basicOf, bytesOf, isJsonType, refused, textAt } from './api';
import { CdpMessage } from './inbox';
import { MParticleDestinationConfig } from '../../src/contract/cdp-destination';
import { isObject } from '../template/model';

/** @see https://docs.mparticle.com/developers/apis/http/ and https://docs.mparticle.com/guides/default-service-limits/ */
const PATH = /\/v2\/(events|bulkevents|bulkevents\/historical)$/;
const BATCHES = 100;
/** The smaller reading of a kilobyte, as the documentation does not say which is meant. */
const BATCH_BYTES = 128_000;
const REQUEST_BYTES = 256_000;
const HISTORICAL_MS = 72 * 60 * 60 * 1000;

export const mParticle: CdpApi<MParticleDestinationConfig> = {
  serves: ({ path }) => PATH.test(path),
  authorized: (request, { config: { credentials }, secretOf }) => {
    const [key, secret] = [secretOf({ ...credentials, field: 'key' }), secretOf({ ...credentials, field: 'secret' })];
    return key !== undefined && secret !== undefined && basicOf(request) === `${key}:${secret}`;
  },
  take,
};

function take(request: CdpRequest): CdpAnswer {
  const { path, method, json, body } = request;
  if (method !== 'POST') return refused(405, errors('METHOD_NOT_ALLOWED', 'only POST'));
  if (body.length > REQUEST_BYTES) return refused(400, errors('BAD_REQUEST', `the request is larger than ${REQUEST_BYTES} bytes`));
  if (!isJsonType(request) || json === undefined) return refused(400, errors('BAD_REQUEST', 'malformed JSON'));
  const [, kind = ''] = PATH.exec(path) ?? [];
  const batches: unknown = kind === 'events' ? [json] : json;
  if (!Array.isArray(batches) || batches.length === 0) return refused(400, errors('BAD_REQUEST', 'a list of batches is expected'));
  if (countItems(batches) > BATCHES) return refused(400, errors('BAD_REQUEST', `more than ${BATCHES} batches or events`));
  const flaw = kind === 'events' ? flawOf(batches[0]) : undefined;
  if (flaw !== undefined) return refused(400, errors('BAD_REQUEST', flaw));
  // In bulk, 202 says that the request came in, not that each batch of it is good.
  return { status: 202, messages: batches.flatMap((batch: unknown) => messagesIn(batch, kind.endsWith('historical'))) };
}

/** The documentation speaks of 100 batches in one place, of 100 items of event data in another: whatever is more counts. */
function countItems(batches: readonly unknown[]): number {
  return Math.max(batches.length, batches.reduce<number>((sum, batch) => sum + eventsOf(batch).length, 0));
}

function eventsOf(batch: unknown): unknown[] {
  return isObject(batch) && Array.isArray(batch.events) ? batch.events : [];
}

/** One message an event, with what its batch says of the user. */
function messagesIn(batch: unknown, historical: boolean): CdpMessage[] {
  const events = eventsOf(batch);
  const rest = isObject(batch) ? Object.fromEntries(Object.entries(batch).filter(([key]) => key !== 'events')) : {};
  const flaw = flawOf(batch);
  if (events.length === 0) return [{ id: textAt(batch, 'source_request_id'), content: batch, rejected: flaw }];
  return events.map((event, index) => ({
    id: idOf(event, rest, index),
    content: { ...rest, event },
    rejected: flaw ?? (historical && isRecent(event) ? 'a historical event must be older than 72 hours' : undefined),
  }));
}

/** The event's own id or, since a batch is known by its id, its place in that. */
function idOf(event: unknown, batch: object, index: number): string | undefined {
  const own = isObject(event) ? textAt(event.data, 'source_message_id') : undefined;
  const request = textAt(batch, 'source_request_id');
  return own ?? (request === undefined ? undefined : `${request}#${index}`);
}

function flawOf(batch: unknown): string | undefined {
  if (!isObject(batch)) return 'a batch must be an object';
  if (bytesOf(batch) > BATCH_BYTES) return `a batch is larger than ${BATCH_BYTES} bytes`;
  if (batch.environment !== 'production' && batch.environment !== 'development') return 'environment must be production or development';
  if (eventsOf(batch).some((event) => textAt(event, 'event_type') === undefined)) return 'Required event field "event_type" is missing or empty.';
  const known = [batch.user_identities, batch.device_info].some((one) => isObject(one) && Object.keys(one).length > 0);
  return known || batch.mpid !== undefined ? undefined : 'no identity of a user or device';
}

function isRecent(event: unknown): boolean {
  const at = isObject(event) && isObject(event.data) ? Number(event.data.timestamp_unixtime_ms) : Number.NaN;
  return !(Date.now() - at >= HISTORICAL_MS);
}

function errors(code: string, message: string): object {
  return { errors: [{ code, message }] };
}
