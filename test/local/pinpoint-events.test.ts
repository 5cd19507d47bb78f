import { Event, EventsBatch, PutEventsCommand } from '@aws-sdk/client-pinpoint';
import { APP_ID, Harness, HarnessOptions, startPinpoint } from './pinpoint-harness';
import { parseFaults } from '../../local/faults';
import { EVENT_LIMITS } from '../../local/services/pinpoint/limits';

let pinpoint: Harness;
const start = async (options: HarnessOptions = {}) => { pinpoint = await startPinpoint(options); };
beforeEach(() => start());
afterEach(() => pinpoint.close());

const repeat = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, index) => make(index));
const text = (length: number) => 'x'.repeat(length);
const event = (extra: Partial<Event> = {}): Event => ({ EventType: 'bought', Timestamp: '2026-11-23T10:00:00.000Z', ...extra });
const put = async (BatchItem: Record<string, EventsBatch>) =>
  (await pinpoint.client.send(new PutEventsCommand({ ApplicationId: APP_ID, EventsRequest: { BatchItem } }))).EventsResponse?.Results;
const putOne = async (one: Event) => (await put({ e: { Endpoint: {}, Events: { i: one } } }))?.e?.EventsItemResponse?.i;
const ACCEPTED = { StatusCode: 202, Message: 'Accepted' };

test('events are kept and their endpoints updated', async () => {
  const bought = event({ Attributes: { item: 'Hat' }, Metrics: { price: 12.5 }, Session: { Id: 's', StartTimestamp: '2026-11-23T10:00:00Z' } });
  const results = await put({ e: { Endpoint: { Address: 'a@example.com', Attributes: { color: ['red'] } }, Events: { i: bought } } });
  expect(results).toEqual({ e: { EndpointItemResponse: ACCEPTED, EventsItemResponse: { i: ACCEPTED } } });
  expect(pinpoint.app.events).toEqual([{ endpointId: 'e', eventId: 'i', event: bought }]);
  expect(pinpoint.app.endpoints.e).toMatchObject({ Attributes: { color: ['red'] }, OptOut: 'NONE' });
});

test('a result per item: a bad one doesn\'t stop the others', async () => {
  const results = await put({
    good: { Endpoint: {}, Events: { a: event(), b: event({ Timestamp: '2026-11-23T10:00:00' }) } },
    bad: { Endpoint: { Attributes: { [text(51)]: ['v'] } }, Events: { c: event() } },
  });
  expect(results).toMatchObject({
    good: { EndpointItemResponse: ACCEPTED, EventsItemResponse: { a: ACCEPTED, b: { StatusCode: 400 } } },
    bad: { EndpointItemResponse: { StatusCode: 400 }, EventsItemResponse: { c: ACCEPTED } },
  });
  expect(pinpoint.app.events.map(({ eventId }) => eventId)).toEqual(['a', 'c']);
  expect(Object.keys(pinpoint.app.endpoints)).toEqual(['good']);
});

const sized = (bytes: number): Event => event({ AppTitle: text(bytes - JSON.stringify(event({ AppTitle: '' })).length) });
const keys = (count: number) => Object.fromEntries(repeat(count, (index) => [`k${index}`, 'v']));

test.each<[string, (extra: number) => Event]>([
  ['bytes per event', (extra) => sized(EVENT_LIMITS.eventBytes + extra)],
  ['attributes and metrics per event', (extra) => event({ Attributes: keys(39 + extra), Metrics: { m: 1 } })],
  ['length of an attribute key', (extra) => event({ Attributes: { [text(50 + extra)]: 'v' } })],
  ['length of a metric key', (extra) => event({ Metrics: { [text(50 + extra)]: 1 } })],
  ['length of a value', (extra) => event({ Attributes: { a: text(200 + extra) } })],
])('%s: n is taken, n + 1 is refused', async (_, make) => {
  expect(await putOne(make(0))).toEqual(ACCEPTED);
  expect(await putOne(make(1))).toMatchObject({ StatusCode: 400 });
  expect(pinpoint.app.events).toHaveLength(1);
});

test.each<[string, number, (index: number) => Partial<Event>]>([
  ['event types', 1500, (index) => ({ EventType: `type${index}` })],
  ['attribute keys', 500, (index) => ({ Attributes: { [`k${index}`]: 'v' } })],
  ['metric keys', 500, (index) => ({ Metrics: { [`k${index}`]: 1 } })],
])('%s per application: n are taken, n + 1 is refused', async (_, count, make) => {
  for (let first = 0; first < count; first += 100) {
    await put({ e: { Endpoint: {}, Events: Object.fromEntries(repeat(100, (index) => [`${first + index}`, event(make(first + index))])) } });
  }
  expect(pinpoint.app.events).toHaveLength(count);
  expect(await putOne(event(make(count)))).toMatchObject({ StatusCode: 400 });
  expect(await putOne(event(make(0)))).toEqual(ACCEPTED);
});

test('events per request: 100 are taken, 101 refused as a whole', async () => {
  const events = (count: number) => Object.fromEntries(repeat(count, (index) => [`${index}`, event()]));
  await expect(put({ e: { Endpoint: {}, Events: events(50) }, f: { Endpoint: {}, Events: events(51) } }))
    .rejects.toMatchObject({ name: 'BadRequestException', message: expect.stringContaining('more than 100 events') });
  expect(pinpoint.app.events).toEqual([]);
  await put({ e: { Endpoint: {}, Events: events(50) }, f: { Endpoint: {}, Events: events(50) } });
  expect(pinpoint.app.events).toHaveLength(100);
});

test('bytes per request', async () => {
  const Events = Object.fromEntries(repeat(5, (index) => [`${index}`, sized(900_000)]));
  await expect(put({ e: { Endpoint: {}, Events } })).rejects.toMatchObject({ name: 'PayloadTooLargeException' });
});

test.each<[string, EventsBatch]>([
  ['e.Events.i.Attributes.item: expected a string', { Endpoint: {}, Events: { i: event({ Attributes: { item: ['Hat'] as unknown as string } }) } }],
  ['e.Events.i.Timestamp: missing required member', { Endpoint: {}, Events: { i: { EventType: 't' } as Event } }],
  ['e.Endpoint: missing required member', { Events: {} } as unknown as EventsBatch],
  ['Session.StartTimestamp: missing required member', { Endpoint: {}, Events: { i: event({ Session: { Id: 's' } as Event['Session'] }) } }],
])('%s', async (message, item) => {
  await expect(put({ e: item })).rejects.toMatchObject({ name: 'BadRequestException', message: expect.stringContaining(message) });
});

describe('injected', () => {
  beforeEach(() => pinpoint.close());
  const twoEvents = { e: { Endpoint: {}, Events: { a: event(), b: event() } } };

  test('an item result is for the first event, which is not kept', async () => {
    await start({ faults: parseFaults('PutEvents:item400') });
    expect((await put(twoEvents))?.e).toMatchObject({ EventsItemResponse: { a: { StatusCode: 400 }, b: ACCEPTED }, EndpointItemResponse: ACCEPTED });
    expect(pinpoint.app.events.map(({ eventId }) => eventId)).toEqual(['b']);
    expect((await put(twoEvents))?.e?.EventsItemResponse?.a).toEqual(ACCEPTED);
  });

  test('an empty answer', async () => {
    await start({ faults: parseFaults('PutEvents:empty') });
    expect(await put(twoEvents)).toBeUndefined();
    expect(pinpoint.app.events).toEqual([]);
  });
});
