import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { DescribeStreamCommand, KinesisClient } from '@aws-sdk/client-kinesis';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { evaluatePrefix } from './prefix';
import { StreamRecord } from '../lambda/esm/records';
import { ShardReader } from '../lambda/esm/shard-reader';

/** A Firehose stream from Kinesis to S3, as the template describes it. */
export interface DeliverySpec {
  readonly path: string;
  readonly name: string;
  readonly streamArn: string;
  readonly streamName: string;
  readonly sourceRoleId: string;
  readonly bucket: string;
  readonly bucketRoleId: string;
  readonly gzip: boolean;
  readonly prefix: string;
  readonly extension: string;
  readonly appendsDelimiter: boolean;
}

export interface DeliveryOptions {
  readonly spec: DeliverySpec;
  /** With the credentials of the role that reads. */
  readonly kinesis: KinesisClient;
  /** With the credentials of the role that writes. */
  readonly s3: S3Client;
  readonly failed: (error: unknown) => void;
}

/** Copies a stream to a bucket. Its buffer is written at the end of the run: nobody wants to wait for the 15 minutes of a real one. */
export class DeliveryStream {
  /** Records that were read. */
  public read = 0;
  private buffer: StreamRecord[] = [];
  private readonly readers: ShardReader[] = [];

  public constructor(private readonly options: DeliveryOptions) {}

  public get spec(): DeliverySpec {
    return this.options.spec;
  }

  public async start(): Promise<void> {
    const { kinesis, spec, failed } = this.options;
    const { StreamDescription } = await kinesis.send(new DescribeStreamCommand({ StreamName: spec.streamName }));
    await Promise.all((StreamDescription?.Shards ?? []).map(async ({ ShardId: shardId = '' }) => {
      const take = (records: readonly StreamRecord[]) => this.take(records);
      const reader = new ShardReader({ kinesis, streamArn: spec.streamArn, shardId, startingPosition: 'LATEST', backlog: () => 0, take, failed });
      this.readers.push(reader);
      await reader.start();
    }));
  }

  /** One object for what has been read since the last time. */
  public async flush(): Promise<void> {
    const records = this.buffer;
    this.buffer = [];
    const [first] = records;
    if (!first) return;
    const { spec, s3 } = this.options;
    const delimiter = Buffer.from(spec.appendsDelimiter ? '\n' : '');
    const content = Buffer.concat(records.flatMap(({ data }) => [data, delimiter]));
    const Key = this.keyOf(new Date(first.arrivedAt));
    await s3.send(new PutObjectCommand({ Bucket: spec.bucket, Key, Body: spec.gzip ? gzipSync(content) : content }));
  }

  public async stop(): Promise<void> {
    await Promise.all(this.readers.map(async (reader) => reader.stop()));
  }

  private take(records: readonly StreamRecord[]): void {
    this.buffer.push(...records);
    this.read += records.length;
  }

  /** `<prefix><name>-<version>-yyyy-MM-dd-HH-mm-ss-<UUID><extension>` */
  private keyOf(at: Date): string {
    const { prefix, name, extension, gzip } = this.spec;
    const time = at.toISOString().slice(0, 19).replace(/[T:]/g, '-');
    return `${evaluatePrefix(prefix, at)}${name}-1-${time}-${randomUUID()}${extension || (gzip ? '.gz' : '')}`;
  }
}
