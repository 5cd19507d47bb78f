import * as fc from 'fast-check';
import { Synced } from './sync';
import { MPARTICLE_EVENTS } from '../../../lambda-src/formats/mparticle-events';
import type { CdpFormatKind } from '../../../src/contract/cdp-format';

const NAMES = [
  'type', 'userId', 'anonymousId', 'event', 'properties', 'traits', 'context', 'device', 'token', 'batch', 'groupId', 'messageId', 'timestamp', 'email', 'phone',
  'address', 'city', 'country', 'locale', 'unsubscribed', 'name', 'Id', 'Item', 'BatchItem', 'Endpoint', 'Events', 'EventType', 'Timestamp', 'User', 'UserId',
  'UserAttributes', 'Attributes', 'Metrics', 'Location', 'Latitude', 'Demographic', 'Make', 'OptOut', 'ChannelType', 'Address', 'Session', 'AppTitle', 'EndpointStatus',
  '__proto__', 'constructor', 'toString', '', '.', '..', '${x}', 'a#b', 'x'.repeat(51), 'EventsRequest',
  'events', 'event_type', 'data', 'user_identities', 'customer_id', 'mpid', 'user_attributes', 'deleted_user_attributes', 'consent_state', 'identity_type', 'event_name',
  'tealium_event', 'tealium_visitor_id', 'shared', 'email_address', 'specversion', 'source', 'id', 'data_base64', 'mergeProperties', 'audience_key',
];
const VALUES = [
  'identify', 'track', 'page', 'group', 'alias', 'delete', 'u1', 'U1', 'a@example.com', '+12065550100', 'EMAIL', 'SMS', 'ALL', 'NONE', 'ACTIVE', 'ios', 'true',
  '2026-11-23T10:00:00Z', 'US', '__proto__', 'constructor', '..', '', '\ud800', 'x'.repeat(300), 1e308, 7346244611012968789, -0, 0.1, true, false, null,
];

export const json = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 6, withCrossShrink: true }, fc.constantFrom<unknown>(...VALUES), fc.string({ unit: 'binary', maxLength: 5 }), tie('object'), tie('object'), tie('array')),
  array: fc.array(tie('value'), { maxLength: 4 }),
  object: fc.array(fc.tuple(fc.oneof(fc.constantFrom(...NAMES), fc.string({ maxLength: 5 })), tie('value')), { maxLength: 6 })
    .map((entries) => JSON.parse(`{${entries.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`) as unknown),
})).value;

/** Messages that are right but for some members. */
export const SHAPES: Readonly<Record<Exclude<CdpFormatKind, 'function'>, fc.Arbitrary<unknown>>> = {
  segment: fc.record({
    type: fc.constantFrom('identify', 'track', 'page', 'group', 'delete'), userId: fc.constantFrom<unknown>('u1', 'u2', 'U1', '..', 5), event: json, groupId: json,
    traits: json, properties: json, context: json, messageId: json, timestamp: json,
  }),
  rudderstack: fc.record({
    type: fc.constantFrom('identify', 'track', 'screen', 'merge', 'alias'), userId: fc.constantFrom<unknown>('u1', '', null), anonymousId: fc.constantFrom<unknown>('a1', {}),
    event: fc.constantFrom<unknown>('Audience Entered', 'x', null), properties: json, context: fc.record({ traits: json, device: json }), mergeProperties: json,
  }),
  mparticle: fc.record({
    user_identities: fc.oneof(fc.record({ customer_id: fc.constantFrom<unknown>('u1', 'u2', 7, null), email: json }), fc.array(fc.record({ identity_type: json, identity: json }), { maxLength: 3 })),
    mpid: fc.constantFrom<unknown>('-5', 5, 7346244611012968789, null), user_attributes: json, deleted_user_attributes: json, consent_state: json, device_info: json,
    events: fc.oneof({ weight: 4, arbitrary: fc.array(fc.record({ event_type: fc.constantFrom<unknown>(...Object.keys(MPARTICLE_EVENTS), 'other', 5), data: json }), { maxLength: 4 }) }, { weight: 1, arbitrary: json }),
  }),
  tealium: fc.oneof(
    fc.record({ tealium_event: json, tealium_visitor_id: fc.constantFrom<unknown>('v1', '__a_main__7_u1__', 5, {}), email_address: json, customer_city: json, x: json }),
    fc.record({ shared: json, events: fc.array(fc.oneof(json, fc.record({ tealium_event: json, user_id: fc.constantFrom('u1', 'u2') })), { maxLength: 4 }) }),
  ),
  cloudevents: fc.record({ specversion: fc.constantFrom<unknown>('1.0', '0.3', 1), id: json, source: fc.constantFrom<unknown>('/s', ''), type: fc.constantFrom<unknown>('t', null), time: json,
    data: fc.oneof(json, fc.constant({ type: 'identify', userId: 'u1' }), fc.constant({ batch: [{ batch: [{}, {}] }, 5] })) }),
  auto: fc.oneof(json, fc.record({ type: fc.constantFrom('identify', 'track'), userId: fc.constantFrom('u1'), traits: json, event: json, events: json, mpid: json, tealium_event: json })),
  pinpoint: fc.oneof(
    fc.record({ Id: fc.constantFrom('e1', 'E1', 'constructor', '__proto__'), User: json, Attributes: json, Location: json, Demographic: json, Address: json, OptOut: fc.constantFrom('ALL', 'NONE') }),
    fc.tuple(fc.constantFrom('e1', 'constructor', 'e2'), json, fc.constantFrom('i1', 'constructor', ''), json, json, json).map(([id, Endpoint, event, Attributes, Session, AppTitle]) =>
      ({ [id]: { Endpoint, Events: { [event]: { EventType: 't', Attributes, Session, AppTitle, Timestamp: '2026-11-23T10:00:00Z' } } } })),
  ),
};

export const lineOf = (value: unknown) => JSON.stringify(value) ?? '';
export type Kind = keyof typeof SHAPES;
export const dataOf = (kind: Kind) => fc.oneof(
  fc.oneof(json, SHAPES[kind]).map(lineOf), fc.array(SHAPES[kind], { maxLength: 4 }).map(lineOf), fc.array(fc.oneof(json, SHAPES[kind]), { maxLength: 4 }).map((lines) => lines.map(lineOf).join('\n')),
  fc.string(), fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
);

/** Every message is done, dropped or a dead letter. */
export function check({ failed, letters, counts }: Synced, records: number): void {
  expect(failed).toBeUndefined();
  expect(counts.Records).toBe(records);
  expect(counts.MessagesReceived).toBeGreaterThanOrEqual(records);
  expect((counts.MessagesAccepted ?? 0) + (counts.MessagesDropped ?? 0) + (counts.MessagesDeadLettered ?? 0)).toBe(counts.MessagesReceived);
  expect(letters).toHaveLength(counts.MessagesDeadLettered ?? 0);
}
