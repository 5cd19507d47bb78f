import { matches, unknownRule } from '../../local/lambda/esm/filter';
import { filterable } from '../../local/lambda/esm/records';
import { Json, JsonObject } from '../../local/template/model';

const record: JsonObject = { partitionKey: 'u1', data: { type: 'track', price: 12.5, tags: ['a', 'b'], user: { id: 'u1', plan: null } } };

test.each<[string, JsonObject, boolean]>([
  ['equals', { data: { type: ['track'] } }, true],
  ['one of several', { data: { type: ['identify', 'track'] } }, true],
  ['not equal', { data: { type: ['identify'] } }, false],
  ['every field must hold', { data: { type: ['track'], price: [1] } }, false],
  ['nested', { data: { user: { id: ['u1'] } } }, true],
  ['null', { data: { user: { plan: [null] } } }, true],
  ['the partition key', { partitionKey: ['u1'] }, true],
  ['a list holds when an element does', { data: { tags: ['b'] } }, true],
  ['prefix', { data: { type: [{ prefix: 'tr' }] } }, true],
  ['suffix', { data: { type: [{ suffix: 'tr' }] } }, false],
  ['equals-ignore-case', { data: { type: [{ 'equals-ignore-case': 'TRACK' }] } }, true],
  ['anything-but', { data: { type: [{ 'anything-but': ['identify', 'page'] }] } }, true],
  ['anything-but that is there', { data: { type: [{ 'anything-but': ['track'] }] } }, false],
  ['anything-but with a prefix', { data: { type: [{ 'anything-but': { prefix: 'tr' } }] } }, false],
  ['anything-but needs the field', { data: { gone: [{ 'anything-but': ['x'] }] } }, false],
  ['exists', { data: { price: [{ exists: true }] } }, true],
  ['does not exist', { data: { gone: [{ exists: false }] } }, true],
  ['numeric range', { data: { price: [{ numeric: ['>', 10, '<=', 12.5] }] } }, true],
  ['numeric is not for texts', { data: { type: [{ numeric: ['>', 0] }] } }, false],
])('%s', (_name, pattern, expected) => {
  expect(unknownRule(pattern)).toBeUndefined();
  expect(matches(pattern, record)).toBe(expected);
});

test.each<[Json, string]>([
  [{ data: { a: [{ cidr: '10.0.0.0/8' }] } }, 'cidr'],
  [{ data: { a: [{ wildcard: '*' }] } }, 'wildcard'],
  [{ data: { $or: [{ a: [1] }] } }, '$or'],
  [{ data: { a: [{ numeric: ['~', 1] }] } }, 'numeric ["~",1]'],
  [{ data: { a: 'bare' } }, 'a value outside a list: "bare"'],
])('%j is not evaluated', (pattern, unknown) => {
  expect(unknownRule(pattern)).toBe(unknown);
});

test('data that is no JSON has no field, so a pattern on it does not match', () => {
  const poison = filterable({ shardId: 's', sequenceNumber: '1', partitionKey: 'k', arrivedAt: 0, data: Buffer.from('{"cut') });
  expect(matches({ data: { type: ['track'] } }, poison)).toBe(false);
  expect(matches({ partitionKey: ['k'] }, poison)).toBe(true);
});
