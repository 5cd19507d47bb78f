import { Duration, Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { HandlerOptions } from '../handler-options';
import { DEFAULT_REMOVAL_POLICY } from './handler';
import { Area } from './segment-buckets';

/** As often and as long as EventBridge goes on at most.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html */
const MAX_RETRIES = 185;
const MAX_EVENT_AGE = Duration.hours(24);

export interface SegmentNotifications {
  readonly rule: events.Rule;
  /** Notifications that could not start an execution. */
  readonly undelivered: sqs.Queue;
}

/** Starts an execution for every object that is written below the prefix. Nothing is set on the bucket itself. */
export function createSegmentNotifications(
  scope: Construct, { bucket, prefix }: Area, stateMachine: sfn.StateMachine, options: HandlerOptions,
): SegmentNotifications {
  const undelivered = createQueue(scope, options);
  const rule = new events.Rule(scope, 'Rule', {
    description: `Starts an import for every object below ${prefix}/`,
    eventPattern: {
      source: ['aws.s3'],
      detailType: ['Object Created'],
      detail: { bucket: { name: [bucket.bucketName] }, object: { key: [{ prefix: `${prefix}/` }] } },
    },
  });
  rule.addTarget(new targets.SfnStateMachine(stateMachine, {
    role: createRole(scope), deadLetterQueue: undelivered, retryAttempts: MAX_RETRIES, maxEventAge: MAX_EVENT_AGE,
  }));
  return { rule, undelivered };
}

function createQueue(scope: Construct, options: HandlerOptions): sqs.Queue {
  const { encryptionKey } = options;
  if (encryptionKey) allowEvents(scope, encryptionKey);
  return new sqs.Queue(scope, 'Undelivered', {
    encryption: encryptionKey ? sqs.QueueEncryption.KMS : sqs.QueueEncryption.SQS_MANAGED,
    encryptionMasterKey: encryptionKey,
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
    removalPolicy: options.removalPolicy ?? DEFAULT_REMOVAL_POLICY,
  });
}

/** The name of the rule is not known yet, hence any of the account. */
function fromOurRules(scope: Construct) {
  const stack = Stack.of(scope);
  return {
    StringEquals: { 'aws:SourceAccount': stack.account },
    ArnLike: { 'aws:SourceArn': stack.formatArn({ service: 'events', resource: 'rule', resourceName: '*' }) },
  };
}

function createRole(scope: Construct): iam.Role {
  return new iam.Role(scope, 'RuleRole', {
    description: 'Lets EventBridge start imports',
    assumedBy: new iam.ServicePrincipal('events.amazonaws.com', { conditions: fromOurRules(scope) }),
  });
}

/** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html#eb-dlq-perms */
function allowEvents(scope: Construct, key: kms.IKey): void {
  key.addToResourcePolicy(new iam.PolicyStatement({
    principals: [new iam.ServicePrincipal('events.amazonaws.com')],
    actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
    resources: ['*'],
    conditions: fromOurRules(scope),
  }));
}
