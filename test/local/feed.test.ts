import { UsageError } from '../../local/errors';
import { calls, engagementFeed, feedRecords, userOf } from '../../local/feed';
import { parseMessages } from '../../local/messages';

describe('input files', () => {
  test.each([
    ['an object', '{"userId":"a"}', 1],
    ['an array', '[{"userId":"a"},{"userId":"b"}]', 2],
    ['NDJSON', '{"userId":"a"}\n\n{"userId":"b"}\r\n', 2],
    ['an object over several lines', '{\n "userId": "a"\n}\n', 1],
  ])('%s', (_name, text, count) => {
    expect(parseMessages(text, 'f')).toHaveLength(count);
  });

  test.each([
    ['{"userId":', /^f: line 1: neither a JSON document nor one JSON message a line/],
    ['{"userId":"a"}\nnonsense', /^f: line 2/],
    ['', /^f: holds no message/],
    ['[]', /^f: holds no message/],
    ['[{"userId":"a"},7]', /^f: message 2 is not a JSON object/],
  ])('%j is refused', (text, message) => {
    expect(() => parseMessages(text, 'f')).toThrow(UsageError);
    expect(() => parseMessages(text, 'f')).toThrow(message);
  });
});

describe('partition keys', () => {
  test.each([
    ['segment', { userId: 'u', anonymousId: 'a' }, 'u'],
    ['segment', { anonymousId: 'a' }, 'a'],
    ['segment', { userId: '', anonymousId: 'a' }, 'a'],
    ['segment', { userId: 7 }, '7'],
    ['segment', {}, undefined],
    ['pinpoint', { Id: 'e', User: { UserId: 'u' } }, 'u'],
    ['pinpoint', { Id: 'e' }, 'e'],
    ['pinpoint', { e: { Endpoint: {}, Events: {} } }, 'e'],
  ])('%s %j', (format, value, key) => {
    expect(userOf(value, format)).toBe(key);
  });

  test('the position in the file stands in for a user', () => {
    const records = feedRecords(parseMessages('[{"x":1},{"x":2}]', 'f'), 'segment');
    expect(records.map(({ partitionKey }) => partitionKey)).toEqual(['1', '2']);
  });

  test('engagement records go by their endpoint', () => {
    const [ofAnother] = engagementFeed(parseMessages('[{"application":{"app_id":"file","sdk":{}},"event_type":"x"}]', 'f'), 'own');
    expect(JSON.parse(ofAnother.data.toString())).toEqual({ application: { app_id: 'own', sdk: {} }, event_type: 'x' });
    const records = engagementFeed(parseMessages('[{"client":{"client_id":"e"}},{"event_type":"x"}]', 'f'));
    expect(records.map(({ partitionKey }) => partitionKey)).toEqual(['e', '2']);
  });

  test('what no record can hold is refused', () => {
    const message = { source: 'f:1', data: 'x'.repeat(1024 * 1024), value: {} };
    expect(() => feedRecords([message], 'segment')).toThrow(/f:1: larger than a Kinesis record/);
  });
});

test('calls keep the order and the limits', () => {
  const record = (size: number) => ({ data: Buffer.alloc(size), partitionKey: 'k' });
  expect(calls(Array.from({ length: 250 }, () => record(10))).map((call) => call.length)).toEqual([100, 100, 50]);
  expect(calls(Array.from({ length: 7 }, () => record(1024 * 1024 - 10))).map((call) => call.length)).toEqual([5, 2]);
});
