import { identifier, isObject, scalar, setOwn } from '../mapping/values';
import type { CdpMessage, IdentifyMessage } from '../model';
import { canShare, tooLarge } from './envelope';
import type { Format } from './index';
import { Rejection } from '../runtime/errors';
import { isoTimestamp } from '../runtime/timestamp';

type Body = Readonly<Record<string, unknown>>;

/** The user's own id, by preference. `customer_id` is the name in Tealium's data layers, `user_id` is common besides. */
const USER_IDS = ['user_id', 'customer_id'] as const;

/** Attributes that describe the user, by preference, and the traits that they are. `customer_…` are names of Tealium's own data layers,
 * `email_address` is that of its HTTP API's examples; the others are common, and Tealium documents no name for a telephone number (unconfirmed).
 * @see https://docs.tealium.com/platforms/getting-started-web/data-layer/definitions/publisher/ */
const TRAITS: Readonly<Record<string, readonly string[]>> = {
  email: ['email_address', 'customer_email', 'email'],
  phone: ['phone_number', 'customer_phone', 'phone'],
  firstName: ['first_name', 'customer_first_name'],
  lastName: ['last_name', 'customer_last_name'],
};
const ADDRESS: Readonly<Record<string, readonly string[]>> = {
  city: ['customer_city'], state: ['customer_state'], postalCode: ['customer_postal_code', 'customer_zip'], country: ['customer_country'],
};
const OF_THE_USER: ReadonlySet<string> = new Set([...USER_IDS, ...Object.values(TRAITS).flat(), ...Object.values(ADDRESS).flat()]);

/** A visitor that is known by an attribute: `__ACCOUNT_PROFILE__ATTRIBUTE_VALUE__`. @see https://docs.tealium.com/api/v3/http-api/about/ */
const KNOWN_VISITOR = /^__.+__.+__$/s;

/**
 * When an event happened, by preference: the name that this library itself sends to Tealium, then those of Tealium's libraries for mobile
 * apps, old and new. `timestamp_local` has no zone, and would be taken for UTC.
 * @see https://docs.tealium.com/platforms/android-kotlin/data-layer/#time-collector
 * @see https://docs.tealium.com/platforms/prism-mobile/module-list/timedata/
 */
const TIMES = [
  'event_timestamp', 'timestamp_unix_milliseconds', 'tealium_timestamp_epoch_milliseconds', 'timestamp', 'tealium_timestamp_utc', 'timestamp_unix',
  'tealium_timestamp_epoch',
] as const;

/** What says how an event came in, not what happened. */
const ENVELOPE = /^tealium_|^event_(?:id|timestamp)$|^timestamp(?:_unix(?:_milliseconds)?|_local|_offset)?$/;

/**
 * Events by which a visitor answers the consent manager, and the categories there are. Under `gdpr` what is not listed was not consented
 * to; the lists of `ccpa` are empty whatever was answered.
 * @see https://docs.tealium.com/consent/server-side/event-specs/
 */
const CONSENT_EVENTS: readonly string[] = ['grant_full_consent', 'grant_partial_consent', 'decline_consent'];
const CATEGORIES = [
  'analytics', 'affiliates', 'display_ads', 'search', 'email', 'personalization', 'social', 'big_data', 'misc', 'cookiematch', 'cdp',
  'mobile', 'engagement', 'monitoring', 'crm',
] as const;

/** Flat events of Tealium. @see https://docs.tealium.com/api/v3/http-api/about/ */
export const tealium: Format = {
  split: (body) => isObject(body) && isEnvelope(body) && canShare(body.shared, body.events.length)
    ? body.events.map((event) => isObject(event) && isObject(body.shared) ? { ...body.shared, ...event } : event) : [body],
  read: (body, arrival, cut) => {
    if (isEnvelope(body) && !canShare(body.shared, body.events.length)) throw tooLarge();
    const { userId, anonymous } = userOf(body);
    const time = TIMES.find((name) => body[name] !== undefined && body[name] !== null);
    const raw = time && body[time];
    const at = isoTimestamp(raw);
    if (at === undefined && time !== undefined) cut('InvalidTimestamp');
    const traits = { ...traitsOf(body), ...consentOf(body) };
    const identify: IdentifyMessage = { kind: 'identify', userId, anonymous, traits, context: {}, at: at ?? arrival.at };
    const event = scalar(body.tealium_event);
    const messages: CdpMessage[] = Object.keys(traits).length > 0 ? [identify] : [];
    if (event === undefined && messages.length === 0) throw new Rejection('MissingEvent', 'neither a tealium_event nor an attribute of the user');
    if (event === undefined) return messages;
    return [...messages, { ...identify, kind: 'track', id: scalar(body.event_id) ?? arrival.id, event, properties: propertiesOf(body) }];
  },
};

const isEnvelope = (body: Body): body is Body & { readonly events: readonly unknown[] } => Array.isArray(body.events) && body.events.length > 0;

/** A known visitor's whole id: its value alone could be that of another attribute, and so of another user. */
function userOf(body: Body): { userId: string; anonymous: boolean } {
  for (const name of USER_IDS) {
    const userId = identifier(body[name], name);
    if (userId !== undefined) return { userId, anonymous: false };
  }
  const visitor = identifier(body.tealium_visitor_id, 'tealium_visitor_id');
  if (visitor === undefined) throw new Rejection('MissingUserId', `the event has none of ${USER_IDS.join(', ')}, tealium_visitor_id`);
  return { userId: visitor, anonymous: !KNOWN_VISITOR.test(visitor) };
}

function traitsOf(body: Body): Body {
  const address = pick(body, ADDRESS);
  return { ...pick(body, TRAITS), ...Object.keys(address).length > 0 && { address } };
}

function consentOf({ tealium_event: event, policy, consent_categories: given }: Body): Body {
  if (typeof event !== 'string' || !CONSENT_EVENTS.includes(event) || policy !== 'gdpr' || !Array.isArray(given)) return {};
  const consent: Record<string, unknown> = Object.fromEntries(CATEGORIES.map((category) => [category, false]));
  for (const category of given) if (typeof category === 'string' && category !== '') setOwn(consent, category, true);
  return { consent };
}

/** null clears; what is missing and what is empty says nothing, since a data layer writes `""` for what it does not know. */
function pick(body: Body, names: Readonly<Record<string, readonly string[]>>): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const [trait, sources] of Object.entries(names)) {
    const source = sources.find((name) => body[name] !== undefined && body[name] !== '');
    if (source !== undefined) found[trait] = body[source];
  }
  return found;
}

function propertiesOf(body: Body): Body {
  return Object.fromEntries(Object.entries(body).filter(([name]) => !OF_THE_USER.has(name) && !ENVELOPE.test(name)));
}
