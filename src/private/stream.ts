import { Duration } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { StreamOptions } from '../stream-options';
import { checkDeadLetterOptions } from './dead-letters';
import { DEFAULT_REMOVAL_POLICY } from './handler';
import { checkConcrete, checkDuration, checkInteger, checkNotBoth, refuse } from './validate';

/** What Lambda needs to read a stream.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-create.html#services-kinesis-eventsourcemapping */
const READ_ACTIONS = [
  'kinesis:DescribeStream', 'kinesis:DescribeStreamSummary', 'kinesis:GetRecords', 'kinesis:GetShardIterator', 'kinesis:ListShards',
  'kinesis:SubscribeToShard',
];

const DAY = Duration.hours(24);
const DEFAULT_RETENTION = Duration.hours(48);

/** Half of the 24 hours for which a stream keeps its records unless told otherwise. */
const MAX_AGE_ON_BROUGHT_STREAM = Duration.hours(12);

export function checkStreamOptions(options: StreamOptions): void {
  checkDeadLetterOptions(options);
  checkConcrete('shardCount', options.shardCount, 'since quotas are shared out over it');
  checkInteger('shardCount', options.shardCount, { min: 1, max: 10000, remedy: 'state the shards of the stream' });
  checkConcrete('parallelizationFactor', options.parallelizationFactor, 'since quotas are shared out over it');
  checkInteger('parallelizationFactor', options.parallelizationFactor, { min: 1, max: 10, remedy: 'leave it out for 1' });
  checkInteger('batchSize', options.batchSize, { min: 1, max: 10000, remedy: 'leave it out for 1000' });
  checkInteger('retryAttempts', options.retryAttempts, { min: 0, max: 10000, remedy: 'leave it out for 1000' });
  checkDuration('maxBatchingWindow', options.maxBatchingWindow, { min: 0, max: 300, remedy: 'leave it out for 1 second' });
  checkDuration('maxRecordAge', options.maxRecordAge, { min: 60, max: 604800, remedy: 'leave it out for the default' });
  checkRetention(options);
}

function checkRetention(options: StreamOptions): void {
  checkNotBoth('stream', options.stream, 'streamRetention', options.streamRetention, 'set the retention where the stream is made');
  const retention = options.streamRetention;
  if (retention?.isUnresolved()) return;
  const hours = retention?.toHours({ integral: false });
  if (hours !== undefined && (!Number.isInteger(hours) || hours < 24 || hours > 8760)) {
    refuse('streamRetention', 'must be whole hours from 24 to 8760', retention, 'leave it out for 48 hours');
  }
  const age = maxRecordAgeOf(options);
  if (options.stream || age.isUnresolved() || age.toSeconds() < retentionOf(options).toSeconds()) return;
  refuse('maxRecordAge', 'must be shorter than `streamRetention`, or the stream forgets a record before it becomes a dead letter', age,
    'lower it or raise `streamRetention`');
}

function retentionOf(options: StreamOptions): Duration {
  return options.streamRetention ?? DEFAULT_RETENTION;
}

export function maxRecordAgeOf(options: StreamOptions): Duration {
  if (options.maxRecordAge) return options.maxRecordAge;
  if (options.stream) return MAX_AGE_ON_BROUGHT_STREAM;
  const retention = retentionOf(options);
  return retention.isUnresolved() || retention.toHours() >= 48 ? DAY : Duration.seconds(Math.floor(retention.toSeconds() / 2));
}

/** Invocations that may run at once: Lambda starts one per shard and parallel batch. */
export function concurrencyOf(options: StreamOptions): number {
  return (options.shardCount ?? 1) * (options.parallelizationFactor ?? 1);
}

export function createStream(scope: Construct, options: StreamOptions): kinesis.IStream {
  return options.stream ?? new kinesis.Stream(scope, 'Stream', {
    streamMode: kinesis.StreamMode.PROVISIONED,
    shardCount: options.shardCount ?? 1,
    retentionPeriod: retentionOf(options),
    encryption: options.encryptionKey ? kinesis.StreamEncryption.KMS : kinesis.StreamEncryption.MANAGED,
    encryptionKey: options.encryptionKey,
    removalPolicy: options.removalPolicy ?? DEFAULT_REMOVAL_POLICY,
  });
}

/** An event stream that exists writes to a Kinesis stream that exists. */
export function checkBrought(ownsStream: boolean): void {
  if (ownsStream) refuse('stream', 'must be stated with `existingEventStream`', 'none', 'pass the Kinesis stream that the event stream writes to');
}

/** What Kinesis asks of a producer.
 * @see https://docs.aws.amazon.com/streams/latest/dev/permissions-user-key-KMS.html */
export function grantPut(stream: kinesis.IStream, grantee: iam.IGrantable, ...actions: string[]): iam.Grant {
  stream.encryptionKey?.grant(grantee, 'kms:GenerateDataKey');
  return stream.grant(grantee, ...actions);
}

/** Connects the handler with the stream. The mapping is ours, not KinesisEventSource's: its id must not follow from where a brought stream lies. */
export function connectStream(
  scope: Construct, handler: lambda.Function, stream: kinesis.IStream, onFailure: lambda.IEventSourceDlq, options: StreamOptions,
  filters?: { [key: string]: string }[],
): lambda.EventSourceMapping {
  stream.grant(handler, ...READ_ACTIONS);
  stream.encryptionKey?.grant(handler, 'kms:Decrypt');
  return new lambda.EventSourceMapping(scope, 'EventSource', {
    target: handler,
    eventSourceArn: stream.streamArn,
    startingPosition: lambda.StartingPosition.TRIM_HORIZON,
    batchSize: options.batchSize ?? 1000,
    maxBatchingWindow: options.maxBatchingWindow ?? Duration.seconds(1),
    parallelizationFactor: options.parallelizationFactor ?? 1,
    reportBatchItemFailures: true,
    bisectBatchOnError: true,
    retryAttempts: options.retryAttempts ?? 1000,
    maxRecordAge: maxRecordAgeOf(options),
    onFailure,
    filters,
    metricsConfig: { metrics: [lambda.MetricType.EVENT_COUNT] },
  });
}
