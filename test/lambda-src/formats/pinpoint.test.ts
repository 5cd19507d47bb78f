import { ARRIVED, fixture, readAll, readOne } from '../support/formats';

const read = (body: unknown) => readAll('pinpoint', body);
const ITEM = fixture('pinpoint/endpoint-batch-item.json');
const CHANGE = {
  kind: 'profile', userId: 'example_user_1', at: ARRIVED.at, userAttributes: { FirstName: ['Richard'] },
  endpoints: [{
    id: 'example_endpoint_1', channel: 'EMAIL', address: 'richard.roe@example.com', optOut: 'NONE', status: 'ACTIVE',
    attributes: { Interests: ['Music', 'Books'], Cleared: [] }, metrics: { music_interest_level: 3 },
    demographic: { AppVersion: '1.0', Timezone: 'America/Los_Angeles' }, location: { City: 'Seattle', Country: 'US', Latitude: 47.61, Longitude: -122.33 },
  }],
};

test('an EndpointBatchItem', () => {
  expect(read(ITEM)).toEqual([[CHANGE]]);
});

test('an EndpointBatchRequest: a message each; bare user attributes are lists of one', () => {
  const second = { userId: 'example_user_2', endpoints: [{ id: 'example_endpoint_2', channel: 'SMS' }], userAttributes: { FirstName: ['Mary'], LastName: ['Major'] } };
  const request = fixture('pinpoint/endpoint-batch-request.json');
  expect(read(request)).toMatchObject([[CHANGE], [second]]);
  expect(read({ EndpointBatchRequest: request })).toMatchObject([[CHANGE], [second]]);
});

const native = { AppPackageName: 'com.example.shop', Session: { Id: 's1', StartTimestamp: '2026-11-23T09:59:00.000Z' } };
const eventOf = (id: string, type: string, endpointId?: string) => ({
  kind: 'event', userId: 'example_user_1', id, type, at: '2026-11-23T10:00:00.000Z', attributes: { item: 'Hat' }, metrics: { price: 12.5 }, native,
  carrier: { kind: 'profile', endpoints: [{ id: endpointId, address: 'richard.roe@example.com', attributes: { Interests: ['Music'] } }] },
});

test('an entry of BatchItem: the endpoint travels with each of its events', () => {
  expect(read(fixture('pinpoint/events-batch-entry.json'))).toMatchObject(
    [[eventOf('event-1', 'custom.purchase', 'example_endpoint_1'), eventOf('event-2', 'custom.view', 'example_endpoint_1')]]);
});

test('an EventsBatch alone: its endpoint follows from user and channel, or from the Id beside', () => {
  const batch = fixture('pinpoint/events-batch.json');
  expect(read(batch)).toMatchObject([[eventOf('event-1', 'custom.purchase', undefined), eventOf('event-2', 'custom.view', undefined)]]);
  expect(read({ Id: 'e9', ...batch })).toMatchObject([[eventOf('event-1', 'custom.purchase', 'e9'), eventOf('event-2', 'custom.view', 'e9')]]);
});

test('an EventsRequest: a message per endpoint', () => {
  const request = fixture('pinpoint/events-request.json');
  const expected = [[{ id: 'event-1' }, { id: 'event-2' }], [{ id: 'event-3', userId: undefined, carrier: { endpoints: [{ id: 'example_endpoint_2' }] } }]];
  expect(read(request)).toMatchObject(expected);
  expect(read({ EventsRequest: request })).toMatchObject(expected);
});

test('an EventsRequest without events updates its endpoints', () => {
  expect(read(fixture('pinpoint/endpoint-update-by-events.json'))).toMatchObject(
    [[{ kind: 'profile', userId: 'example_user_1', endpoints: [{ id: 'example_endpoint_1', address: 'new@example.com' }] }]]);
});

test('an endpoint without Id follows from user and channel', () => {
  expect(read({ ChannelType: 'EMAIL', Address: 'a@example.com', User: { UserId: 'u1' } })).toMatchObject([[{ userId: 'u1', endpoints: [{ id: undefined, channel: 'EMAIL' }] }]]);
});

test('a bad entry doesn\'t touch its neighbours', () => {
  const good = fixture('pinpoint/events-batch.json');
  expect(read({ BatchItem: { e1: good, e2: 5, e3: { Events: { i: {} } } } })).toMatchObject([[{ id: 'event-1' }, { id: 'event-2' }], 'NotAnEndpoint', 'MissingEvent']);
});

test.each<[string, unknown, string]>([
  ['nothing', {}, 'NotAnEndpoint'],
  ['no Item', { Item: [] }, 'NotAnEndpoint'],
  ['no BatchItem', { BatchItem: {} }, 'NotAnEndpoint'],
  ['an id of something else', { Id: 'job', JobStatus: 'CREATED' }, 'NotAnEndpoint'],
  ['no Id, no user', { ChannelType: 'EMAIL', Address: 'a@example.com' }, 'MissingEndpointId'],
  ['no Id, no channel', { User: { UserId: 'u1' } }, 'MissingEndpointId'],
  ['another ChannelType', { ...ITEM, ChannelType: 'PUSH' }, 'InvalidMember'],
  ['another OptOut', { ...ITEM, OptOut: 'all' }, 'InvalidMember'],
  ['another EndpointStatus', { ...ITEM, EndpointStatus: 1 }, 'InvalidMember'],
  ['a metric as text', { ...ITEM, Metrics: { a: '1' } }, 'InvalidMember'],
  ['a metric without value', { ...ITEM, Metrics: { a: null } }, 'InvalidMember'],
  ['a rounded id', JSON.parse('{"Id":7346244611012968789,"Address":"a"}'), 'InvalidId'],
  ['a rounded user id', JSON.parse('{"Id":"e","User":{"UserId":7346244611012968789}}'), 'InvalidId'],
  ['an event without type', { e: { Endpoint: {}, Events: { i: { Timestamp: '2026-11-23T10:00:00Z' } } } }, 'MissingEvent'],
  ['an event that is no object', { e: { Endpoint: {}, Events: { i: 5 } } }, 'MissingEvent'],
  ['an event metric as text', { e: { Events: { i: { EventType: 't', Metrics: { a: '1' } } } } }, 'InvalidMember'],
])('%s is refused', (_, body, code) => {
  expect(read(body)).toEqual([code]);
});

test('an event without a usable timestamp gets the arrival\'s, counted', () => {
  const { messages, cuts } = readOne('pinpoint', { e: { Events: { i: { EventType: 't', Timestamp: 'soon' } } } });
  expect(messages).toMatchObject([{ at: ARRIVED.at }]);
  expect(cuts).toEqual(['InvalidTimestamp']);
});

test('members of Location and Demographic that the service does not have are counted, not passed on', () => {
  const { messages, cuts } = readOne('pinpoint', JSON.parse('{"Id":"e","Location":{"City":"Rome","Planet":"Mars","constructor":"x"},"Demographic":{"Make":"a","__proto__":"b"}}'));
  expect(messages).toMatchObject([{ endpoints: [{ location: { City: 'Rome' }, demographic: { Make: 'a' } }] }]);
  expect(cuts).toEqual(['UnknownMember', 'UnknownMember', 'UnknownMember']);
});

test('names that mean something to JavaScript are names', () => {
  const [[change]] = read(JSON.parse('{"Id":"e","Attributes":{"__proto__":["p"],"constructor":"c"},"Metrics":{"__proto__":1}}')) as any[][];
  expect(Object.entries(change.endpoints[0].attributes)).toEqual([['__proto__', ['p']], ['constructor', ['c']]]);
  expect(Object.entries(change.endpoints[0].metrics)).toEqual([['__proto__', 1]]);
  expect(readAll('pinpoint', JSON.parse('{"__proto__":{"Events":{"i":{"EventType":"t"}}}}'))).toMatchObject([[{ carrier: { endpoints: [{ id: '__proto__' }] } }]]);
});

test('attributes of a user that nobody names are counted, not passed over', () => {
  expect(readOne('pinpoint', { Id: 'e', User: { UserAttributes: { plan: ['gold'] } } }).cuts).toEqual(['MissingUserId']);
  expect(readOne('pinpoint', { Id: 'e', User: { UserId: 'u', UserAttributes: { plan: ['gold'] } } }).cuts).toEqual([]);
  expect(readOne('pinpoint', { Id: 'e', User: {} }).cuts).toEqual([]);
});
