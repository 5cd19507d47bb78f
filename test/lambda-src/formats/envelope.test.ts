import { createSync } from '../../../lambda-src/cdp-endpoint-sync/core';
import { createFormat } from '../../../lambda-src/formats';
import { canShare, MAX_SHARED_BYTES } from '../../../lambda-src/formats/envelope';
import { createMapper } from '../../../lambda-src/mapping';
import type { DeadLetter } from '../../../lambda-src/runtime/dead-letters';
import { parseExact } from '../../../lambda-src/runtime/exact-json';
import { Telemetry } from '../../../lambda-src/runtime/telemetry';
import { mapping } from '../support/mapping';
import { batch } from '../support/records';
import { fakeTarget } from '../support/sync';

/** What an envelope says of all of its messages: a record of 1 MiB could make gigabytes of it. */

async function run(kind: string, record: unknown) {
  const letters: DeadLetter[] = [];
  const target = fakeTarget();
  const format = createFormat((kind === 'cloudevents' ? { kind, inner: { kind: 'segment' } } : { kind }) as never);
  const core = createSync({ instance: 'Sync', format, map: createMapper(mapping()), target, deadLetters: { write: async (written) => void letters.push(...written) } });
  const { batchItemFailures } = await core(batch(record, { type: 'identify', userId: 'next', traits: { email: 'n@example.com' } }), Date.now() + 60_000, new Telemetry('Sync'));
  return { failures: batchItemFailures.length, letters, users: target.seen.map(({ change }) => change.userId) };
}

const LONG = 'x'.repeat(500_000);
const MANY = Array.from({ length: 50_000 }, () => ({}));
const KEYS = Object.fromEntries(Array.from({ length: 20_000 }, (_, n) => [`k${n}`, 1]));
const TRACKS = Array.from({ length: 10_000 }, () => ({ type: 'track', userId: 'ana', event: 'e', context: { own: 1 } }));

test.each<[string, string, object, string]>([
  ['a long context', 'segment', { context: { x: LONG }, batch: MANY }, 'EnvelopeTooLarge'],
  ['a context of many members', 'segment', { context: KEYS, batch: TRACKS }, 'EnvelopeTooLarge'],
  ['the same, recognized', 'auto', { context: KEYS, batch: TRACKS }, 'EnvelopeTooLarge'],
  ['shared attributes', 'tealium', { shared: { x: LONG }, events: MANY }, 'EnvelopeTooLarge'],
  ['attributes of a CloudEvent', 'cloudevents', { specversion: '1.0', id: '1', source: 's', type: 't', ext: LONG, data: MANY }, 'EnvelopeTooLarge'],
  ['attributes around a batch', 'cloudevents', { specversion: '1.0', id: '1', source: 's', type: 't', ext: LONG, data: { batch: MANY } }, 'NestedBatch'],
  ['members of a batch of mParticle, which stays one message', 'mparticle', { user_identities: { customer_id: 'ana' }, ip: LONG, events: MANY }, 'MissingType'],
])('%s: one dead letter with the whole record, and the shard goes on', async (_, kind, record, code) => {
  const { failures, letters, users } = await run(kind, record);
  expect({ failures, codes: letters[0].code, count: letters.filter(({ payload }) => payload.length > 1_000).length }).toEqual({ failures: 0, codes: code, count: 1 });
  expect(letters[0].payload).toBe(JSON.stringify(record));
  if (kind === 'segment') expect(users).toEqual(['next']);
});

test('at the limit, and a byte more; what is no object is not shared', () => {
  const sharedOf = (bytes: number) => ({ x: 'x'.repeat(bytes - '{"x":""}'.length) });
  const most = MAX_SHARED_BYTES / 1_024;
  expect([canShare(sharedOf(most), 1_024), canShare(sharedOf(most + 1), 1_024), canShare(sharedOf(most + 1), 1)]).toEqual([true, false, true]);
  expect([undefined, null, 1, LONG, Symbol('1')].map((shared) => canShare(shared, 1e9))).toEqual([true, true, true, true, true]);
});

test.each(['18446744073709551616', '1.00', '1e999'])('the number %s counts the same, however the envelope is read', (number) => {
  const text = `{"a":${number}}`;
  const most = MAX_SHARED_BYTES / JSON.stringify(JSON.parse(text)).length;
  for (const shared of [JSON.parse(text), parseExact(text)]) expect([canShare(shared, Math.floor(most)), canShare(shared, Math.floor(most) + 1)]).toEqual([true, false]);
});

test('a batch of usual size shares its context with messages that have one of their own, and with those that have none', () => {
  const parts = createFormat({ kind: 'segment' }).split({ context: { ip: '::1', a: 1 }, batch: [{ userId: 'a', context: { a: 2 } }, { userId: 'b' }, { userId: 'c', context: null }] });
  expect(parts).toEqual([{ userId: 'a', context: { ip: '::1', a: 2 } }, { userId: 'b', context: { ip: '::1', a: 1 } }, { userId: 'c', context: { ip: '::1', a: 1 } }]);
});
