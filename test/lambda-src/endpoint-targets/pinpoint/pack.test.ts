import * as fc from 'fast-check';
import { maxBytes, bytesOf } from '../../../../lambda-src/endpoint-targets/pinpoint/bytes';
import { checkEvent } from '../../../../lambda-src/endpoint-targets/pinpoint/event';
import { batchOf, packEndpoints, packEvents } from '../../../../lambda-src/endpoint-targets/pinpoint/pack';
import type { EndpointWork, EventWork } from '../../../../lambda-src/endpoint-targets/pinpoint/stage';

const MB = 1024 * 1024;
const x = (length: number) => 'x'.repeat(length);

const endpointWork = (index: number, bytes = 10): EndpointWork => ({ endpoint: { Id: `e${index}`, Address: x(bytes) }, changes: [index], at: '', said: {} });

function eventWork(index: number, endpointId: string, bytes = 10): EventWork {
  const event = { EventType: 't', Timestamp: '', AppTitle: x(bytes) };
  const endpoint = { Address: `of ${endpointId}` };
  return { endpointId, eventId: `i${index}`, event, endpoint, changes: [index], bytes: checkEvent(event) + maxBytes(endpoint) };
}

test.each([[0, []], [1, [1]], [100, [100]], [101, [100, 1]], [250, [100, 100, 50]]])('%i endpoints', (count, sizes) => {
  const requests = packEndpoints(Array.from({ length: count }, (_, index) => endpointWork(index)));
  expect(requests.map(({ length }) => length)).toEqual(sizes);
});

test('the largest endpoints there are stay within a request', () => {
  const [request] = packEndpoints(Array.from({ length: 100 }, (_, index) => endpointWork(index, 15_300)));
  expect(request).toHaveLength(100);
  expect(Buffer.byteLength(JSON.stringify({ Item: request.map(({ endpoint }) => endpoint) }))).toBeLessThan(7 * MB);
});

test.each([[100, [100]], [101, [100, 1]]])('%i events', (count, sizes) => {
  expect(packEvents(Array.from({ length: count }, (_, index) => eventWork(index, `e${index}`))).map(({ length }) => length)).toEqual(sizes);
});

test('nothing is lost or doubled, each endpoint\'s events keep their order, and no request is too large', () => {
  const work = fc.array(fc.record({ endpoint: fc.constantFrom('a', 'b', 'c', 'constructor', 'toString'), bytes: fc.constantFrom(1, 1000, 160_000, 900_000) }), { maxLength: 250 });
  fc.assert(fc.property(work, (items) => {
    const works = items.map(({ endpoint, bytes }, index) => eventWork(index, endpoint, bytes));
    const requests = packEvents(works);
    const sent = requests.flat();
    expect([...sent].sort((one, other) => one.changes[0] - other.changes[0])).toEqual(works);
    for (const endpoint of new Set(items.map((item) => item.endpoint))) {
      const order = sent.filter(({ endpointId }) => endpointId === endpoint).map(({ changes }) => changes[0]);
      expect(order).toEqual([...order].sort((one, other) => one - other));
    }
    for (const request of requests) {
      const batch = batchOf(request);
      expect(Object.values(batch).reduce((sum, { Events }) => sum + Object.keys(Events!).length, 0)).toBe(request.length);
      expect(request.length).toBeLessThanOrEqual(100);
      expect(Buffer.byteLength(JSON.stringify({ BatchItem: batch }))).toBeLessThanOrEqual(4 * MB);
    }
  }), { numRuns: 20 });
});

test('a request is filled: only the last of one size is not full', () => {
  const requests = packEvents(Array.from({ length: 35 }, (_, index) => eventWork(index, `e${index}`, 400_000)));
  expect(requests.map(({ length }) => length)).toEqual([10, 10, 10, 5]);
});

test('a batch has an entry per endpoint, whatever its id means to JavaScript', () => {
  const works = ['constructor', 'toString', 'e', 'constructor'].map((id, index) => eventWork(index, id));
  expect(Object.entries(batchOf(works)).map(([id, { Endpoint, Events }]) => [id, Endpoint?.Address, Object.keys(Events!)])).toEqual([
    ['constructor', 'of constructor', ['i0', 'i3']], ['toString', 'of toString', ['i1']], ['e', 'of e', ['i2']],
  ]);
});

test('the bound of a size is never below the size', () => {
  fc.assert(fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
    expect(maxBytes(value)).toBeGreaterThanOrEqual(Buffer.byteLength(JSON.stringify(value)));
  }), { numRuns: 500 });
  fc.assert(fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' })), fc.nat(500), (value, limit) => {
    const exact = Buffer.byteLength(JSON.stringify(value));
    expect(bytesOf(value, limit) > limit).toBe(exact > limit);
  }), { numRuns: 500 });
});
