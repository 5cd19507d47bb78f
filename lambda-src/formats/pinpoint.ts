import { CHANNELS, Channel, DEMOGRAPHIC_FIELDS, LOCATION_FIELDS } from '../../src/contract/trait-mapping';
import { identifier, isObject, scalar, setOwn, valuesOf } from '../mapping/values';
import type { Attributes, CdpMessage, EndpointPatch, ProfileChange, TrackedEvent } from '../model';
import type { Arrival, Format } from './index';
import { Rejection } from '../runtime/errors';
import { isoTimestamp } from '../runtime/timestamp';

type Body = Readonly<Record<string, unknown>>;
type Cut = (reason: string) => void;

/**
 * Amazon Pinpoint's own shapes: an EndpointBatchItem, an EndpointBatchRequest (`Item`), an EventsRequest (`BatchItem`), or one entry
 * of its BatchItem as `{ "<endpoint id>": { Endpoint, Events } }`.
 * @see https://docs.aws.amazon.com/pinpoint/latest/apireference/apps-application-id-events.html
 */
export const pinpoint: Format = {
  split: (body) => {
    if (!isObject(body)) return [body];
    const request = [body.EventsRequest, body.EndpointBatchRequest].find(isObject) ?? body;
    if (Array.isArray(request.Item) && request.Item.length > 0) return request.Item;
    const batch = isObject(request.BatchItem) ? Object.entries(request.BatchItem) : isBatchItem(request) ? Object.entries(request) : [];
    return batch.length > 0 ? batch.map(([id, item]) => ({ [id]: item })) : [request];
  },
  read: (body, arrival, cut) => {
    if (isEventsBatch(body)) return eventsOf(body.Id, body, arrival, cut);
    if (isBatchItem(body)) return Object.entries(body).flatMap(([id, item]) => eventsOf(id, item, arrival, cut));
    if (!isEndpoint(body)) throw new Rejection('NotAnEndpoint', 'neither an endpoint nor events of one');
    return [endpointChange(body, body.Id, arrival, cut)];
  },
};

/** Whether a message has one of these shapes. */
export function isPinpoint(body: Body): boolean {
  return [body.EventsRequest, body.EndpointBatchRequest, body.BatchItem].some(isObject) || Array.isArray(body.Item)
    || isEventsBatch(body) || isBatchItem(body) || isEndpoint(body);
}

interface EventsBatch extends Body {
  readonly Events: Body;
}

const isEventsBatch = (item: unknown): item is EventsBatch => isObject(item) && isObject(item.Events);

/** A map of endpoint ids to EventsBatch, as in an EventsRequest. */
function isBatchItem(body: Body): body is Readonly<Record<string, EventsBatch>> {
  const items = Object.values(body);
  return items.length > 0 && items.every(isEventsBatch);
}

/** Without events it is a change of the endpoint. */
function eventsOf(id: unknown, item: EventsBatch, arrival: Arrival, cut: Cut): CdpMessage[] {
  const carrier = endpointChange(isObject(item.Endpoint) ? item.Endpoint : {}, id, arrival, cut);
  const events = Object.entries(item.Events).map(([eventId, event]) => trackedEvent(carrier, eventId, event, arrival, cut));
  return events.length > 0 ? events : [carrier];
}

function trackedEvent(carrier: ProfileChange, id: string, event: unknown, arrival: Arrival, cut: Cut): TrackedEvent {
  const type = isObject(event) ? scalar(event.EventType) : undefined;
  if (!isObject(event) || type === undefined) throw new Rejection('MissingEvent', 'an event needs an EventType');
  const { EventType: _, Timestamp, Attributes: attributes, Metrics, ...native } = event;
  const at = isoTimestamp(Timestamp);
  if (at === undefined) cut('InvalidTimestamp');
  const texts = Object.entries(isObject(attributes) ? attributes : {}).map(([name, value]) => [name, valuesOf(value).join(',')] as const);
  return { kind: 'event', userId: carrier.userId, id, type, at: at ?? arrival.at, attributes: Object.fromEntries(texts),
    metrics: numbers(Metrics), endpoints: carrier.endpoints, carrier, native };
}

/** Members of an endpoint that are handed on, and its id. EffectiveDate and RequestId are the service's own affair. */
const MEMBERS: ReadonlySet<string> = new Set([
  'Id', 'Address', 'ChannelType', 'OptOut', 'EndpointStatus', 'Attributes', 'Metrics', 'Location', 'Demographic', 'User',
  'EffectiveDate', 'RequestId',
]);

/** An id alone makes no endpoint: many other things have one. */
function isEndpoint(body: Body): boolean {
  return Object.keys(body).some((member) => member !== 'Id' && MEMBERS.has(member));
}

function endpointChange(body: Body, rawId: unknown, arrival: Arrival, cut: Cut): ProfileChange {
  const id = identifier(rawId, 'the endpoint id');
  for (const member in body) if (!MEMBERS.has(member)) cut('UnknownMember');
  const user = isObject(body.User) ? body.User : {};
  const userId = identifier(user.UserId, 'UserId');
  const channel = channelOf(body.ChannelType);
  if (id === undefined && (userId === undefined || channel === undefined)) {
    throw new Rejection('MissingEndpointId', 'an endpoint needs an Id, or a User.UserId and a ChannelType to derive it from');
  }
  const patch: EndpointPatch = {
    id, channel, address: scalar(body.Address), optOut: choice(body.OptOut, ['ALL', 'NONE'], 'OptOut'),
    status: choice(body.EndpointStatus, ['ACTIVE', 'INACTIVE'], 'EndpointStatus'), attributes: lists(body.Attributes),
    metrics: numbers(body.Metrics), location: members(body.Location, LOCATION_FIELDS, cut),
    demographic: members(body.Demographic, DEMOGRAPHIC_FIELDS, cut),
  };
  const userAttributes = lists(user.UserAttributes);
  if (userId === undefined && Object.keys(userAttributes).length > 0) cut('MissingUserId');
  return { kind: 'profile', userId, endpoints: [patch], userAttributes, at: arrival.at };
}

function channelOf(raw: unknown): Channel | undefined {
  return choice(raw, CHANNELS, 'ChannelType');
}

function choice<T extends string>(raw: unknown, values: readonly T[], member: string): T | undefined {
  if (raw === undefined || raw === null) return undefined;
  const found = values.find((value) => value === raw);
  if (found === undefined) throw new Rejection('InvalidMember', `${member} is not one of ${values.join(', ')}`);
  return found;
}

/** Lists of strings. A bare string is taken as a list of one: the service's own documentation writes user attributes so. */
function lists(raw: unknown): Attributes {
  const into: Attributes = {};
  if (isObject(raw)) for (const [name, value] of Object.entries(raw)) setOwn(into, name, valuesOf(value));
  return into;
}

function numbers(raw: unknown): Record<string, number> {
  const into: Record<string, number> = {};
  if (!isObject(raw)) return into;
  for (const [name, value] of Object.entries(raw)) {
    if (typeof value !== 'number') throw new Rejection('InvalidMember', 'a metric is not a number');
    setOwn(into, name, value);
  }
  return into;
}

/** Location and Demographic: the target checks what their members hold. */
function members<T extends object>(raw: unknown, fields: readonly string[], cut: Cut): T {
  const into: Record<string, string | number> = {};
  for (const [field, value] of Object.entries(isObject(raw) ? raw : {})) {
    const content = typeof value === 'number' ? value : scalar(value);
    if (!fields.includes(field)) cut('UnknownMember');
    else if (content !== undefined) into[field] = content;
  }
  return into as T;
}
