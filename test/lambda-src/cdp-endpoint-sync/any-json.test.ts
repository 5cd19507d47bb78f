import * as fc from 'fast-check';
import { createFormat } from '../../../lambda-src/formats';
import { MPARTICLE_EVENTS } from '../../../lambda-src/formats/mparticle-events';
import type { CdpFormatKind } from '../../../src/contract/cdp-format';
import { Emulated } from '../support/emulated';
import { ARRIVED, formatConfig } from '../support/formats';
import { batch } from '../support/records';
import { Synced, sync } from '../support/sync';
import { createTarget } from '../support/target';

const pinpoint = new Emulated();
beforeEach(() => void jest.spyOn(Math, 'random').mockReturnValue(0));
afterEach(() => jest.restoreAllMocks());

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

const json = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 6, withCrossShrink: true }, fc.constantFrom<unknown>(...VALUES), fc.string({ unit: 'binary', maxLength: 5 }), tie('object'), tie('object'), tie('array')),
  array: fc.array(tie('value'), { maxLength: 4 }),
  object: fc.array(fc.tuple(fc.oneof(fc.constantFrom(...NAMES), fc.string({ maxLength: 5 })), tie('value')), { maxLength: 6 })
    .map((entries) => JSON.parse(`{${entries.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`) as unknown),
})).value;

/** Messages that are right but for some members. */
const SHAPES: Readonly<Record<Exclude<CdpFormatKind, 'function'>, fc.Arbitrary<unknown>>> = {
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

const lineOf = (value: unknown) => JSON.stringify(value) ?? '';
type Kind = keyof typeof SHAPES;
const dataOf = (kind: Kind) => fc.oneof(
  fc.oneof(json, SHAPES[kind]).map(lineOf), fc.array(SHAPES[kind], { maxLength: 4 }).map(lineOf), fc.array(fc.oneof(json, SHAPES[kind]), { maxLength: 4 }).map((lines) => lines.map(lineOf).join('\n')),
  fc.string(), fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
);

function check({ failed, letters, counts }: Synced, records: number): void {
  expect(failed).toBeUndefined();
  expect(counts.Records).toBe(records);
  expect(counts.MessagesReceived).toBeGreaterThanOrEqual(records);
  expect((counts.MessagesAccepted ?? 0) + (counts.MessagesDropped ?? 0) + (counts.MessagesDeadLettered ?? 0)).toBe(counts.MessagesReceived);
  expect(letters).toHaveLength(counts.MessagesDeadLettered ?? 0);
}

const LANES = (Object.keys(SHAPES) as Kind[]).flatMap((kind) => [[kind, 'batch'], [kind, 'events']] as const);

test.each<readonly [Kind, 'batch' | 'events']>(LANES)(
  'whatever comes as %s is done, dropped or a dead letter (lane of %s)', async (format, endpointWrites) => {
    await fc.assert(fc.asyncProperty(fc.array(dataOf(format), { minLength: 1, maxLength: 6 }), async (records) => {
      pinpoint.reset();
      check(await sync(createTarget({ endpointWrites }), batch(...records), { format }), records.length);
      expect(({} as Record<string, unknown>).EventType).toBeUndefined();
    }), { numRuns: 150 });
  }, 30_000);

/** Every message of a body that can be read. */
function* readable(kind: Kind, body: unknown) {
  const format = createFormat(formatConfig(kind));
  for (const part of format.split(body)) {
    try {
      yield { part, messages: format.read(part as Record<string, unknown>, ARRIVED, () => undefined) };
    } catch {
      // Refused, with no user.
    }
  }
}

test.each(Object.keys(SHAPES) as Kind[])('a message of %s is about a user that the message itself names', (kind) => {
  fc.assert(fc.property(SHAPES[kind], (body) => {
    for (const { part, messages } of readable(kind, body)) {
      const users = messages.flatMap((message) => 'userId' in message && message.userId !== undefined ? [message.userId] : []);
      expect(new Set(users).size).toBeLessThanOrEqual(1);
      for (const user of users) expect(JSON.stringify(part)).toContain(JSON.stringify(user).slice(1, -1));
    }
  }), { numRuns: 300 });
});
