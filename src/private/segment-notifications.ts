import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { HandlerOptions } from '../handler-options';
import { allowEvents, createRuleRole, createUndelivered, MAX_EVENT_AGE, MAX_RETRIES } from './rule-target';
import { Area } from './segment-buckets';

export interface SegmentNotifications {
  readonly rule: events.Rule;
  /** Notifications that could not start an execution. */
  readonly undelivered: sqs.Queue;
}

/** Starts an execution for every object that is written below the prefix. Nothing is set on the bucket itself. */
export function createSegmentNotifications(
  scope: Construct, { bucket, prefix }: Area, stateMachine: sfn.StateMachine, options: HandlerOptions,
): SegmentNotifications {
  if (options.encryptionKey) allowEvents(scope, options.encryptionKey);
  const undelivered = createUndelivered(scope, options);
  const rule = new events.Rule(scope, 'Rule', {
    description: `Starts an import for every object below ${prefix}/`,
    eventPattern: {
      source: ['aws.s3'],
      detailType: ['Object Created'],
      detail: { bucket: { name: [bucket.bucketName] }, object: { key: [{ prefix: `${prefix}/` }] } },
    },
  });
  rule.addTarget(new targets.SfnStateMachine(stateMachine, {
    role: createRuleRole(scope, 'Lets EventBridge start imports'),
    deadLetterQueue: undelivered,
    retryAttempts: MAX_RETRIES,
    maxEventAge: MAX_EVENT_AGE,
  }));
  return { rule, undelivered };
}
