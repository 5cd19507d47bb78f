import { DescribeStreamSummaryCommand, KinesisClient, ListShardsCommand } from '@aws-sdk/client-kinesis';
import { ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { arn } from '../environment';
import { Discard, processBatch } from './esm/batch';
import { matches } from './esm/filter';
import { Lane, laneOf } from './esm/lane';
import { failureObject } from './esm/on-failure';
import { StreamRecord, eventRecord, filterable } from './esm/records';
import { ShardReader } from './esm/shard-reader';
import { FunctionSpec } from './function-spec';
import { Invocation, LambdaHost } from './host';
import { MappingSpec } from './mapping-spec';

/** What a mapping tells about each record that is over. Every record is told exactly once. */
export interface MappingObserver {
  /** The function took these records, in this invocation. */
  finished(mapping: EventSourceMapping, records: readonly StreamRecord[], invocation: Invocation): void;
  /** No filter pattern matched: the function never sees them. */
  filtered(mapping: EventSourceMapping, records: readonly StreamRecord[]): void;
  /** Given up; kept: they lie in the on-failure destination. */
  discarded(mapping: EventSourceMapping, discard: Discard, kept: boolean): void;
}

export interface MappingOptions {
  readonly spec: MappingSpec;
  readonly fn: FunctionSpec;
  readonly host: LambdaHost;
  /** Both with the credentials of the function's role: Lambda's poller acts as the role too. */
  readonly kinesis: KinesisClient;
  readonly s3: S3Client;
  readonly observer: MappingObserver;
  /** The mapping can't go on (it may not read its stream, or not write to its destination). */
  readonly failed: (error: unknown) => void;
}

/** A Kinesis event source mapping: polls a stream, invokes a function with batches, deals with failures. */
export class EventSourceMapping {
  /** Records that are over, for progress and for the end of the run. */
  public over = 0;
  private readonly readers: ShardReader[] = [];
  private readonly lanes: Lane[] = [];
  private stopped = false;

  public constructor(private readonly options: MappingOptions) {}

  public get spec(): MappingSpec {
    return this.options.spec;
  }

  public get fn(): FunctionSpec {
    return this.options.fn;
  }

  public async start(): Promise<void> {
    const { kinesis, spec } = this.options;
    await kinesis.send(new DescribeStreamSummaryCommand({ StreamARN: spec.streamArn }));
    const { Shards = [] } = await kinesis.send(new ListShardsCommand({ StreamARN: spec.streamArn }));
    await Promise.all(Shards.map(async ({ ShardId = '' }) => this.read(ShardId)));
  }

  public async stop(): Promise<void> {
    this.stopped = true;
    this.lanes.forEach((lane) => lane.stop());
    await Promise.all(this.readers.map(async (reader) => reader.stop()));
  }

  private async read(shardId: string): Promise<void> {
    const { kinesis, spec, failed } = this.options;
    const { batchSize, batchingWindowSeconds, parallelizationFactor } = spec;
    const lanes = Array.from({ length: parallelizationFactor }, () => new Lane(
      { batchSize, windowMs: batchingWindowSeconds * 1000, process: async (batch) => this.process(batch) }));
    this.lanes.push(...lanes);
    const reader = new ShardReader({
      kinesis,
      streamArn: spec.streamArn,
      shardId,
      startingPosition: spec.startingPosition,
      backlog: () => lanes.reduce((sum, lane) => sum + lane.length, 0),
      take: (records) => this.take(records, lanes),
      failed,
    });
    this.readers.push(reader);
    await reader.start();
  }

  private take(records: readonly StreamRecord[], lanes: readonly Lane[]): void {
    const { filters } = this.spec;
    const wanted = filters.length === 0 ? records : records.filter((record) => filters.some((filter) => matches(filter, filterable(record))));
    const unwanted = records.filter((record) => !wanted.includes(record));
    if (unwanted.length > 0) {
      this.over += unwanted.length;
      this.options.observer.filtered(this, unwanted);
    }
    lanes.forEach((lane, index) => lane.push(wanted.filter((record) => laneOf(record.partitionKey, lanes.length) === index)));
  }

  private async process(batch: readonly StreamRecord[]): Promise<void> {
    const { observer, host, fn, failed } = this.options;
    try {
      await processBatch(batch, this.spec, {
        invoke: async (records) => host.invoke(fn.name, this.event(records)),
        checkpoint: (records, invocation) => {
          this.over += records.length;
          observer.finished(this, records, invocation);
        },
        discard: async (discard) => this.discard(discard),
        now: Date.now,
        sleep: async (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
        stopped: () => this.stopped,
      });
    } catch (error) {
      failed(error);
    }
  }

  private async discard(discard: Discard): Promise<void> {
    const { s3, spec, fn, observer } = this.options;
    if (spec.onFailureBucket !== undefined) {
      const { key, body } = failureObject(spec, fn, discard, this.event(discard.records));
      // The documentation asks for s3:ListBucket besides s3:PutObject; a role without it must not pass here.
      await s3.send(new ListObjectsV2Command({ Bucket: spec.onFailureBucket, MaxKeys: 1 }));
      await s3.send(new PutObjectCommand({ Bucket: spec.onFailureBucket, Key: key, Body: body }));
    }
    this.over += discard.records.length;
    observer.discarded(this, discard, spec.onFailureBucket !== undefined);
  }

  private event(records: readonly StreamRecord[]) {
    const roleArn = arn('iam', `role/${this.fn.roleId}`, { region: '' });
    return { Records: records.map((record) => eventRecord(record, this.spec.streamArn, roleArn)) };
  }
}
