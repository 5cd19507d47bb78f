import fc from 'fast-check';
import { importIdOf, notificationOf } from '../../../lambda-src/segment-import/notification';
import { compareOrder, Order } from '../../../lambda-src/segment-import/order';
import { objectCreated } from '../support/segment-import';

const order = (time: string, key: string, sequencer: string): Order => ({ time, key, sequencer });

test.each<[string, Order, Order]>([
  ['of one key the sequencer decides', order('2026-11-23T10:00:00Z', 'a', '09'), order('2026-11-23T10:00:00Z', 'a', '0A')],
  ['even against the time', order('2026-11-23T10:00:01Z', 'a', '01'), order('2026-11-23T10:00:00Z', 'a', '02')],
  ['the shorter one is padded on its left', order('2026-11-23T10:00:00Z', 'a', 'FF'), order('2026-11-23T10:00:00Z', 'a', '100')],
  ['capitals are no difference', order('2026-11-23T10:00:00Z', 'a', '0a'), order('2026-11-23T10:00:00Z', 'a', '0B')],
  ['of two keys the time decides, not the sequencer', order('2026-11-23T10:00:00Z', 'b', 'ff'), order('2026-11-23T10:00:01Z', 'a', '00')],
  ['in one second the name', order('2026-11-23T10:00:00Z', '2026-11-22', 'ff'), order('2026-11-23T10:00:00Z', '2026-11-23', '00')],
])('%s', (_, older, newer) => {
  expect(compareOrder(older, newer)).toBeLessThan(0);
  expect(compareOrder(newer, older)).toBeGreaterThan(0);
  expect(compareOrder(older, older)).toBe(0);
});

test('exports of one clock are in one order, whatever pair of them is asked', () => {
  const events = fc.uniqueArray(fc.tuple(fc.nat(5), fc.constantFrom('a', 'b', 'c')), { selector: String, minLength: 3, maxLength: 12 });
  fc.assert(fc.property(events, (drawn) => {
    const orders = drawn.map(([second, key]) => order(`2026-11-23T10:00:0${second}Z`, key, (second * 16).toString(16)));
    const sorted = [...orders].sort(compareOrder);
    sorted.forEach((a, i) => sorted.slice(i + 1).forEach((b) => expect(compareOrder(a, b)).toBeLessThan(0)));
  }));
});

describe('a notification', () => {
  test('is read as it comes, its key not decoded', () => {
    expect(notificationOf(objectCreated('segments/VIP+list (März)%20.csv', { 'version-id': 'v1' }))).toEqual({
      bucket: 'lists', key: 'segments/VIP+list (März)%20.csv', etag: 'b1946ac92492d2347c6235b4d2611184', versionId: 'v1', size: 5,
      sequencer: '617f08299329d189', time: '2026-11-23T10:00:00Z',
    });
  });

  const idOf = (object: object, time?: string) => importIdOf(notificationOf(objectCreated('segments/a.csv', { ...object }, time)));

  test('has the same id at each delivery, and another for each write', () => {
    const id = idOf({});
    expect(idOf({})).toBe(id);
    expect(idOf({ size: 7 })).toBe(id);
    expect(new Set([id, idOf({ etag: 'x' }), idOf({ sequencer: '00' }), idOf({ 'version-id': 'v' })]).size).toBe(4);
  });

  test.each([undefined, null, {}, { detail: {} }, { time: 't', detail: { bucket: { name: 'b' }, object: {} } }])('is refused: %j', (event) => {
    expect(() => notificationOf(event)).toThrow('not an "Object Created" event of Amazon S3');
  });
});
