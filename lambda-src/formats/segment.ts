import { identifier, isObject, scalar, setOwn } from '../mapping/values';
import type { CdpMessage, IdentifyMessage, TrackMessage } from '../model';
import { consentTraits } from './consent';
import { canShare, tooLarge } from './envelope';
import type { Arrival, Format } from './index';
import { Rejection } from '../runtime/errors';
import { isoTimestamp } from '../runtime/timestamp';

type Body = Readonly<Record<string, unknown>>;
type Cut = (reason: string) => void;
export type Read = (body: Body, arrival: Arrival, cut: Cut) => readonly CdpMessage[];

/** A vocabulary of the Segment spec and its readers by message type; a member that only one type has shows the type. */
export function specFormat(readers: Readonly<Record<string, Read>>, spec: string): Format {
  return {
    split: (body) => isObject(body) && isEnvelope(body) && canShare(body.context, body.batch.length)
      ? body.batch.map((message) => inherit(message, body)) : [body],
    read: (body, arrival, cut) => {
      if (isEnvelope(body) && !canShare(body.context, body.batch.length)) throw tooLarge();
      const type = typeOf(body);
      if (!Object.hasOwn(readers, type)) throw new Rejection('UnknownType', `the message type is not one of ${spec}`);
      return readers[type](body, arrival, cut);
    },
  };
}

export const SEGMENT_READERS = {
  identify: (body, arrival, cut) => [identify(body, arrival, cut, traitsOf(body))],
  track: (body, arrival, cut) => {
    const event = scalar(body.event);
    if (event === undefined) throw new Rejection('MissingEvent', 'a track message needs an event name');
    const tracked = track(body, arrival, cut, event, objectOf(body.properties));
    const state = stateOf(event, tracked);
    return state ? [state, tracked] : [tracked];
  },
  page: (body, arrival, cut) => view('page', body, arrival, cut),
  screen: (body, arrival, cut) => view('screen', body, arrival, cut),
  group: (body, arrival, cut) => {
    const groupId = scalar(body.groupId ?? body.group_id);
    if (groupId === undefined) throw new Rejection('MissingGroupId', 'a group message needs a groupId');
    const traits = Object.entries(objectOf(body.traits)).map(([name, value]) => [`Group_${name}`, value] as const);
    return [identify(body, arrival, cut, { ...Object.fromEntries(traits), GroupId: groupId })];
  },
  alias: () => {
    throw new Rejection('AliasNotSupported', 'two ids of one user: the endpoints of the previous id have to be moved by hand');
  },
  delete: (body) => {
    const userId = identifier(body.userId ?? body.user_id, 'userId');
    if (userId === undefined) throw new Rejection('MissingUserId', 'a delete message needs a userId');
    return [{ kind: 'delete', userId }];
  },
} satisfies Record<string, Read>;

/** The Segment spec. @see https://segment.com/docs/connections/spec/ */
export const segment: Format = specFormat(SEGMENT_READERS, 'the Segment spec');

type State = (properties: Body) => Body | undefined;

/**
 * An audience that a user enters or leaves is a trait, as it is in the identify messages of the same audiences: segments select by it.
 * @see https://segment.com/docs/engage/audiences/
 */
const member = (is: boolean): State => ({ audience_key: key }) => scalar(key) === undefined ? undefined : pair(scalar(key)!, is);

/** A computed trait is written in the property that is named as it. @see https://segment.com/docs/engage/using-engage-data/ */
const computed: State = (properties) => {
  const key = scalar(properties.trait_key);
  return key !== undefined && Object.hasOwn(properties, key) ? pair(key, properties[key]) : undefined;
};

/** Events that say how things are with a user from now on, and the traits that they are. What the context says goes with them. */
const STATES: Readonly<Record<string, State>> = {
  'Audience Entered': member(true),
  'Audience Exited': member(false),
  'Trait Computed': computed,
  // @see https://segment.com/docs/connections/spec/email/#unsubscribed
  'Unsubscribed': ({ list_id: list }) => scalar(list) === undefined ? { unsubscribed: true } : { unsubscribedFrom: pair(scalar(list)!, true) },
  // By its name of today and that of older libraries. @see https://segment.com/docs/privacy/consent-management/consent-in-unify/
  'Segment Consent Preference Updated': () => ({}),
  'Segment Consent Preference': () => ({}),
};

function pair(name: string, value: unknown): Body {
  const into: Record<string, unknown> = {};
  setOwn(into, name, value);
  return into;
}

function stateOf(event: string, { userId, anonymous, traits, context, at, properties }: TrackMessage): IdentifyMessage | undefined {
  const state = Object.hasOwn(STATES, event) ? STATES[event](properties) : undefined;
  return state && { kind: 'identify', userId, anonymous, context, at, traits: { ...traits, ...state } };
}

const isEnvelope = (body: Body): body is Body & { readonly batch: readonly unknown[] } => Array.isArray(body.batch) && body.batch.length > 0;

/** Messages of a batch share the envelope's context. */
function inherit(message: unknown, envelope: Body): unknown {
  if (!isObject(message) || !isObject(envelope.context)) return message;
  return { ...message, context: isObject(message.context) ? { ...envelope.context, ...message.context } : envelope.context };
}

/** The type, or what the members show: a call of the tracking API names its type in the path, which a stream does not have. */
function typeOf(body: Body): string {
  const named = scalar(body.type ?? body.action);
  if (named !== undefined) return named.toLowerCase();
  if (body.event !== undefined) return 'track';
  if (body.groupId !== undefined) return 'group';
  if (body.previousId !== undefined) return 'alias';
  if (Array.isArray(body.mergeProperties)) return 'merge';
  if (isObject(body.traits)) return 'identify';
  // A page and a screen carry the user's traits in their context too, and neither can be told from the other.
  if (isObject(objectOf(body.context).traits) && body.properties === undefined && body.name === undefined) return 'identify';
  throw new Rejection('MissingType', 'the message has no type and nothing that shows it');
}

const objectOf = (value: unknown): Body => isObject(value) ? value : {};

function identify(body: Body, arrival: Arrival, cut: Cut, traits: Body): IdentifyMessage {
  const userId = identifier(body.userId ?? body.user_id, 'userId');
  const context = objectOf(body.context);
  return { kind: 'identify', userId: userId ?? anonymousId(body), anonymous: userId === undefined,
    traits: hasConsent(context) ? { ...consentTraits(context, cut), ...traits } : traits, context, at: timestamp(body, arrival, cut) };
}

/** Most messages have none, and their traits are taken as they are. */
const hasConsent = ({ consent, consentManagement, messaging_subscriptions: subscriptions }: Body): boolean =>
  consent !== undefined || consentManagement !== undefined || subscriptions !== undefined;

function anonymousId(body: Body): string {
  const id = identifier(body.anonymousId ?? body.anonymous_id, 'anonymousId');
  if (id === undefined) throw new Rejection('MissingUserId', 'the message has neither a userId nor an anonymousId');
  return id;
}

function timestamp(body: Body, arrival: Arrival, cut: Cut): string {
  const raw = body.timestamp ?? body.originalTimestamp;
  const parsed = isoTimestamp(raw);
  if (parsed === undefined && raw !== undefined && raw !== null) cut('InvalidTimestamp');
  return parsed ?? arrival.at;
}

/** The CDP's own libraries send what they know of the user as `context.traits`; RudderStack's put identify traits there too. */
function traitsOf(body: Body): Body {
  const context = objectOf(body.context);
  return isObject(context.traits) ? { ...context.traits, ...objectOf(body.traits) } : objectOf(body.traits);
}

function track(body: Body, arrival: Arrival, cut: Cut, event: string, properties: Body): TrackMessage {
  const { userId, anonymous, traits, context, at } = identify(body, arrival, cut, objectOf(objectOf(body.context).traits));
  const id = scalar(body.messageId ?? body.message_id) ?? arrival.id;
  return { kind: 'track', userId, anonymous, traits, context, at, id, event, properties };
}

/** A view becomes an event named as its type: an application takes 1,500 event types, far fewer than a site has pages. */
function view(type: 'page' | 'screen', body: Body, arrival: Arrival, cut: Cut): readonly CdpMessage[] {
  const { name, category } = body;
  const named = Object.entries({ name, category }).filter(([, value]) => scalar(value) !== undefined);
  return [track(body, arrival, cut, type, { ...objectOf(body.properties), ...Object.fromEntries(named) })];
}
