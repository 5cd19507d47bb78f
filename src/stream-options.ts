import { Duration } from 'aws-cdk-lib';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import { DeadLetterOptions } from './dead-letter-options';

/** What every construct that reads a Kinesis stream lets you choose about the stream and its batches. */
export interface StreamOptions extends DeadLetterOptions {
  /**
   * The stream to read. Records of one user must have one partition key, or their order is lost.
   *
   * The construct reads it from its oldest record on.
   *
   * @default - a new stream, encrypted, with `shardCount` provisioned shards
   */
  readonly stream?: kinesis.IStream;

  /**
   * Shards of the stream, from 1 to 10,000. The quotas of the target are shared out over shards and parallelization,
   * so that the number must be known at synthesis. For a stream that you bring, state the shards that it has.
   *
   * @default 1
   */
  readonly shardCount?: number;

  /**
   * How long the construct's own stream keeps a record: whole hours, from 24 to 8,760.
   *
   * @default Duration.hours(48)
   */
  readonly streamRetention?: Duration;

  /**
   * Most records in one batch, from 1 to 10,000. Lambda closes a batch earlier when it reaches 6 MB.
   *
   * @default 1000
   * @see https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-parameters.html
   */
  readonly batchSize?: number;

  /**
   * How long Lambda waits for a batch to fill: whole seconds, at most 300.
   *
   * @default Duration.seconds(1)
   */
  readonly maxBatchingWindow?: Duration;

  /**
   * Batches of one shard that are handled at once, from 1 to 10. The order of each partition key is kept. The quotas of
   * the target are shared out, so that more batches at once are not more requests per second.
   *
   * @default 1
   */
  readonly parallelizationFactor?: number;

  /**
   * How old a record may become before it is given up and kept as a dead letter: whole seconds, from 60 seconds to
   * 7 days. It must be shorter than the retention of the stream, or the stream forgets the record first. `retryAttempts`
   * may be used up long before.
   *
   * @default - 24 hours, and at most half of the retention of the construct's own stream; 12 hours for a stream that you
   * bring, which may keep its records for 24 hours only
   */
  readonly maxRecordAge?: Duration;

  /**
   * How often a batch is tried again before it is given up, from 0 to 10,000.
   *
   * A batch is given up at whichever comes first, this or `maxRecordAge`. While a service is busy or down, an attempt
   * spends the handler's `timeout` on retries of its own, so that the default lasts for longer than a day. Attempts that
   * fail at once, by a wrong permission (403) or a crash, use the default up far sooner, by our estimate in about half an
   * hour: Lambda does not publish how long it waits in between. The batch then goes whole to the dead-letter bucket, from
   * where it can be redriven.
   *
   * @default 1000
   */
  readonly retryAttempts?: number;
}
