import { ArnFormat, Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as ses from 'aws-cdk-lib/aws-ses';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { FilterPattern } from './filters';
import { allowEvents, createRuleRole, createUndelivered, fromOurs, MAX_EVENT_AGE, MAX_RETRIES } from './rule-target';
import { grantPut } from './stream';
import { EngagementType } from '../contract/engagement-stream-to-cdp';
import { SES_EVENT_TYPES } from '../contract/ses-events';
import type { EngagementSourceBindOptions } from '../engagement-source';
import { SesEngagementSourceProps } from '../engagement-source-props';

/** What is wanted of the service, in its words. */
function sesEvents(types: readonly EngagementType[]): string[] {
  return [...new Set(types.flatMap((type) => SES_EVENT_TYPES[type] ?? []))];
}

/** The handler tells hard bounces from soft ones, and unsubscriptions from other changes. */
export function sesEventFilter(types: readonly EngagementType[]): FilterPattern | undefined {
  const wanted = sesEvents(types);
  return wanted.length > 0 ? { detail: { eventType: wanted } } : undefined;
}

/** The service's words for the types of an event destination, by those of its events.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-ses-configurationseteventdestination-eventdestination.html */
const MATCHING: Readonly<Record<string, ses.EmailSendingEvent>> = {
  'Send': ses.EmailSendingEvent.SEND,
  'Delivery': ses.EmailSendingEvent.DELIVERY,
  'Bounce': ses.EmailSendingEvent.BOUNCE,
  'Complaint': ses.EmailSendingEvent.COMPLAINT,
  'Open': ses.EmailSendingEvent.OPEN,
  'Click': ses.EmailSendingEvent.CLICK,
  'Reject': ses.EmailSendingEvent.REJECT,
  'Subscription': ses.EmailSendingEvent.SUBSCRIPTION,
  'Rendering Failure': ses.EmailSendingEvent.RENDERING_FAILURE,
  'DeliveryDelay': ses.EmailSendingEvent.DELIVERY_DELAY,
};

/** Configuration set → default event bus → rule → stream. The answer holds what the rule can't deliver. */
export function connectSes(scope: Construct, props: SesEngagementSourceProps, options: EngagementSourceBindOptions): sqs.Queue {
  const { configurationSet } = props;
  if (!props.existingEventDestination) createEventDestination(scope, configurationSet, options.events);
  if (options.options.encryptionKey) allowEvents(scope, options.options.encryptionKey);
  const undelivered = createUndelivered(scope, options.options);
  const rule = new events.Rule(scope, 'Rule', {
    description: 'Takes the events of one configuration set of Amazon SES to the stream',
    eventPattern: { source: ['aws.ses'], detail: { mail: { tags: { 'ses:configuration-set': [configurationSet.configurationSetName] } } } },
    targets: [streamTarget(scope, options.stream, undelivered)],
  });
  undelivered.addToResourcePolicy(new iam.PolicyStatement({
    principals: [new iam.ServicePrincipal('events.amazonaws.com')],
    actions: ['sqs:SendMessage'],
    resources: [undelivered.queueArn],
    conditions: fromOurs(scope, rule.ruleArn),
  }));
  return undelivered;
}

/** The service publishes to the default event bus only. */
function createEventDestination(scope: Construct, configurationSet: ses.IConfigurationSet, types?: readonly EngagementType[]): void {
  const eventBusArn = Stack.of(scope).formatArn({
    service: 'events', resource: 'event-bus', resourceName: 'default', arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
  });
  new ses.CfnConfigurationSetEventDestination(scope, 'EventDestination', {
    configurationSetName: configurationSet.configurationSetName,
    eventDestination: {
      enabled: true,
      matchingEventTypes: types ? sesEvents(types).map((name) => MATCHING[name]) : Object.values(MATCHING),
      eventBridgeDestination: { eventBusArn },
    },
  });
}

/** The library's own target takes no role and no dead-letter queue. All events of one message have one partition key. */
function streamTarget(scope: Construct, stream: kinesis.IStream, undelivered: sqs.Queue): events.IRuleTarget {
  const role = createRuleRole(scope, 'Lets EventBridge put the events of Amazon SES on the stream');
  grantPut(stream, role, 'kinesis:PutRecord', 'kinesis:PutRecords');
  return {
    bind: () => ({
      arn: stream.streamArn,
      role,
      kinesisParameters: { partitionKeyPath: '$.detail.mail.messageId' },
      deadLetterConfig: { arn: undelivered.queueArn },
      retryPolicy: { maximumRetryAttempts: MAX_RETRIES, maximumEventAgeInSeconds: MAX_EVENT_AGE.toSeconds() },
    }),
  };
}
