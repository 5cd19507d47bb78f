import * as fc from 'fast-check';
import type { CdpFormatKind } from '../../../src/contract/cdp-format';
import { Emulated } from '../support/emulated';
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
const SHAPES: Readonly<Record<CdpFormatKind, fc.Arbitrary<unknown>>> = {
  segment: fc.record({
    type: fc.constantFrom('identify', 'track', 'page', 'group', 'delete'), userId: fc.constantFrom<unknown>('u1', 'u2', 'U1', '..', 5), event: json, groupId: json,
    traits: json, properties: json, context: json, messageId: json, timestamp: json,
  }),
  pinpoint: fc.oneof(
    fc.record({ Id: fc.constantFrom('e1', 'E1', 'constructor', '__proto__'), User: json, Attributes: json, Location: json, Demographic: json, Address: json, OptOut: fc.constantFrom('ALL', 'NONE') }),
    fc.tuple(fc.constantFrom('e1', 'constructor', 'e2'), json, fc.constantFrom('i1', 'constructor', ''), json, json, json).map(([id, Endpoint, event, Attributes, Session, AppTitle]) =>
      ({ [id]: { Endpoint, Events: { [event]: { EventType: 't', Attributes, Session, AppTitle, Timestamp: '2026-11-23T10:00:00Z' } } } })),
  ),
};

const lineOf = (value: unknown) => JSON.stringify(value) ?? '';
const dataOf = (kind: CdpFormatKind) => fc.oneof(
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

test.each<[CdpFormatKind, 'batch' | 'events']>([['segment', 'batch'], ['segment', 'events'], ['pinpoint', 'batch'], ['pinpoint', 'events']])(
  'whatever comes as %s is done, dropped or a dead letter (lane of %s)', async (format, endpointWrites) => {
    await fc.assert(fc.asyncProperty(fc.array(dataOf(format), { minLength: 1, maxLength: 6 }), async (records) => {
      pinpoint.reset();
      check(await sync(createTarget({ endpointWrites }), batch(...records), { format }), records.length);
      expect(({} as Record<string, unknown>).EventType).toBeUndefined();
    }), { numRuns: 150 });
  }, 30_000);
