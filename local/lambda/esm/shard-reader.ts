import { GetRecordsCommand, GetShardIteratorCommand, KinesisClient } from '@aws-sdk/client-kinesis';
import { StreamRecord } from './records';

export interface ShardReaderOptions {
  readonly kinesis: KinesisClient;
  readonly streamArn: string;
  readonly shardId: string;
  readonly startingPosition: 'TRIM_HORIZON' | 'LATEST';
  /** Records that were taken and are not yet in an invocation. */
  readonly backlog: () => number;
  readonly take: (records: readonly StreamRecord[]) => void;
  readonly failed: (error: unknown) => void;
}

/** Lambda polls an idle shard once a second; a local run would only wait longer. */
const IDLE_MS = 100;
/** Reading further ahead than this only holds memory. */
const MAXIMUM_BACKLOG = 20_000;
const RETRIES = 5;

/** Reads one shard from its starting position on, in order. */
export class ShardReader {
  private stopped = false;
  private loop: Promise<void> = Promise.resolve();

  public constructor(private readonly options: ShardReaderOptions) {}

  /** Resolves once the position is fixed: what is put from then on is read, with LATEST too. */
  public async start(): Promise<void> {
    const { kinesis, streamArn, shardId, startingPosition } = this.options;
    const { ShardIterator } = await kinesis.send(
      new GetShardIteratorCommand({ StreamARN: streamArn, ShardId: shardId, ShardIteratorType: startingPosition }));
    this.loop = this.read(ShardIterator).catch((error: unknown) => this.options.failed(error));
  }

  public async stop(): Promise<void> {
    this.stopped = true;
    await this.loop;
  }

  private async read(start: string | undefined): Promise<void> {
    let iterator = start;
    while (iterator !== undefined && !this.stopped) {
      if (this.options.backlog() > MAXIMUM_BACKLOG) {
        await pause();
        continue;
      }
      const { Records = [], NextShardIterator } = await this.next(iterator);
      iterator = NextShardIterator ?? undefined;
      if (!this.stopped) this.options.take(Records.map((record) => this.recordOf(record)));
      if (Records.length === 0) await pause();
    }
  }

  private async next(iterator: string, attempt = 0): Promise<{ Records?: RawRecord[]; NextShardIterator?: string }> {
    const { kinesis, streamArn } = this.options;
    try {
      return await kinesis.send(new GetRecordsCommand({ ShardIterator: iterator, StreamARN: streamArn }));
    } catch (error) {
      // Lambda never gives up on a transient error; we do after the client's own retries, so that a run can't hang.
      if (attempt >= RETRIES || this.stopped || (error as Error).name === 'AccessDeniedException') throw error;
      await pause();
      return this.next(iterator, attempt + 1);
    }
  }

  private recordOf({ SequenceNumber = '', PartitionKey = '', Data, ApproximateArrivalTimestamp }: RawRecord): StreamRecord {
    return {
      shardId: this.options.shardId,
      sequenceNumber: SequenceNumber,
      partitionKey: PartitionKey,
      data: Buffer.from(Data ?? []),
      arrivedAt: ApproximateArrivalTimestamp?.getTime() ?? Date.now(),
    };
  }
}

interface RawRecord {
  readonly SequenceNumber?: string;
  readonly PartitionKey?: string;
  readonly Data?: Uint8Array;
  readonly ApproximateArrivalTimestamp?: Date;
}

async function pause(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
}
