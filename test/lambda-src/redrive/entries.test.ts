import { entriesOfBatch, entriesOfLetters } from '../../../lambda-src/redrive/entries';
import { batch, record } from '../support/records';

const letter = (extra: object = {}) => ({
  version: 1, construct: 'Sync', code: 'c', reason: 'r', at: '2026-11-23T10:00:00.000Z', partitionKey: 'u1', sequenceNumber: '1', payload: '{"a":1}', encoding: 'utf8', ...extra,
});
const lines = (...letters: object[]) => letters.map((one) => `${JSON.stringify(one)}\n`).join('');

test('dead letters, as text and as bytes', () => {
  expect(entriesOfLetters(lines(letter({ payload: 'Zoë "✓"\n' }), letter({ partitionKey: 'u2', payload: '/wD+', encoding: 'base64' })))).toEqual([
    { PartitionKey: 'u1', Data: Buffer.from('Zoë "✓"\n') }, { PartitionKey: 'u2', Data: Buffer.from([0xff, 0x00, 0xfe]) },
  ]);
});

test('a batch that Lambda gave up: the payload as text, and as an object', () => {
  const event = batch({ a: 1 }, Buffer.from([0xff]));
  const expected = [{ PartitionKey: 'key', Data: Buffer.from('{"a":1}') }, { PartitionKey: 'key', Data: Buffer.from([0xff]) }];
  const about = { requestContext: { condition: 'RetryAttemptsExhausted' }, KinesisBatchInfo: { batchSize: 2 }, version: '1.0' };
  expect(entriesOfBatch(JSON.stringify({ ...about, payload: JSON.stringify(event) }))).toEqual(expected);
  expect(entriesOfBatch(JSON.stringify({ ...about, payload: event }))).toEqual(expected);
});

test.each<[string, string]>([
  ['no JSON', 'hello'], ['a line cut short', lines(letter()).slice(0, -10)], ['no object', '5\n'], ['no partition key', lines(letter(), letter({ partitionKey: undefined }))],
  ['an empty partition key', lines(letter({ partitionKey: '' }))], ['a partition key that is too long', lines(letter({ partitionKey: 'x'.repeat(257) }))],
  ['no payload', lines(letter({ payload: undefined }))], ['a payload that is no text', lines(letter({ payload: [1] }))], ['another encoding', lines(letter({ encoding: 'utf16le' }))],
])('not dead letters: %s', (_, content) => {
  expect(() => entriesOfLetters(content)).toThrow();
});

test.each<[string, unknown]>([
  ['no payload', {}], ['a payload that is no event', { payload: '{}' }], ['a payload that is no JSON', { payload: 'x' }], ['null', null],
  ['a record without data', { payload: { Records: [{ kinesis: { partitionKey: 'k' } }] } }],
  ['a record without key', { payload: { Records: [{ ...record('x'), kinesis: { data: 'eA==' } }] } }],
])('not a batch: %s', (_, content) => {
  expect(() => entriesOfBatch(JSON.stringify(content))).toThrow();
});
