import { CdpRequestRecord } from './inbox';
import { JsonObject, isObject } from '../template/model';

/** What a message says, whatever its vocabulary; for people, not for programs. */
export interface ReceivedMessage {
  readonly event: string;
  readonly user: string;
  readonly about: string;
}

const EVENT_KEYS = ['event', 'event_name', 'tealium_event', 'type', 'DetailType'];
const USER_KEYS = ['userId', 'customer_id', 'user_id', 'anonymousId', 'tealium_visitor_id'];
/** What makes one bounce or click different from another. */
const ABOUT_KEYS = ['bounce_type', 'link_url', 'status', 'campaign_id', 'offer_id', 'segment'];

/** Every message once: only its first arrival counts. */
export function receivedBy(requests: readonly CdpRequestRecord[]): ReceivedMessage[] {
  return requests.flatMap(({ body, messages }) => messagesIn(body)
    .filter((_message, index) => messages[index]?.outcome === 'accepted')
    .map((message) => ({ event: first(message, EVENT_KEYS), user: first(message, USER_KEYS), about: first(message, ABOUT_KEYS) })));
}

/** In the order in which the CDP judged them. */
function messagesIn(body: unknown): unknown[] {
  if (Array.isArray(body)) return body.flatMap((one: unknown) => isObject(one) && Array.isArray(one.events) ? withBatch(one, one.events) : [one]);
  if (!isObject(body)) return [];
  if (Array.isArray(body.batch)) return body.batch;
  return Array.isArray(body.events) ? withBatch(body, body.events) : [body];
}

function withBatch({ events: _, ...batch }: JsonObject, events: readonly unknown[]): unknown[] {
  return events.map((event) => isObject(event) ? { ...event, batch } : event);
}

/** The first of the keys that there is, searched breadth first. */
function first(value: unknown, keys: readonly string[]): string {
  for (const key of keys) {
    const found = find(value, key);
    if (found !== undefined) return found;
  }
  return '';
}

function find(value: unknown, key: string): string | undefined {
  if (!isObject(value)) return undefined;
  const own = value[key];
  if (typeof own === 'string' && own !== '') return own;
  return Object.values(value).map((one) => find(one, key)).find((one) => one !== undefined);
}
