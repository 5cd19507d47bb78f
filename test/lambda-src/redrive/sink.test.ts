import { KinesisClient, PutRecordsCommand, PutRecordsCommandInput } from '@aws-sdk/client-kinesis';
import { mockClient } from 'aws-sdk-client-mock';
import * as fc from 'fast-check';
import type { Entry } from '../../../lambda-src/redrive/entries';
import { kinesisSink, queueSink } from '../../../lambda-src/redrive/sink';
import { MAX_RECORDS_PER_REQUEST, MAX_REQUEST_BYTES, packEntries } from '../../../lambda-src/runtime/put-records';
import type { NotQueued } from '../../../lambda-src/runtime/queue';

const kinesis = mockClient(KinesisClient);
beforeEach(() => {
  kinesis.reset();
  kinesis.rejects(new Error('unexpected call'));
  jest.spyOn(Math, 'random').mockReturnValue(0);
});
afterEach(() => jest.restoreAllMocks());

const entries = (count: number, bytes = 1): Entry[] => Array.from({ length: count }, (_, index) => ({ PartitionKey: `k${index}`, Data: Buffer.alloc(bytes, 'x') }));
const sink = () => kinesisSink('arn:stream');
const sent = () => kinesis.commandCalls(PutRecordsCommand).map(({ args }) => args[0].input.Records!.map(({ PartitionKey }) => PartitionKey));
const ok = { SequenceNumber: '1', ShardId: 's' };
const bad = { ErrorCode: 'ProvisionedThroughputExceededException', ErrorMessage: 'slow down' };

test.each([[0, []], [500, [500]], [501, [500, 1]]])('%i records', (count, sizes) => {
  expect(packEntries(entries(count)).map(({ length }) => length)).toEqual(sizes);
});

test('nothing is lost, the order is kept, and every request is within its limits', () => {
  fc.assert(fc.property(fc.array(fc.constantFrom(1, 10_000, 1_000_000), { maxLength: 60 }), (sizes) => {
    const given = sizes.flatMap((bytes) => entries(bytes === 1 ? 50 : 1, bytes));
    const requests = packEntries(given);
    expect(requests.flat()).toEqual(given);
    for (const request of requests) {
      expect(request.length).toBeLessThanOrEqual(MAX_RECORDS_PER_REQUEST);
      expect(request.reduce((sum, { Data, PartitionKey }) => sum + Data.length + PartitionKey.length, 0)).toBeLessThanOrEqual(MAX_REQUEST_BYTES);
    }
  }), { numRuns: 30 });
});

test('what failed inside an answer, and only that, is sent again', async () => {
  kinesis.on(PutRecordsCommand).resolvesOnce({ FailedRecordCount: 2, Records: [ok, bad, ok, bad] }).resolvesOnce({ FailedRecordCount: 1, Records: [bad, ok] })
    .resolvesOnce({ FailedRecordCount: 0, Records: [ok] });
  await sink().put(entries(4));
  expect(sent()).toEqual([['k0', 'k1', 'k2', 'k3'], ['k1', 'k3'], ['k1']]);
});

test('an answer without results is no success', async () => {
  kinesis.on(PutRecordsCommand).resolvesOnce({} as never).callsFake(({ Records }: PutRecordsCommandInput) => ({ Records: Records!.map(() => ok) }));
  await sink().put(entries(2));
  expect(sent()).toEqual([['k0', 'k1'], ['k0', 'k1']]);
});

test('it gives up, loudly', async () => {
  kinesis.on(PutRecordsCommand).callsFake(({ Records }: PutRecordsCommandInput) => ({ Records: Records!.map(() => bad) }));
  await expect(sink().put(entries(3))).rejects.toThrow('still refuses 3 records');
  expect(sent()).toHaveLength(8);
});

test('a failure of the call is thrown', async () => {
  kinesis.on(PutRecordsCommand).rejects(new Error('AccessDenied'));
  await expect(sink().put(entries(1))).rejects.toThrow('AccessDenied');
});

test.each([['', 'x'.repeat(257)]])('a record whose key the stream would refuse keeps no other from it', async (...keys) => {
  kinesis.on(PutRecordsCommand).callsFake(({ Records }: PutRecordsCommandInput) => ({ Records: Records!.map(() => ok) }));
  const all = [...keys, 'x'.repeat(256), 'k'].map((PartitionKey) => ({ PartitionKey, Data: Buffer.from('x') }));
  await expect(sink().put(all)).resolves.toEqual([0, 1].map((index) => ({ index, reason: 'its partition key has not 1 to 256 characters' })));
  expect(sent()).toEqual([['x'.repeat(256), 'k']]);
});

describe('a queue', () => {
  const put = async (unsent: NotQueued[], taken: string[] = []) => queueSink('https://q', {
    send: async (bodies) => {
      taken.push(...bodies);
      return unsent;
    },
    postpone: async () => 0,
  }).put(['', 'x'.repeat(300)].map((PartitionKey) => ({ PartitionKey, Data: Buffer.from('{"ü":1}') })));

  test('takes messages whatever their keys are', async () => {
    const taken: string[] = [];
    await expect(put([], taken)).resolves.toEqual([]);
    expect(taken).toEqual(['{"ü":1}', '{"ü":1}']);
  });

  test('a message that it will never take is named, and no failure', async () => {
    await expect(put([{ index: 1, code: 'TooLarge', fault: 'message' }])).resolves.toEqual([{ index: 1, reason: 'the queue refuses it: TooLarge' }]);
  });

  test.each<[NotQueued['fault'], string]>([['time', 'ThrottlingException'], ['queue', 'AccessDenied']])('that fails for other reasons (%s) is a loud failure', async (fault, code) => {
    await expect(put([{ index: 0, code: 'TooLarge', fault: 'message' }, { index: 1, code, fault }])).rejects.toThrow(`does not take 1 messages: ${code}`);
  });
});
