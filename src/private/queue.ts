import { Duration } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { DEFAULT_REMOVAL_POLICY, DEFAULT_TIMEOUT } from './handler';
import { RedriveSink } from './redrive';
import { MAX_QUEUE_BYTES } from '../contract/queue';
import { HandlerOptions } from '../handler-options';

/** As long as SQS keeps a message: counted from when it was first sent, also in a dead-letter queue.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/setting-up-dead-letter-queue-retention.html */
export const QUEUE_RETENTION = Duration.days(14);

/** Six time-outs, as Lambda recommends, so that a throttled function does not use the receipts up. No less than 10 minutes, so that 1,000 receipts,
 * which SQS allows, last for 5 days; and no more than 30, so that 14 days are enough.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html */
const VISIBILITY_TIMEOUTS = 6;
const MIN_VISIBILITY = Duration.minutes(10);
const MAX_VISIBILITY = Duration.minutes(30);

/** A message that can't be delivered is tried again after 15 to 30 minutes, and at first sooner. */
const RETRY = Duration.minutes(15);
const FIRST_RETRIES = 20;

/** Up to 10,000; a request to a CDP takes hundreds. */
const BATCH_SIZE = 500;

/** Invocations at once: enough for thousands of messages per second, and few enough not to fall upon a CDP that has come back. */
const MAX_CONCURRENCY = 10;

export interface Queues {
  readonly queue: sqs.Queue;
  /** Holds what the function behind the queue crashed on. */
  readonly deadLetterQueue: sqs.Queue;
}

/** `maxAge` is how long a message is tried that can't be delivered. */
export function createQueues(scope: Construct, maxAge: Duration, options: HandlerOptions): Queues {
  const common = {
    encryption: options.encryptionKey ? sqs.QueueEncryption.KMS : sqs.QueueEncryption.SQS_MANAGED,
    encryptionMasterKey: options.encryptionKey,
    enforceSSL: true,
    retentionPeriod: QUEUE_RETENTION,
    maxMessageSizeBytes: MAX_QUEUE_BYTES,
    removalPolicy: options.removalPolicy ?? DEFAULT_REMOVAL_POLICY,
  };
  const deadLetterQueue = new sqs.Queue(scope, 'DeadLetterQueue', common);
  const visibilityTimeout = visibilityTimeoutOf(options.timeout ?? DEFAULT_TIMEOUT);
  const queue = new sqs.Queue(scope, 'Queue', {
    ...common,
    visibilityTimeout,
    deadLetterQueue: { queue: deadLetterQueue, maxReceiveCount: maxReceiveCountOf(maxAge, visibilityTimeout) },
  });
  return { queue, deadLetterQueue };
}

export function visibilityTimeoutOf(timeout: Duration): Duration {
  if (timeout.isUnresolved()) return MAX_VISIBILITY;
  return Duration.seconds(Math.min(Math.max(VISIBILITY_TIMEOUTS * timeout.toSeconds(), MIN_VISIBILITY.toSeconds()), MAX_VISIBILITY.toSeconds()));
}

/**
 * So often that no message goes to the dead-letter queue before `maxAge` is over, whether the handler sets the time of the next attempt or, as it
 * crashes, the queue does. What crashes it gets there after `maxAge` to twice `maxAge` and 10 hours, so that days are left of the 14.
 */
export function maxReceiveCountOf(maxAge: Duration, visibilityTimeout: Duration): number {
  return Math.ceil(maxAge.toSeconds() / Math.min(visibilityTimeout.toSeconds(), RETRY.toSeconds())) + FIRST_RETRIES;
}

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html */
export function grantSend(queue: sqs.IQueue, grantee: iam.IGrantable): void {
  iam.Grant.addToPrincipal({ grantee, actions: ['sqs:SendMessage'], resourceArns: [queue.queueArn] });
  queue.encryptionMasterKey?.grant(grantee, 'kms:Decrypt', 'kms:GenerateDataKey');
}

export function toQueue(queue: sqs.IQueue): RedriveSink {
  return (grantee) => {
    grantSend(queue, grantee);
    return { kind: 'queue', queueUrl: queue.queueUrl };
  };
}

/** What Lambda needs to read a queue, and the handler to let a message wait.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html#events-sqs-permissions */
const CONSUME_ACTIONS = ['sqs:ChangeMessageVisibility', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'];

export function connectQueue(scope: Construct, handler: lambda.Function, queue: sqs.Queue): lambda.EventSourceMapping {
  iam.Grant.addToPrincipal({ grantee: handler, actions: CONSUME_ACTIONS, resourceArns: [queue.queueArn] });
  queue.encryptionMasterKey?.grant(handler, 'kms:Decrypt');
  return new lambda.EventSourceMapping(scope, 'EventSource', {
    target: handler,
    eventSourceArn: queue.queueArn,
    batchSize: BATCH_SIZE,
    maxBatchingWindow: Duration.seconds(1),
    maxConcurrency: MAX_CONCURRENCY,
    reportBatchItemFailures: true,
  });
}
