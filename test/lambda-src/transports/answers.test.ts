import { retryAfterMillis, Verdict, verdictOf } from '../../../lambda-src/transports/answers';

test.each<[number, Verdict]>([
  [200, 'done'], [202, 'done'], [204, 'done'], [301, 'config'], [307, 'config'], [400, 'items'], [401, 'auth'], [402, 'items'], [403, 'auth'],
  [404, 'config'], [405, 'config'], [408, 'retry'], [409, 'retry'], [410, 'config'], [413, 'items'], [415, 'items'], [422, 'items'], [423, 'retry'],
  [425, 'retry'], [429, 'retry'], [500, 'retry'], [502, 'retry'], [503, 'retry'], [504, 'retry'], [599, 'retry'],
])('%d is %s', (status, verdict) => {
  expect(verdictOf(status)).toBe(verdict);
});

const NOW = Date.parse('2026-11-23T10:00:00Z');
test.each<[string | null, number | undefined]>([
  ['3', 3_000], [' 0 ', 0], ['1.5', 1_500], ['Mon, 23 Nov 2026 10:00:07 GMT', 7_000], ['Mon, 23 Nov 2026 09:00:00 GMT', 0], ['soon', undefined], ['', undefined], [null, undefined],
])('Retry-After %p: %p ms', (header, millis) => {
  expect(retryAfterMillis(header, NOW)).toBe(millis);
});
