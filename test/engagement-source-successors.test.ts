import { Match, Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as ses from 'aws-cdk-lib/aws-ses';
import { EngagementEventType, EngagementSource, EngagementStreamToCdp, EngagementStreamToCdpProps, SesEngagementSourceProps } from '../src';
import sesEvents from './fixtures/ses/events.json';
import smsEvents from './fixtures/sms/events.json';
import { givenFeedback, givenStack, readable, statementsOf, templateOf } from './support/synth';
import { matchesPattern } from '../local/events/pattern';
import { matches, unknownRule } from '../local/lambda/esm/filter';
import { MAX_PATTERN } from '../src/private/filters';
import { MAX_EVENT_AGE } from '../src/private/rule-target';

const OURS = { 'aws:SourceAccount': '<AWS::AccountId>' };
const arn = (service: string, resource: string) => `arn:<AWS::Partition>:${service}:<AWS::Region>:<AWS::AccountId>:${resource}`;

function givenSes(props: Partial<SesEngagementSourceProps & EngagementStreamToCdpProps> = {}, stack = givenStack()): EngagementStreamToCdp {
  const configurationSet = ses.ConfigurationSet.fromConfigurationSetName(stack, 'Set', 'newsletter');
  return givenFeedback({ ...props, source: EngagementSource.ses({ configurationSet, ...props }) }, stack);
}

/** The only resource of a type, as one reads it. */
function only(template: Template, type: string, id: RegExp = /./): any {
  const found = Object.entries(template.findResources(type)).filter(([name]) => id.test(name));
  expect(found).toHaveLength(1);
  return readable(found[0][1].Properties);
}

const policyOf = (template: Template, type: string, id: RegExp) => only(template, type, id).PolicyDocument.Statement
  .filter(({ Effect }: { Effect: string }) => Effect === 'Allow').map(({ Effect: _, ...statement }: any) => statement);

/** What Lambda hands to the function of these records. */
function handedOn(template: Template, records: Readonly<Record<string, object>>): string[] {
  const [{ Pattern }] = only(template, 'AWS::Lambda::EventSourceMapping').FilterCriteria.Filters;
  expect(Pattern.length).toBeLessThanOrEqual(MAX_PATTERN);
  const pattern = JSON.parse(Pattern);
  expect(unknownRule(pattern)).toBeUndefined();
  return Object.entries(records).filter(([, data]) => matches(pattern, { partitionKey: 'k', data: data as any })).map(([name]) => name);
}

describe('Amazon SES', () => {
  const template = templateOf(givenSes());

  test('the configuration set publishes everything to the default event bus', () => {
    expect(only(template, 'AWS::SES::ConfigurationSetEventDestination')).toEqual({
      ConfigurationSetName: 'newsletter',
      EventDestination: {
        Enabled: true,
        MatchingEventTypes: ['send', 'delivery', 'bounce', 'complaint', 'open', 'click', 'reject', 'subscription', 'renderingFailure', 'deliveryDelay'],
        EventBridgeDestination: { EventBusArn: arn('events', 'event-bus/default') },
      },
    });
  });

  test('or what is wanted: opens and clicks change the messages', () => {
    const { EMAIL_HARD_BOUNCE, EMAIL_SOFT_BOUNCE, EMAIL_UNSUBSCRIBE, CUSTOM } = EngagementEventType;
    const { EventDestination } = only(templateOf(givenSes({ events: [EMAIL_HARD_BOUNCE, EMAIL_SOFT_BOUNCE, EMAIL_UNSUBSCRIBE, CUSTOM] })),
      'AWS::SES::ConfigurationSetEventDestination');
    expect(EventDestination.MatchingEventTypes).toEqual(['bounce', 'subscription', 'complaint']);
  });

  test('an event destination that exists is left alone', () => {
    templateOf(givenSes({ existingEventDestination: true })).resourceCountIs('AWS::SES::ConfigurationSetEventDestination', 0);
  });

  test('the rule takes its events to the stream, and keeps what it can not deliver', () => {
    expect(only(template, 'AWS::Events::Rule')).toEqual({
      Description: expect.any(String),
      State: 'ENABLED',
      EventPattern: { source: ['aws.ses'], detail: { mail: { tags: { 'ses:configuration-set': ['newsletter'] } } } },
      Targets: [{
        Id: 'Target0',
        Arn: '<FeedbackStream.Arn>',
        RoleArn: '<FeedbackRuleRole.Arn>',
        KinesisParameters: { PartitionKeyPath: '$.detail.mail.messageId' },
        DeadLetterConfig: { Arn: '<FeedbackUndelivered.Arn>' },
        RetryPolicy: { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86_400 },
      }],
    });
  });

  test('of its events, the rule takes those of the configuration set', () => {
    const { EventPattern } = only(template, 'AWS::Events::Rule');
    for (const event of Object.values(sesEvents)) expect(matchesPattern(EventPattern, event)).toBe(true);
    const other = structuredClone(sesEvents.open);
    other.detail.mail.tags['ses:configuration-set'] = ['other'];
    expect(matchesPattern(EventPattern, other)).toBe(false);
    expect(matchesPattern(EventPattern, { 'source': 'aws.ses', 'detail-type': 'Sending Status Disabled', 'detail': {} })).toBe(false);
  });

  test('whole statements', () => {
    expect(statementsOf(template, '<FeedbackRuleRole>')).toEqual([
      { Action: ['kinesis:PutRecord', 'kinesis:PutRecords'], Resource: '<FeedbackStream.Arn>' },
    ]);
    expect(only(template, 'AWS::IAM::Role', /RuleRole/).AssumeRolePolicyDocument.Statement).toEqual([{
      Effect: 'Allow',
      Action: 'sts:AssumeRole',
      Principal: { Service: 'events.amazonaws.com' },
      Condition: { StringEquals: OURS, ArnLike: { 'aws:SourceArn': arn('events', 'rule/*') } },
    }]);
    expect(policyOf(template, 'AWS::SQS::QueuePolicy', /Undelivered/)).toEqual([{
      Action: 'sqs:SendMessage',
      Resource: '<FeedbackUndelivered.Arn>',
      Principal: { Service: 'events.amazonaws.com' },
      Condition: { StringEquals: OURS, ArnLike: { 'aws:SourceArn': '<FeedbackRule.Arn>' } },
    }]);
  });

  test('a key of one’s own is usable by whoever has to', () => {
    const stack = givenStack();
    const encrypted = templateOf(givenSes({ encryptionKey: new kms.Key(stack, 'Key') }, stack));
    expect(statementsOf(encrypted, '<FeedbackRuleRole>')).toEqual([
      { Action: 'kms:GenerateDataKey', Resource: '<Key.Arn>' },
      { Action: ['kinesis:PutRecord', 'kinesis:PutRecords'], Resource: '<FeedbackStream.Arn>' },
    ]);
    expect(only(encrypted, 'AWS::KMS::Key').KeyPolicy.Statement).toContainEqual({
      Effect: 'Allow',
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Resource: '*',
      Principal: { Service: 'events.amazonaws.com' },
      Condition: { StringEquals: OURS, ArnLike: { 'aws:SourceArn': arn('events', 'rule/*') } },
    });
    encrypted.hasResourceProperties('AWS::SQS::Queue', { KmsMasterKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Key'), 'Arn'] } });
  });

  test('an alarm watches what could not be delivered', () => {
    const feedback = givenSes();
    expect(feedback.undeliveredQueue).toBeDefined();
    expect(feedback.alarms.map(({ node }) => node.id)).toContain('UndeliveredEventsAlarm');
    expect(givenFeedback().undeliveredQueue).toBeUndefined();
  });

  const { EMAIL_SEND, EMAIL_SOFT_BOUNCE, EMAIL_OPEN, EMAIL_RENDERING_FAILURE, EMAIL_DELIVERY_DELAY, EMAIL_UNSUBSCRIBE, SMS_SUCCESS } = EngagementEventType;
  test.each<[EngagementEventType[], string[]]>([
    [[EMAIL_SEND], ['send', 'encodedTag']],
    [[EMAIL_OPEN, SMS_SUCCESS], ['open', 'openOfSeveral']],
    [[EMAIL_SOFT_BOUNCE], ['hardBounce', 'softBounce', 'undeterminedBounce', 'bounceOfSeveral']],
    [[EMAIL_RENDERING_FAILURE, EMAIL_DELIVERY_DELAY], ['renderingFailure', 'deliveryDelay']],
    [[EMAIL_UNSUBSCRIBE], ['unsubscribeAll', 'unsubscribeTopic', 'resubscribe']],
    [[EngagementEventType.CUSTOM], ['complaint', 'unsubscribeAll', 'unsubscribeTopic', 'resubscribe']],
  ])('Lambda hands on, of %j, the events %j', (events, names) => {
    expect(handedOn(templateOf(givenSes({ events })), sesEvents)).toEqual(names);
  });
});

describe('AWS End User Messaging SMS', () => {
  const template = templateOf(givenFeedback({ source: EngagementSource.sms() }));

  test('a configuration set publishes everything to a topic, whose queue a pipe empties onto the stream', () => {
    expect(only(template, 'AWS::SMSVOICE::ConfigurationSet')).toEqual({
      EventDestinations: [{ EventDestinationName: 'cdp', Enabled: true, MatchingEventTypes: ['ALL'], SnsDestination: { TopicArn: '<FeedbackTopic>' } }],
    });
    expect(only(template, 'AWS::SNS::Subscription')).toEqual({
      TopicArn: '<FeedbackTopic>', Protocol: 'sqs', Endpoint: '<FeedbackSmsEvents.Arn>', RawMessageDelivery: true,
    });
    expect(only(template, 'AWS::SQS::Queue', /SmsEvents/)).toEqual({
      MessageRetentionPeriod: 1_209_600,
      VisibilityTimeout: 90,
      SqsManagedSseEnabled: true,
      RedrivePolicy: { deadLetterTargetArn: '<FeedbackUndelivered.Arn>', maxReceiveCount: 1000 },
    });
    expect(only(template, 'AWS::Pipes::Pipe')).toEqual({
      Description: expect.any(String),
      RoleArn: '<FeedbackPipeRole.Arn>',
      Source: '<FeedbackSmsEvents.Arn>',
      SourceParameters: { SqsQueueParameters: { BatchSize: 10 } },
      Target: '<FeedbackStream.Arn>',
      TargetParameters: { InputTemplate: '<$.body>', KinesisStreamParameters: { PartitionKey: '$.messageId' } },
    });
    template.hasOutput('*', { Value: { Ref: Match.stringLikeRegexp('^FeedbackConfigurationSet') } });
  });

  test('what the pipe can not deliver is tried for as long as a rule tries', () => {
    const { VisibilityTimeout, RedrivePolicy } = only(template, 'AWS::SQS::Queue', /SmsEvents/);
    expect(VisibilityTimeout * RedrivePolicy.maxReceiveCount).toBeGreaterThanOrEqual(MAX_EVENT_AGE.toSeconds());
  });

  test('a configuration set that exists gets the topic', () => {
    const existing = templateOf(givenFeedback({ source: EngagementSource.sms({ configurationSetName: 'alerts' }) }));
    existing.resourceCountIs('AWS::SMSVOICE::ConfigurationSet', 0);
    existing.hasOutput('*', { Value: { Ref: Match.stringLikeRegexp('^FeedbackTopic') } });
  });

  test('whole statements', () => {
    expect(statementsOf(template, '<FeedbackPipeRole>')).toEqual([
      { Action: ['kinesis:PutRecord', 'kinesis:PutRecords'], Resource: '<FeedbackStream.Arn>' },
      { Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], Resource: '<FeedbackSmsEvents.Arn>' },
    ]);
    expect(only(template, 'AWS::IAM::Role', /PipeRole/).AssumeRolePolicyDocument.Statement).toEqual([{
      Effect: 'Allow',
      Action: 'sts:AssumeRole',
      Principal: { Service: 'pipes.amazonaws.com' },
      Condition: { StringEquals: OURS, ArnLike: { 'aws:SourceArn': arn('pipes', 'pipe/*') } },
    }]);
    expect(policyOf(template, 'AWS::SNS::TopicPolicy', /./)).toEqual([{
      Sid: expect.any(String),
      Action: 'sns:Publish',
      Resource: '<FeedbackTopic>',
      Principal: { Service: 'sms-voice.amazonaws.com' },
      Condition: { StringEquals: OURS, ArnLike: { 'aws:SourceArn': arn('sms-voice', '*') } },
    }]);
    expect(policyOf(template, 'AWS::SQS::QueuePolicy', /SmsEvents/)).toEqual([{
      Action: 'sqs:SendMessage',
      Resource: '<FeedbackSmsEvents.Arn>',
      Principal: { Service: 'sns.amazonaws.com' },
      Condition: { StringEquals: OURS, ArnLike: { 'aws:SourceArn': '<FeedbackTopic>' } },
    }]);
  });

  test('a key of one’s own is usable by whoever has to', () => {
    const stack = givenStack();
    const encrypted = templateOf(givenFeedback({ source: EngagementSource.sms(), encryptionKey: new kms.Key(stack, 'Key') }, stack));
    expect(statementsOf(encrypted, '<FeedbackPipeRole>')).toEqual([
      { Action: 'kms:GenerateDataKey', Resource: '<Key.Arn>' },
      { Action: ['kinesis:PutRecord', 'kinesis:PutRecords'], Resource: '<FeedbackStream.Arn>' },
      { Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], Resource: '<FeedbackSmsEvents.Arn>' },
      { Action: 'kms:Decrypt', Resource: '<Key.Arn>' },
    ]);
    const users = only(encrypted, 'AWS::KMS::Key').KeyPolicy.Statement.filter(({ Principal }: any) => Principal.Service?.startsWith('s'));
    expect(users).toEqual(['sms-voice.amazonaws.com', 'sns.amazonaws.com'].map((Service) => ({
      Effect: 'Allow',
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Resource: '*',
      Principal: { Service },
      Condition: { StringEquals: OURS, ArnLike: { 'aws:SourceArn': arn(Service.split('.')[0], '*') } },
    })));
    encrypted.hasResourceProperties('AWS::SNS::Topic', { KmsMasterKeyId: Match.anyValue() });
  });

  const { SMS_BUFFERED, SMS_SUCCESS, SMS_FAILURE, CUSTOM, EMAIL_OPEN } = EngagementEventType;
  test.each<[EngagementEventType[], string[]]>([
    [[SMS_BUFFERED], ['pending']],
    [[SMS_SUCCESS, EMAIL_OPEN], ['successful', 'delivered', 'media', 'withoutContext']],
    [[SMS_FAILURE], ['unreachable', 'unknown']],
    [[CUSTOM], ['voice']],
    [[CUSTOM, SMS_FAILURE], ['unreachable', 'unknown', 'voice']],
    [[CUSTOM, SMS_FAILURE, SMS_SUCCESS, SMS_BUFFERED], Object.keys(smsEvents)],
  ])('Lambda hands on, of %j, the events %j', (events, names) => {
    expect(handedOn(templateOf(givenFeedback({ source: EngagementSource.sms(), events })), smsEvents)).toEqual(names);
  });
});
