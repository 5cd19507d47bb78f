import { BatchPolicy, Discard, lowestFailure, processBatch } from '../../local/lambda/esm/batch';
import { StreamRecord } from '../../local/lambda/esm/records';
import { Invocation } from '../../local/lambda/host';

const NOW = 1_000_000;
const PLAIN: BatchPolicy = { bisect: false, reportsItemFailures: true, maximumRetryAttempts: 2, maximumRecordAgeSeconds: -1 };

function record(id: number, ageSeconds = 0): StreamRecord {
  return { shardId: 'shard', sequenceNumber: String(id), partitionKey: 'k', data: Buffer.from('{}'), arrivedAt: NOW - ageSeconds * 1000 };
}
const records = (count: number) => Array.from({ length: count }, (_, index) => record(index + 1));
const ids = (batch: readonly StreamRecord[]) => batch.map(({ sequenceNumber }) => Number(sequenceNumber));

const OK: Partial<Invocation> = { payload: { batchItemFailures: [] } };
const ERROR: Partial<Invocation> = { error: { errorType: 'Error', errorMessage: 'no' } };
const failing = (...failed: number[]): Partial<Invocation> =>
  ({ payload: { batchItemFailures: failed.map((id) => ({ itemIdentifier: String(id) })) } });

interface Trace {
  readonly invoked: number[][];
  readonly finished: number[];
  readonly discarded: Discard[];
  readonly waits: number[];
}

type Script = (batch: number[], call: number) => Partial<Invocation>;

async function play(batch: readonly StreamRecord[], policy: BatchPolicy, answer: Script): Promise<Trace> {
  const trace: Trace = { invoked: [], finished: [], discarded: [], waits: [] };
  await processBatch(batch, policy, {
    invoke: async (some) => {
      trace.invoked.push(ids(some));
      return { requestId: 'r', throttled: false, metrics: [], ...answer(ids(some), trace.invoked.length) };
    },
    checkpoint: (some) => { trace.finished.push(...ids(some)); },
    discard: async (discard) => { trace.discarded.push(discard); },
    now: () => NOW,
    sleep: async (ms) => { trace.waits.push(ms); },
    stopped: () => false,
  });
  return trace;
}

test('a success ends the batch', async () => {
  const { invoked, finished } = await play(records(3), PLAIN, () => OK);
  expect(invoked).toEqual([[1, 2, 3]]);
  expect(finished).toEqual([1, 2, 3]);
});

test('an error is retried as often as allowed, then the batch is discarded whole', async () => {
  const { invoked, finished, discarded, waits } = await play(records(2), PLAIN, () => ERROR);
  expect(invoked).toEqual([[1, 2], [1, 2], [1, 2]]);
  expect(finished).toEqual([]);
  expect(discarded).toHaveLength(1);
  expect(discarded[0]).toMatchObject({ condition: 'RetryAttemptsExhausted', invokeCount: 3 });
  expect(ids(discarded[0]!.records)).toEqual([1, 2]);
  expect(waits).toEqual([100, 200]);
});

test('a reported failure restarts the batch at the lowest failed record', async () => {
  const { invoked, finished } = await play(records(4), PLAIN, (_batch, call) => (call === 1 ? failing(4, 3) : OK));
  expect(invoked).toEqual([[1, 2, 3, 4], [3, 4]]);
  expect(finished).toEqual([1, 2, 3, 4]);
});

test('without bisect, progress does not give new attempts', async () => {
  const { invoked, finished, discarded } = await play(records(4), PLAIN, (batch) => failing(batch[1] ?? batch[0]!));
  expect(invoked).toEqual([[1, 2, 3, 4], [2, 3, 4], [3, 4]]);
  expect(finished).toEqual([1, 2, 3]);
  expect(discarded.flatMap((one) => ids(one.records))).toEqual([4]);
});

test('bisect isolates the poison; splits do not count as retries', async () => {
  const policy = { ...PLAIN, bisect: true, maximumRetryAttempts: 1 };
  const { invoked, finished, discarded } = await play(records(4), policy, (batch) => (batch.includes(3) ? ERROR : OK));
  expect(invoked).toEqual([[1, 2, 3, 4], [1, 2], [3, 4], [3], [3], [4]]);
  expect(finished).toEqual([1, 2, 4]);
  expect(discarded).toMatchObject([{ condition: 'RetryAttemptsExhausted', invokeCount: 4 }]);
  expect(ids(discarded[0]!.records)).toEqual([3]);
});

test('an odd batch is cut with the larger half first', async () => {
  const { invoked } = await play(records(3), { ...PLAIN, bisect: true, maximumRetryAttempts: 0 }, (batch) => (batch.length > 2 ? ERROR : OK));
  expect(invoked).toEqual([[1, 2, 3], [1, 2], [3]]);
});

test('with bisect, a partial answer is a cut at the reported record', async () => {
  const policy = { ...PLAIN, bisect: true, maximumRetryAttempts: 0 };
  const { invoked, finished, discarded } = await play(records(3), policy, (batch) => failing(batch[1] ?? batch[0]!));
  expect(invoked).toEqual([[1, 2, 3], [2, 3], [3]]);
  expect(finished).toEqual([1, 2]);
  expect(discarded.flatMap((one) => ids(one.records))).toEqual([3]);
});

test('records that are too old are discarded before the invocation', async () => {
  const batch = [record(1, 90), record(2, 61), record(3, 10)];
  const { invoked, discarded } = await play(batch, { ...PLAIN, maximumRecordAgeSeconds: 60 }, () => OK);
  expect(invoked).toEqual([[3]]);
  expect(discarded).toMatchObject([{ condition: 'RecordAgeExceeded', invokeCount: 0 }]);
  expect(ids(discarded[0]!.records)).toEqual([1, 2]);
});

test('-1 retries without an end', async () => {
  const { invoked, finished, waits } = await play(records(1), { ...PLAIN, maximumRetryAttempts: -1 }, (_batch, call) => (call < 30 ? ERROR : OK));
  expect(invoked).toHaveLength(30);
  expect(finished).toEqual([1]);
  expect(Math.max(...waits)).toBe(2000);
});

test('a throttled invocation is no attempt', async () => {
  const policy = { ...PLAIN, maximumRetryAttempts: 0 };
  const { invoked, finished } = await play(records(1), policy, (_batch, call) => (call < 4 ? { throttled: true } : OK));
  expect(invoked).toHaveLength(4);
  expect(finished).toEqual([1]);
});

describe('what an answer means', () => {
  const batch = records(2);
  test.each<[string, unknown, number | 'all' | undefined]>([
    ['null', null, undefined],
    ['nothing', undefined, undefined],
    ['an empty object', {}, undefined],
    ['a null list', { batchItemFailures: null }, undefined],
    ['an empty list', { batchItemFailures: [] }, undefined],
    ['the second failed', { batchItemFailures: [{ itemIdentifier: '2' }] }, 1],
    ['an empty identifier', { batchItemFailures: [{ itemIdentifier: '' }] }, 'all'],
    ['a null identifier', { batchItemFailures: [{ itemIdentifier: null }] }, 'all'],
    ['a bad key name', { batchItemFailures: [{ itemIdentfier: '2' }] }, 'all'],
    ['an unknown identifier', { batchItemFailures: [{ itemIdentifier: '9' }] }, 'all'],
  ])('%s', (_name, payload, expected) => {
    expect(lowestFailure(batch, payload, PLAIN)).toBe(expected);
  });

  test('is not looked at when the mapping does not ask for it', () => {
    expect(lowestFailure(batch, { batchItemFailures: [{ itemIdentifier: '1' }] }, { ...PLAIN, reportsItemFailures: false })).toBeUndefined();
  });
});
