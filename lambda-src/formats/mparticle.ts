import { identifier, isObject, scalar } from '../mapping/values';
import type { CdpMessage } from '../model';
import { canShare } from './envelope';
import type { Arrival, Format } from './index';
import { EventUser, MPARTICLE_EVENTS } from './mparticle-events';
import { consentTraits, deviceContext, identitiesOf, userTraits } from './mparticle-user';
import { Rejection } from '../runtime/errors';
import { isoTimestamp } from '../runtime/timestamp';

type Body = Readonly<Record<string, unknown>>;

/** Members of a batch that say something of the user; what a part that holds one event leaves out. */
const PROFILE = ['user_attributes', 'deleted_user_attributes', 'consent_state'] as const;

/** mParticle's own id of a user, a 64-bit integer: as a text it keeps the digits that tell two users apart. */
const LONG_MPID = /("mpid"\s*:\s*)(-?[1-9]\d{15,})(?=\s*[,}])/g;

/**
 * Batches of mParticle's Events API, webhooks and Kinesis output: one user, what is known of them, and what they did.
 * @see https://docs.mparticle.com/developers/apis/json-reference/
 */
export const mParticle: Format = {
  parse: (text) => JSON.parse(text.replace(LONG_MPID, '$1"$2"')),
  split: (body) => isObject(body) && Array.isArray(body.events) && parts(body, body.events) || [body],
  read: (body, arrival, cut) => {
    const events: unknown = body.events ?? [];
    if (!Array.isArray(events)) throw new Rejection('InvalidBatch', 'events is not a list');
    const user = userOf(body, arrival, cut);
    const profile: CdpMessage[] = events.length === 0 || hasProfile(body) ? [{ ...user, kind: 'identify' }] : [];
    return [...profile, ...events.flatMap((event) => eventOf(event, { ...user, traits: user.addresses }, arrival, cut))];
  },
};

const hasProfile = (body: Body): boolean => PROFILE.some((member) => body[member] !== undefined && body[member] !== null);

/**
 * What is known of the user first, then each event, all of them batches: each can be put back on the stream by itself. A batch that says too
 * much with each of its events stays one message.
 */
function parts(body: Body, events: readonly unknown[]): unknown[] | undefined {
  if (events.length === 0 || events.length === 1 && !hasProfile(body)) return undefined;
  const shared = Object.fromEntries(Object.entries(body).filter(([name]) => !(PROFILE as readonly string[]).includes(name)));
  if (!canShare({ ...shared, events: [] }, events.length)) return undefined;
  return [{ ...body, events: [] }, ...events.map((event) => ({ ...shared, events: [event] }))];
}

/** Who is known by mParticle's own id only is anonymous. */
function userOf(body: Body, arrival: Arrival, cut: (reason: string) => void) {
  const identities = identitiesOf(body.user_identities);
  const customerId = identifier(identities.customer_id, 'customer_id');
  const userId = customerId ?? identifier(body.mpid, 'mpid');
  if (userId === undefined) throw new Rejection('MissingUserId', 'the batch has neither a customer_id nor an mpid');
  const raw = body.timestamp_unixtime_ms;
  const at = isoTimestamp(raw);
  if (at === undefined && raw !== undefined && raw !== null) cut('InvalidTimestamp');
  const { traits, addresses } = userTraits(body, identities);
  return { userId, anonymous: customerId === undefined, traits: { ...traits, ...consentTraits(body.consent_state) }, addresses,
    context: deviceContext(body), at: at ?? arrival.at };
}

function eventOf(event: unknown, user: EventUser, arrival: Arrival, cut: (reason: string) => void): CdpMessage[] {
  const type = isObject(event) ? scalar(event.event_type) : undefined;
  if (!isObject(event) || type === undefined) throw new Rejection('MissingType', 'an event needs an event_type');
  if (!Object.hasOwn(MPARTICLE_EVENTS, type)) throw new Rejection('UnknownType', 'the event_type is not one of the JSON reference');
  const data = isObject(event.data) ? event.data : {};
  const at = isoTimestamp(data.timestamp_unixtime_ms);
  if (at === undefined && data.timestamp_unixtime_ms !== undefined && data.timestamp_unixtime_ms !== null) cut('InvalidTimestamp');
  return [MPARTICLE_EVENTS[type](data, { ...user, at: at ?? user.at, id: scalar(data.source_message_id) ?? arrival.id })];
}
