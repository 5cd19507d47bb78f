import { attributeValue, putAttribute } from './mparticle-user';
import { CHANNEL_BY_TYPE } from '../mapping/device';
import { isObject, scalar } from '../mapping/values';
import type { CdpMessage, IdentifyMessage } from '../model';
import { Rejection } from '../runtime/errors';

type Body = Readonly<Record<string, unknown>>;

/** Whom an event is about: their addresses as traits, when it happened, and its id. */
export type EventUser = Omit<IdentifyMessage, 'kind'> & { readonly id?: string };
type ReadEvent = (data: Body, user: EventUser) => CdpMessage;

const ignore = (reason: string): ReadEvent => () => ({ kind: 'ignored', reason });
const technical = ignore('TechnicalEvent');

const objectOf = (value: unknown): Body => isObject(value) ? value : {};

function track(event: string, { id = '', ...user }: EventUser, properties: Body): CdpMessage {
  return { ...user, kind: 'track', id, event, properties };
}

function identify({ id: _, ...user }: EventUser, traits: Body): CdpMessage {
  return { ...user, kind: 'identify', traits: { ...user.traits, ...traits } };
}

/** Members with something in them, out of a list of their names. */
function members(data: Body, ...names: readonly string[]): Body {
  return Object.fromEntries(names.filter((name) => data[name] !== undefined && data[name] !== null).map((name) => [name, data[name]]));
}

function named(data: Body, member: string, fallback?: string): string {
  const name = scalar(data[member]) ?? fallback;
  if (name === undefined) throw new Rejection('MissingEvent', `the event has no ${member}`);
  return name;
}

/** Every event type of the JSON reference. @see https://docs.mparticle.com/developers/apis/json-reference/ */
export const MPARTICLE_EVENTS: Readonly<Record<string, ReadEvent>> = {
  custom_event: (data, user) => track(named(data, 'event_name'), user,
    { ...objectOf(data.custom_attributes), ...members(data, 'custom_event_type') }),
  commerce_event: (data, user) => {
    const action = scalar(objectOf(data.product_action).action);
    return track(named(data, 'event_name', action === undefined ? 'commerce_event' : `eCommerce - ${action}`), user,
      { ...objectOf(data.custom_attributes),
        ...members(data, 'custom_event_type', 'currency_code', 'product_action', 'promotion_action', 'product_impressions') });
  },
  // Named as its type, like a view of the Segment spec: an application takes far fewer event types than an app has screens.
  screen_view: (data, user) => {
    const name = scalar(data.screen_name);
    return track('screen', user, { ...objectOf(data.custom_attributes), ...name !== undefined && { name } });
  },
  session_start: (data, user) => track('session_start', user, { ...objectOf(data.custom_attributes), ...members(data, 'session_uuid') }),
  session_end: (data, user) => track('session_end', user,
    { ...objectOf(data.custom_attributes), ...members(data, 'session_uuid', 'session_duration_ms') }),
  push_message: (data, user) => track('push_message', user,
    { ...objectOf(data.custom_attributes),
      ...members(data, 'push_message_type', 'push_message_behavior', 'network', 'application_state', 'action_identifier') }),
  push_registration: pushRegistration,
  opt_out: (data, user) => {
    if (typeof data.is_opted_out !== 'boolean') throw new Rejection('UnknownOptOut', 'is_opted_out is neither true nor false');
    return identify(user, { opt_out: data.is_opted_out });
  },
  user_attribute_change: (data, user) => {
    const traits: Record<string, unknown> = {};
    putAttribute(traits, named(data, 'user_attribute_name'), data.deleted === true ? null : attributeValue(data.new));
    return identify(user, { ...traits, ...user.traits });
  },
  // The batch names the identities that result from it.
  user_identity_change: ignore('IdentityInBatch'),
  application_state_transition: technical,
  breadcrumb: technical,
  crash_report: technical,
  first_run: technical,
  network_performance: technical,
  profile: technical,
  uninstall: technical,
};

/** A token that is given back leaves the endpoint of the device unreachable; without its device's id it can't be told which one. */
function pushRegistration(data: Body, user: EventUser): CdpMessage {
  const device = objectOf(user.context.device);
  const token = scalar(data.registration_token ?? data.push_token ?? device.token);
  if (data.register !== false) {
    if (token === undefined) throw new Rejection('MissingToken', 'the registration has no registration_token');
    return identify({ ...user, context: { ...user.context, device: { ...device, token } } }, {});
  }
  const type = (scalar(device.type) ?? '').toLowerCase();
  if (!Object.hasOwn(CHANNEL_BY_TYPE, type)) throw new Rejection('UnknownDevice', 'the device that gives its token back has no known platform');
  const endpoint = { channel: CHANNEL_BY_TYPE[type], slot: scalar(device.id), address: null };
  return { kind: 'profile', userId: user.userId, endpoints: [endpoint], userAttributes: {}, at: user.at };
}
