import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as pipes from 'aws-cdk-lib/aws-pipes';
import * as smsvoice from 'aws-cdk-lib/aws-smsvoice';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { FilterPattern } from './filters';
import { DEFAULT_REMOVAL_POLICY } from './handler';
import { createUndelivered, fromOurs } from './rule-target';
import { grantPut } from './stream';
import { EngagementType } from '../contract/engagement-stream-to-cdp';
import { SMS_EVENT_TYPES } from '../contract/sms-events';
import type { EngagementSourceBindOptions } from '../engagement-source';
import { SmsEngagementSourceProps } from '../engagement-source-props';
import { HandlerOptions } from '../handler-options';

/** Every name that is not one of the unwanted ones, for whoever wants CUSTOM. */
export function smsEventFilter(types: readonly EngagementType[]): FilterPattern | undefined {
  const names = [...SMS_EVENT_TYPES];
  if (types.includes('CUSTOM')) {
    const unwanted = names.filter(([, type]) => !types.includes(type)).map(([name]) => name);
    // A rule that shuts nothing out is none.
    return { eventType: [{ 'anything-but': unwanted.length > 0 ? unwanted : [''] }] };
  }
  const wanted = names.filter(([, type]) => types.includes(type)).map(([name]) => name);
  return wanted.length > 0 ? { eventType: wanted } : undefined;
}

/** Every 90 seconds, as often as a queue allows: 25 hours, and thus no shorter than EventBridge tries.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html (maxReceiveCount) */
const VISIBILITY = Duration.seconds(90);
const MAX_RECEIVES = 1_000;

/** Messages per request of the pipe; the most without a batching window.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-sqs.html */
const BATCH_SIZE = 10;

/** Configuration set → topic → queue → pipe → stream. The answer holds what the pipe can't deliver. */
export function connectSms(scope: Construct, props: SmsEngagementSourceProps, { stream, options }: EngagementSourceBindOptions): sqs.Queue {
  const topic = createTopic(scope, options);
  if (props.configurationSetName === undefined) createConfigurationSet(scope, topic);
  else new CfnOutput(scope, 'SmsTopicArn', { value: topic.topicArn, description: 'The topic for the event destination of the configuration set' });
  const undelivered = createUndelivered(scope, options);
  const queue = createQueue(scope, topic, undelivered, options);
  const role = new iam.Role(scope, 'PipeRole', {
    description: 'Lets EventBridge take the events of text messages from the queue to the stream',
    assumedBy: new iam.ServicePrincipal('pipes.amazonaws.com', {
      conditions: fromOurs(scope, Stack.of(scope).formatArn({ service: 'pipes', resource: 'pipe', resourceName: '*' })),
    }),
  });
  grantPut(stream, role, 'kinesis:PutRecord', 'kinesis:PutRecords');
  const reading = iam.Grant.addToPrincipal({
    grantee: role, actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], resourceArns: [queue.queueArn],
  });
  options.encryptionKey?.grant(role, 'kms:Decrypt');
  const pipe = new pipes.CfnPipe(scope, 'Pipe', {
    description: 'Takes the events of text messages to the stream',
    roleArn: role.roleArn,
    source: queue.queueArn,
    sourceParameters: { sqsQueueParameters: { batchSize: BATCH_SIZE } },
    target: stream.streamArn,
    // The queue keeps no order, so that any key does; one that is always there can't fail.
    targetParameters: { inputTemplate: '<$.body>', kinesisStreamParameters: { partitionKey: '$.messageId' } },
  });
  // The pipe reads from the queue when it is made.
  reading.applyBefore(pipe);
  return undelivered;
}

function createTopic(scope: Construct, { encryptionKey }: HandlerOptions): sns.Topic {
  const topic = new sns.Topic(scope, 'Topic', { enforceSSL: true, masterKey: encryptionKey });
  const principals = [new iam.ServicePrincipal('sms-voice.amazonaws.com')];
  const conditions = fromOurs(scope, Stack.of(scope).formatArn({ service: 'sms-voice', resource: '*' }));
  topic.addToResourcePolicy(new iam.PolicyStatement({ principals, actions: ['sns:Publish'], resources: [topic.topicArn], conditions }));
  if (encryptionKey) allowUse(encryptionKey, principals, conditions);
  return topic;
}

/** @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services */
function allowUse(key: kms.IKey, principals: iam.IPrincipal[], conditions: object): void {
  key.addToResourcePolicy(new iam.PolicyStatement({
    principals, actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: ['*'], conditions: conditions as Record<string, unknown>,
  }));
}

function createConfigurationSet(scope: Construct, topic: sns.Topic): void {
  const configurationSet = new smsvoice.CfnConfigurationSet(scope, 'ConfigurationSet', {
    eventDestinations: [{
      eventDestinationName: 'cdp', enabled: true, matchingEventTypes: ['ALL'], snsDestination: { topicArn: topic.topicArn },
    }],
  });
  // The service may try the permission when it is made.
  configurationSet.node.addDependency(topic);
  new CfnOutput(scope, 'SmsConfigurationSetName', { value: configurationSet.ref, description: 'The configuration set to send text messages with' });
}

function createQueue(scope: Construct, topic: sns.Topic, undelivered: sqs.Queue, { encryptionKey, removalPolicy }: HandlerOptions): sqs.Queue {
  const queue = new sqs.Queue(scope, 'SmsEvents', {
    encryption: encryptionKey ? sqs.QueueEncryption.KMS : sqs.QueueEncryption.SQS_MANAGED,
    encryptionMasterKey: encryptionKey,
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
    visibilityTimeout: VISIBILITY,
    deadLetterQueue: { queue: undelivered, maxReceiveCount: MAX_RECEIVES },
    removalPolicy: removalPolicy ?? DEFAULT_REMOVAL_POLICY,
  });
  const principals = [new iam.ServicePrincipal('sns.amazonaws.com')];
  queue.addToResourcePolicy(new iam.PolicyStatement({
    principals, actions: ['sqs:SendMessage'], resources: [queue.queueArn], conditions: fromOurs(scope, topic.topicArn),
  }));
  // Of any topic of the account, as this one is made with the key.
  if (encryptionKey) allowUse(encryptionKey, principals, fromOurs(scope, Stack.of(scope).formatArn({ service: 'sns', resource: '*' })));
  new sns.Subscription(scope, 'Subscription', {
    topic, protocol: sns.SubscriptionProtocol.SQS, endpoint: queue.queueArn, rawMessageDelivery: true,
  });
  return queue;
}
