import { Entry, lettersOf, lettersOfBatch } from '../../../lambda-src/redrive/entries';
import { batch, record } from '../support/records';

const letter = (extra: object = {}) => ({
  version: 1, construct: 'Sync', code: 'c', reason: 'r', at: '2026-11-23T10:00:00.000Z', partitionKey: 'u1', sequenceNumber: '1', payload: '{"a":1}', encoding: 'utf8', ...extra,
});
const entriesOf = (ndjson: string) => lettersOf(ndjson).flatMap(({ entries }): readonly Entry[] => typeof entries === 'string' ? [] : entries);
const ofBatch = (content: string) => lettersOfBatch(content)[0].entries;
const lines = (...letters: object[]) => letters.map((one) => `${JSON.stringify(one)}\n`).join('');

test('dead letters, as text and as bytes', () => {
  expect(entriesOf(lines(letter({ payload: 'Zoë "✓"\n' }), letter({ partitionKey: 'u2', payload: '/wD+', encoding: 'base64' })))).toEqual([
    { PartitionKey: 'u1', Data: Buffer.from('Zoë "✓"\n') }, { PartitionKey: 'u2', Data: Buffer.from([0xff, 0x00, 0xfe]) },
  ]);
});

test('a batch that Lambda gave up: the payload as text, and as an object', () => {
  const event = batch({ a: 1 }, Buffer.from([0xff]));
  const expected = [{ PartitionKey: 'key', Data: Buffer.from('{"a":1}') }, { PartitionKey: 'key', Data: Buffer.from([0xff]) }];
  const about = { requestContext: { condition: 'RetryAttemptsExhausted' }, KinesisBatchInfo: { batchSize: 2 }, version: '1.0' };
  expect(ofBatch(JSON.stringify({ ...about, payload: JSON.stringify(event) }))).toEqual(expected);
  expect(ofBatch(JSON.stringify({ ...about, payload: event }))).toEqual(expected);
});

test.each<[string, string, string]>([
  ['no JSON', 'hello', 'it is no JSON'], ['a line cut short', lines(letter()).slice(0, -10), 'it is no JSON'], ['no object', '5', 'it is no object'],
  ['null', 'null', 'it is no object'], ['no partition key', JSON.stringify(letter({ partitionKey: undefined })), 'it has no partition key'],
  ['no payload', JSON.stringify(letter({ payload: undefined })), 'it has no payload'],
  ['a payload that is no text', JSON.stringify(letter({ payload: [1] })), 'it has no payload'],
  ['another encoding', JSON.stringify(letter({ encoding: 'utf16le' })), 'it has no payload'],
])('a line that is no dead letter costs no other anything: %s', (_, bad, reason) => {
  const content = lines(letter({ partitionKey: 'u1' })) + `${bad}\n` + lines(letter({ partitionKey: 'u2' }));
  expect(entriesOf(content).map(({ PartitionKey }) => PartitionKey)).toEqual(['u1', 'u2']);
  expect(lettersOf(content)[1]).toEqual({ text: bad, entries: reason });
});

test.each(['', 'x'.repeat(300)])('any partition key is read: a queue has no use for it', (partitionKey) => {
  expect(entriesOf(lines(letter({ partitionKey })))).toEqual([{ PartitionKey: partitionKey, Data: Buffer.from('{"a":1}') }]);
});

test.each<[string, unknown]>([
  ['no payload', {}], ['a payload that is no event', { payload: '{}' }], ['a payload that is no JSON', { payload: 'x' }], ['null', null],
  ['a record without data', { payload: { Records: [{ kinesis: { partitionKey: 'k' } }] } }],
  ['a record without key', { payload: { Records: [{ ...record('x'), kinesis: { data: 'eA==' } }] } }],
])('not a batch: %s', (_, content) => {
  expect(ofBatch(JSON.stringify(content))).toEqual(expect.any(String));
});
