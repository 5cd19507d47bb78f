import { parseRequest } from '../../../lambda-src/redrive/request';

const NOW = new Date('2026-11-23T12:00:00Z');

test.each<[unknown, string, string]>([
  [{ from: '2026-11-23T00:00:00Z', to: '2026-11-23T06:00:00Z' }, '2026-11-23T00:00:00.000Z', '2026-11-23T06:00:00.000Z'],
  [{ from: '2026-11-23T00:00:00Z' }, '2026-11-23T00:00:00.000Z', '2026-11-23T12:00:00.000Z'],
  [{ from: '2026-11-22', to: '2026-11-23' }, '2026-11-22T00:00:00.000Z', '2026-11-23T00:00:00.000Z'],
  [{ from: '2026-11-23T00:00:00+01:00', to: '2026-11-23T00:00:00Z', other: 1 }, '2026-11-22T23:00:00.000Z', '2026-11-23T00:00:00.000Z'],
])('%j', (raw, from, to) => {
  expect(parseRequest(raw, NOW)).toEqual({ from: new Date(from), to: new Date(to) });
});

test.each<[unknown, string]>([
  [undefined, '"from" must be a date'], [null, '"from" must be a date'], ['2026-11-23', '"from" must be a date'], [{}, '"from" must be a date'],
  [{ from: 'yesterday' }, '"from" must be a date'], [{ from: 1_795_428_000 }, '"from" must be a date'], [{ from: '' }, '"from" must be a date'],
  [{ from: '2026-11-23', to: null }, '"to" must be a date'], [{ from: '2026-11-23', to: 'now' }, '"to" must be a date'],
  [{ from: '2026-11-23T06:00:00Z', to: '2026-11-23T06:00:00Z' }, '"from" must be before "to"'], [{ from: '2026-11-24' }, '"from" must be before "to"'],
])('%j is refused', (raw, message) => {
  expect(() => parseRequest(raw, NOW)).toThrow(message);
});
