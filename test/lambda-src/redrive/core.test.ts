import { createRedrive } from '../../../lambda-src/redrive/core';
import type { Entry } from '../../../lambda-src/redrive/entries';
import type { Objects } from '../../../lambda-src/redrive/objects';
import type { Refused } from '../../../lambda-src/redrive/sink';
import { DeadLetter, deadLetterKey } from '../../../lambda-src/runtime/dead-letters';
import type { RedriveConfig } from '../../../src/contract/redrive';
import { batch } from '../support/records';

const CONFIG: RedriveConfig = {
  version: 1, instance: 'Sync', deadLetters: { bucketName: 'b', prefix: 'dead-letters' }, abandonedBatchesPrefix: 'aws/lambda/esm', sink: { kind: 'stream', streamArn: 'arn' },
};
const RANGE = { from: '2026-11-23T00:00:00Z', to: '2026-11-24T00:00:00Z' };

const letter = (user: string): string => `${JSON.stringify({
  version: 1, construct: 'Sync', code: 'c', reason: 'r', at: '', partitionKey: user, sequenceNumber: '1', payload: `payload of ${user}`, encoding: 'utf8',
} satisfies DeadLetter)}\n`;
const abandoned = (user: string) => JSON.stringify({ payload: JSON.stringify({ Records: batch(`payload of ${user}`).Records.map((one) => ({ ...one, kinesis: { ...one.kinesis, partitionKey: user } })) }) });

interface World {
  readonly stored: Map<string, { readonly content: string; readonly at: Date }>;
  readonly log: string[];
  readonly retired: Map<string, string>;
}

/** A bucket in memory that lists by key, as S3 does. */
function given(contents: Record<string, [at: string, content: string]>): World {
  return { log: [], retired: new Map(), stored: new Map(Object.entries(contents).map(([key, [at, content]]) => [key, { content, at: new Date(at) }])) };
}

interface Invocation {
  readonly put?: (entries: readonly Entry[]) => readonly Refused[] | void;
  readonly remaining?: () => number;
  readonly request?: unknown;
}

function redrive({ stored, log, retired }: World, { put, remaining = () => 300_000, request = RANGE }: Invocation = {}) {
  const objects: Objects = {
    list: async function* (prefix, from, to, startAfter = '') {
      const keys = [...stored.keys()].filter((key) => key.startsWith(`${prefix}/`) && key > startAfter).sort();
      for (const key of keys) {
        const { at } = stored.get(key)!;
        if (at >= from && at < to) yield { key, writtenAt: at };
      }
    },
    read: async (key) => stored.get(key)!.content,
    retire: async (key, content, left) => {
      log.push(`retire ${key}`);
      retired.set(key, content);
      if (left === undefined) stored.delete(key);
      else stored.set(key, { content: left, at: stored.get(key)!.at });
    },
  };
  const sink = { put: async (entries: readonly Entry[]) => {
    const refused = put?.(entries) ?? [];
    log.push(`put ${entries.filter((_, index) => !refused.some((one) => one.index === index)).map(({ PartitionKey }) => PartitionKey).join()}`);
    return refused;
  } };
  const logger = { info: jest.fn(), error: jest.fn() };
  return createRedrive({ config: CONFIG, objects, sink, logger })(request, { getRemainingTimeInMillis: remaining });
}

const [A, B] = ['dead-letters/2026/11/23/09/a.ndjson', 'dead-letters/2026/11/23/10/b.ndjson'];
const C = 'aws/lambda/esm/shardId-000/2026/11/23/c.json';
const all = () => given({
  [B]: ['2026-11-23T10:00:00Z', letter('u2') + letter('u3')], [A]: ['2026-11-23T09:00:00Z', letter('u1')], [C]: ['2026-11-23T08:00:00Z', abandoned('u4')],
});

test('both kinds of objects, oldest key first; an object is retired when its records are on the stream', async () => {
  const world = all();
  expect(await redrive(world)).toEqual({ objects: 3, records: 4, unreadable: 0, left: [], complete: true });
  expect(world.log).toEqual(['put u1', `retire ${A}`, 'put u2,u3', `retire ${B}`, 'put u4', `retire ${C}`]);
  expect(world.stored.size).toBe(0);
});

test('again there is nothing to do', async () => {
  const world = all();
  await redrive(world);
  expect(await redrive(world)).toEqual({ objects: 0, records: 0, unreadable: 0, left: [], complete: true });
});

test('only what was written in the range', async () => {
  const world = all();
  expect(await redrive(world, { request: { from: '2026-11-23T09:30:00Z', to: '2026-11-23T10:30:00Z' } })).toMatchObject({ objects: 1, records: 2 });
  expect([...world.stored.keys()].sort()).toEqual([C, A]);
});

test('a letter of the last second before midnight that was stored after it', async () => {
  const key = deadLetterKey('dead-letters', new Date('2026-11-22T23:59:59.990Z'));
  expect(await redrive(given({ [key]: ['2026-11-23T00:00:00Z', letter('u1')] }))).toMatchObject({ objects: 1 });
});

test('records that the stream refuses: their object stays, and the call fails', async () => {
  const world = all();
  await expect(redrive(world, { put: ([{ PartitionKey }]) => {
    if (PartitionKey === 'u2') throw new Error('the stream still refuses 2 records');
  } })).rejects.toThrow('still refuses');
  expect(world.log).toEqual(['put u1', `retire ${A}`]);
  expect(world.stored.has(B)).toBe(true);
});

test('what can\'t be read or put stays, is named, and stops nothing', async () => {
  const torn = JSON.stringify({ payload: 'no key' });
  const world = given({
    [A]: ['2026-11-23T09:00:00Z', 'not a letter'], [B]: ['2026-11-23T10:00:00Z', letter('u2') + torn + '\n' + letter('u3') + letter('huge')],
    [C]: ['2026-11-23T08:00:00Z', abandoned('u4')],
  });
  const put = (entries: readonly Entry[]) => entries.flatMap(({ PartitionKey }, index) => PartitionKey === 'huge' ? [{ index, reason: 'TooLarge' }] : []);
  expect(await redrive(world, { put })).toEqual({
    objects: 2,
    records: 3,
    unreadable: 3,
    left: [
      { key: A, line: 1, reason: 'it is no JSON' }, { key: B, line: 2, reason: 'it has no partition key' }, { key: B, line: 4, reason: 'TooLarge' },
    ],
    complete: true,
  });
  expect(world.log).toEqual(['put u2,u3', `retire ${B}`, 'put u4', `retire ${C}`]);
  expect([...world.stored].map(([key, { content }]) => [key, content]).sort()).toEqual([[A, 'not a letter'], [B, `${torn}\n${letter('huge').trim()}`]]);
  expect(world.retired.get(B)).toBe((letter('u2') + letter('u3')).trim());
  expect(await redrive(world, { put })).toMatchObject({ objects: 0, records: 0, unreadable: 3 });
});

test('the answer names a hundred of them, and counts all', async () => {
  const world = given({ [A]: ['2026-11-23T09:00:00Z', 'x\n'.repeat(70)], [B]: ['2026-11-23T10:00:00Z', 'x\n'.repeat(70)] });
  const { unreadable, left } = await redrive(world);
  expect([unreadable, left.length, left[99]]).toEqual([140, 100, { key: B, line: 30, reason: 'it is no JSON' }]);
});

test('out of time: says so, and has done whole objects only', async () => {
  const world = all();
  let left = 50_000;
  expect(await redrive(world, { remaining: () => left -= 20_000 })).toEqual({ objects: 1, records: 1, unreadable: 0, left: [], complete: false });
  expect(world.log).toEqual(['put u1', `retire ${A}`]);
  expect(await redrive(world)).toMatchObject({ objects: 2, complete: true });
});

test('a wrong request touches nothing', async () => {
  const world = all();
  await expect(redrive(world, { request: {} })).rejects.toThrow('"from" must be');
  expect(world.log).toEqual([]);
});
