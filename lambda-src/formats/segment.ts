import { identifier, isObject, scalar } from '../mapping/values';
import type { CdpMessage, IdentifyMessage, TrackMessage } from '../model';
import type { Arrival, Format } from './index';
import { Rejection } from '../runtime/errors';
import { isoTimestamp } from '../runtime/timestamp';

type Body = Readonly<Record<string, unknown>>;
type Cut = (reason: string) => void;
type Read = (body: Body, arrival: Arrival, cut: Cut) => readonly CdpMessage[];

/** The Segment spec. @see https://segment.com/docs/connections/spec/ */
export const segment: Format = {
  split: (body) => isObject(body) && Array.isArray(body.batch) && body.batch.length > 0
    ? body.batch.map((message) => inherit(message, body)) : [body],
  read: (body, arrival, cut) => {
    const type = typeOf(body);
    if (!Object.hasOwn(READERS, type)) throw new Rejection('UnknownType', 'the message type is not one of the Segment spec');
    return READERS[type as keyof typeof READERS](body, arrival, cut);
  },
};

const READERS = {
  identify: (body, arrival, cut) => [identify(body, arrival, cut, traitsOf(body))],
  track: (body, arrival, cut) => {
    const event = scalar(body.event);
    if (event === undefined) throw new Rejection('MissingEvent', 'a track message needs an event name');
    return [track(body, arrival, cut, event, objectOf(body.properties))];
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

/** Messages of a batch share the envelope's context. */
function inherit(message: unknown, envelope: Body): unknown {
  if (!isObject(message) || !isObject(envelope.context)) return message;
  return { ...message, context: { ...envelope.context, ...objectOf(message.context) } };
}

/** The type, or what the members show: a call of the tracking API names its type in the path, which a stream does not have. */
function typeOf(body: Body): string {
  const named = scalar(body.type ?? body.action);
  if (named !== undefined) return named.toLowerCase();
  if (body.event !== undefined) return 'track';
  if (body.groupId !== undefined) return 'group';
  if (body.previousId !== undefined) return 'alias';
  if (isObject(body.traits)) return 'identify';
  throw new Rejection('MissingType', 'the message has no type and nothing that shows it');
}

const objectOf = (value: unknown): Body => isObject(value) ? value : {};

function identify(body: Body, arrival: Arrival, cut: Cut, traits: Body): IdentifyMessage {
  const userId = identifier(body.userId ?? body.user_id, 'userId');
  return { kind: 'identify', userId: userId ?? anonymousId(body), anonymous: userId === undefined, traits,
    context: objectOf(body.context), at: timestamp(body, arrival, cut) };
}

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
