import { Lane, laneOf } from '../../local/lambda/esm/lane';
import { StreamRecord } from '../../local/lambda/esm/records';

const record = (id: number, bytes = 2): StreamRecord =>
  ({ shardId: 's', sequenceNumber: String(id), partitionKey: 'k', data: Buffer.alloc(bytes), arrivedAt: 0 });

async function collect(options: { batchSize: number; windowMs: number }, pushes: readonly StreamRecord[][], waitMs: number): Promise<number[]> {
  const sizes: number[] = [];
  const lane = new Lane({ ...options, process: async (batch) => { sizes.push(batch.length); } });
  pushes.forEach((records) => lane.push(records));
  await new Promise((resolve) => setTimeout(resolve, waitMs));
  lane.stop();
  return sizes;
}

const many = (count: number) => Array.from({ length: count }, (_, index) => record(index));

test('full batches go at once, the rest after the window', async () => {
  expect(await collect({ batchSize: 10, windowMs: 60_000 }, [many(25)], 30)).toEqual([10, 10]);
  expect(await collect({ batchSize: 10, windowMs: 20 }, [many(25)], 80)).toEqual([10, 10, 5]);
});

test('without a window nothing waits', async () => {
  expect(await collect({ batchSize: 10, windowMs: 0 }, [many(3)], 20)).toEqual([3]);
});

test('a batch is never larger than an invocation may be', async () => {
  const megabyte = () => record(1, 1024 * 1024);
  expect(await collect({ batchSize: 100, windowMs: 60_000 }, [Array.from({ length: 9 }, megabyte)], 30)).toEqual([4, 4]);
});

test('a partition key always takes the same lane, and the lanes are used', () => {
  expect(laneOf('user-1', 4)).toBe(laneOf('user-1', 4));
  expect(new Set(Array.from({ length: 50 }, (_, index) => laneOf(`user-${index}`, 4)))).toEqual(new Set([0, 1, 2, 3]));
});
