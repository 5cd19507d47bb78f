import { checkPattern, matchesPattern } from '../../local/events/pattern';
import { JsonObject } from '../../local/template/model';

const ofKey = (matcher: unknown) => ({ source: ['aws.s3'], detail: { object: { key: [matcher] } } }) as unknown as JsonObject;
const event = (key: string): JsonObject => ({ source: 'aws.s3', detail: { object: { key } } });

test.each([
  ['lists/a.csv', { prefix: 'lists/' }, true],
  ['other/a.csv', { prefix: 'lists/' }, false],
  ['lists/a.csv', { suffix: '.csv' }, true],
  ['lists/a.csv.gz', { suffix: '.csv' }, false],
  ['lists/a.csv', 'lists/a.csv', true],
  ['lists/b.csv', 'lists/a.csv', false],
  ['lists/a.csv', { 'anything-but': { prefix: 'lists/' } }, false],
  ['other/a.csv', { 'anything-but': { prefix: ['lists/', 'state/'] } }, true],
  ['state/a.csv', { 'anything-but': { prefix: ['lists/', 'state/'] } }, false],
  ['a', { 'anything-but': ['a', 'b'] }, false],
  ['c', { 'anything-but': ['a', 'b'] }, true],
  ['lists/2026/a.csv', { wildcard: 'lists/*/a.csv' }, true],
  ['lists/a.csv', { wildcard: 'lists/*/a.csv' }, false],
  ['A', { 'equals-ignore-case': 'a' }, true],
  ['a', { exists: false }, false],
])('%s matches %j: %s', (key, matcher, expected) => {
  expect(() => checkPattern(ofKey(matcher))).not.toThrow();
  expect(matchesPattern(ofKey(matcher), event(key))).toBe(expected);
});

test('another source does not match', () => {
  expect(matchesPattern(ofKey({ prefix: '' }), { ...event('a'), source: 'aws.ec2' })).toBe(false);
});

test.each([
  [ofKey({ numeric: ['>', 1] }), /EventPattern.detail.object.key: .*numeric/],
  [ofKey({ 'anything-but': { cidr: 'x' } }), /anything-but.cidr/],
  [ofKey({ prefix: { 'equals-ignore-case': 'a' } }), /key.prefix: expected a text/],
  [{ $or: [{ source: ['a'] }] } as unknown as JsonObject, /\$or/],
])('%j is refused', (pattern, message) => {
  expect(() => checkPattern(pattern)).toThrow(message);
});
