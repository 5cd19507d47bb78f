import { Duration, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { DEFAULT_REMOVAL_POLICY } from './handler';
import { HandlerOptions } from '../handler-options';

/** As often and as long as EventBridge goes on at most.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html */
export const MAX_RETRIES = 185;
export const MAX_EVENT_AGE = Duration.hours(24);

/** A queue for what a rule or a pipe could not deliver. */
export function createUndelivered(scope: Construct, { encryptionKey, removalPolicy }: HandlerOptions): sqs.Queue {
  return new sqs.Queue(scope, 'Undelivered', {
    encryption: encryptionKey ? sqs.QueueEncryption.KMS : sqs.QueueEncryption.SQS_MANAGED,
    encryptionMasterKey: encryptionKey,
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
    removalPolicy: removalPolicy ?? DEFAULT_REMOVAL_POLICY,
  });
}

/** What a rule assumes to reach its target. */
export function createRuleRole(scope: Construct, description: string): iam.Role {
  return new iam.Role(scope, 'RuleRole', {
    description,
    assumedBy: new iam.ServicePrincipal('events.amazonaws.com', { conditions: fromOurRules(scope) }),
  });
}

/** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html#eb-dlq-perms */
export function allowEvents(scope: Construct, key: kms.IKey): void {
  key.addToResourcePolicy(new iam.PolicyStatement({
    principals: [new iam.ServicePrincipal('events.amazonaws.com')],
    actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
    resources: ['*'],
    conditions: fromOurRules(scope),
  }));
}

/** The name of the rule is not known yet, hence any of the account. */
function fromOurRules(scope: Construct) {
  const stack = Stack.of(scope);
  return fromOurs(scope, stack.formatArn({ service: 'events', resource: 'rule', resourceName: '*' }));
}

/** Conditions that keep a service from being used by somebody else. */
export function fromOurs(scope: Construct, sourceArn: string) {
  return { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account }, ArnLike: { 'aws:SourceArn': sourceArn } };
}
