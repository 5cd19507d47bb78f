import { Annotations as CoreAnnotations, Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { APPLICATION_ID, configOf, givenFeedback, givenStack, readable, statementsOf, templateOf } from './support/synth';
import { parseEngagementStreamToCdp } from '../src/contract/engagement-stream-to-cdp';

const APP = `arn:<AWS::Partition>:mobiletargeting:<AWS::Region>:<AWS::AccountId>:apps/${APPLICATION_ID}`;
const ITS_ACCOUNT = { StringEquals: { 's3:ResourceAccount': '<AWS::AccountId>' } };
const READ = [
  'kinesis:DescribeStream', 'kinesis:DescribeStreamSummary', 'kinesis:GetRecords', 'kinesis:GetShardIterator', 'kinesis:ListShards',
  'kinesis:SubscribeToShard',
];
const LETTERS = 'dead-letters/Stack-Feedback-CA813C2B';

describe('with the required props only', () => {
  const feedback = givenFeedback();
  const template = templateOf(feedback);

  test('owns an encrypted stream, which the application writes its events to', () => {
    template.hasResource('AWS::Kinesis::Stream', {
      DeletionPolicy: 'Retain',
      Properties: { ShardCount: 1, RetentionPeriodHours: 48, StreamEncryption: { KeyId: 'alias/aws/kinesis' } },
    });
    const [eventStream] = Object.values(template.findResources('AWS::Pinpoint::EventStream'));
    expect(readable(eventStream.Properties)).toEqual({
      ApplicationId: APPLICATION_ID, DestinationStreamArn: '<FeedbackStream.Arn>', RoleArn: '<FeedbackEventStreamRole.Arn>',
    });
    expect(eventStream.DependsOn).toEqual(expect.arrayContaining([expect.stringMatching(/^FeedbackEventStreamRoleDefaultPolicy/)]));
  });

  test('the service may write for this application only, and do exactly this', () => {
    const [role] = Object.values(template.findResources('AWS::IAM::Role', { Properties: { Description: Match.stringLikeRegexp('Pinpoint') } }));
    expect(readable(role.Properties.AssumeRolePolicyDocument)).toEqual({
      Version: '2012-10-17',
      Statement: [{
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { Service: 'pinpoint.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': '<AWS::AccountId>' }, ArnLike: { 'aws:SourceArn': APP } },
      }],
    });
    expect(statementsOf(template, '<FeedbackEventStreamRole>')).toEqual([
      { Action: ['kinesis:PutRecords', 'kinesis:DescribeStream'], Resource: '<FeedbackStream.Arn>' },
    ]);
  });

  test('the handler may do exactly this', () => {
    expect(statementsOf(template, '<FeedbackHandlerRole>')).toEqual([
      { Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: '<FeedbackHandlerLogs.Arn>' },
      { Action: 's3:PutObject', Resource: `<FeedbackDeadLetters.Arn>/${LETTERS}/*`, Condition: ITS_ACCOUNT },
      { Action: 'secretsmanager:GetSecretValue', Resource: '<WriteKey>' },
      { Action: READ, Resource: '<FeedbackStream.Arn>' },
      { Action: 's3:PutObject', Resource: '<FeedbackDeadLetters.Arn>/aws/lambda/*', Condition: ITS_ACCOUNT },
      { Action: 's3:ListBucket', Resource: '<FeedbackDeadLetters.Arn>', Condition: ITS_ACCOUNT },
    ]);
  });

  test('the redrive function may do exactly this', () => {
    const below = (root: string) => [`<FeedbackDeadLetters.Arn>/${root}${LETTERS}/*`, `<FeedbackDeadLetters.Arn>/${root}aws/lambda/<FeedbackEventSource>/*`];
    expect(statementsOf(template, '<FeedbackRedriveRole>')).toEqual([
      { Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: '<FeedbackRedriveLogs.Arn>' },
      { Action: ['s3:GetObject', 's3:DeleteObject'], Resource: below(''), Condition: ITS_ACCOUNT },
      { Action: 's3:PutObject', Resource: [...below('redriven/'), below('')[0]], Condition: ITS_ACCOUNT },
      {
        Action: 's3:ListBucket',
        Resource: '<FeedbackDeadLetters.Arn>',
        Condition: { ...ITS_ACCOUNT, StringLike: { 's3:prefix': [`${LETTERS}/*`, 'aws/lambda/<FeedbackEventSource>/*'] } },
      },
      { Action: 'kinesis:PutRecords', Resource: '<FeedbackStream.Arn>' },
    ]);
  });

  test('reads the stream from its oldest record on, unfiltered, and keeps what it gives up', () => {
    const [mapping] = Object.values(template.findResources('AWS::Lambda::EventSourceMapping'));
    expect(readable(mapping.Properties)).toEqual({
      FunctionName: '<FeedbackHandler>',
      EventSourceArn: '<FeedbackStream.Arn>',
      StartingPosition: 'TRIM_HORIZON',
      BatchSize: 1000,
      MaximumBatchingWindowInSeconds: 1,
      ParallelizationFactor: 1,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 1000,
      MaximumRecordAgeInSeconds: 86400,
      DestinationConfig: { OnFailure: { Destination: '<FeedbackDeadLetters.Arn>' } },
      MetricsConfig: { Metrics: ['EventCount'] },
    });
  });

  test('runs two functions that are told everything in one variable, and nothing secret', () => {
    template.resourceCountIs('AWS::Lambda::Function', 2);
    template.allResourcesProperties('AWS::Lambda::Function', {
      Runtime: 'nodejs24.x', Architectures: ['arm64'], Environment: { Variables: { CDP_CONFIG: Match.anyValue() } },
    });
    expect(JSON.stringify(template.toJSON())).not.toContain('{{resolve:');
    expect(JSON.parse(configOf(template, 'FeedbackHandler')).destination).toEqual({
      kind: 'segment', url: 'https://api.segment.io', writeKey: { secretArn: '<WriteKey>' },
    });
  });

  test('has no archive', () => {
    template.resourceCountIs('AWS::KinesisFirehose::DeliveryStream', 0);
    expect([feedback.archiveBucket, feedback.archiveDelivery]).toEqual([undefined, undefined]);
  });

  test('no role has a managed policy', () => {
    template.allResourcesProperties('AWS::IAM::Role', { ManagedPolicyArns: Match.absent() });
  });

  test('alarms exist, treat silence as health and notify nobody', () => {
    template.resourceCountIs('AWS::CloudWatch::Alarm', 8);
    template.allResourcesProperties('AWS::CloudWatch::Alarm', {
      TreatMissingData: 'notBreaching', AlarmActions: Match.absent(), OKActions: Match.absent(),
    });
  });

  test.each([
    ['AWS/Lambda', 'IteratorAge', 'FunctionName', '<FeedbackHandler>', 'Maximum', 3_600_000],
    ['AWS/Lambda', 'OnFailureDestinationDeliveredEventCount', 'EventSourceMappingUUID', '<FeedbackEventSource>', 'Sum', 1],
    ['AWS/Lambda', 'DestinationDeliveryFailures', 'FunctionName', '<FeedbackHandler>', 'Sum', 1],
    ['AWS/Lambda', 'Errors', 'FunctionName', '<FeedbackHandler>', 'Sum', 1],
    ['AWS/Lambda', 'Throttles', 'FunctionName', '<FeedbackHandler>', 'Sum', 1],
    ['CdkCdpEngagement', 'MessagesDeadLettered', 'Instance', 'Stack/Feedback', 'Sum', 1],
    ['CdkCdpEngagement', 'RequestsThrottled', 'Instance', 'Stack/Feedback', 'Sum', 20],
    ['CdkCdpEngagement', 'RequestsFailed', 'Instance', 'Stack/Feedback', 'Sum', 20],
  ])('an alarm watches %s %s by %s', (Namespace, MetricName, Name, Value, Statistic, Threshold) => {
    const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm')).map((alarm) => readable(alarm.Properties));
    expect(alarms).toContainEqual(expect.objectContaining({ Namespace, MetricName, Dimensions: [{ Name, Value }], Statistic, Threshold }));
  });

  test('warns of the end of support', () => {
    Annotations.fromStack(Stack.of(feedback)).hasWarning('/Stack/Feedback',
      Match.stringLikeRegexp('October 30, 2026.*cdk-cdp-engagement:pinpointEndOfSupport'));
  });

  test('its parts are to be had', () => {
    expect(feedback.grantPrincipal).toBe(feedback.handler.grantPrincipal);
    expect(feedback.alarms).toHaveLength(8);
    expect(feedback.redriveFunction.node.path).toBe('Stack/Feedback/Redrive');
    expect(feedback.eventSourceMapping.node.path).toBe('Stack/Feedback/EventSource');
    expect(feedback.deadLetterBucket.node.path).toBe('Stack/Feedback/DeadLetters');
    expect(feedback.stream.node.path).toBe('Stack/Feedback/Stream');
  });
});

describe('metrics', () => {
  const feedback = givenFeedback();

  test.each([
    [feedback.metricMessagesAccepted(), 'MessagesAccepted', 'Sum'],
    [feedback.metricMessagesDropped(), 'MessagesDropped', 'Sum'],
    [feedback.metricMessagesDeadLettered(), 'MessagesDeadLettered', 'Sum'],
    [feedback.metricAnonymousEvents(), 'AnonymousEvents', 'Sum'],
    [feedback.metricRequestsThrottled(), 'RequestsThrottled', 'Sum'],
    [feedback.metricRequestsFailed(), 'RequestsFailed', 'Sum'],
    [feedback.metricLag(), 'Lag', 'Maximum'],
  ])('%s', (metric, metricName, statistic) => {
    expect(metric).toMatchObject({ namespace: 'CdkCdpEngagement', metricName, statistic, dimensions: { Instance: 'Stack/Feedback' } });
  });

  test('take options, but always of this instance', () => {
    const metric = feedback.metricMessagesDropped({ period: Duration.hours(1), dimensionsMap: { Reason: 'x', Instance: 'other' } });
    expect(metric).toMatchObject({ dimensions: { Reason: 'x', Instance: 'Stack/Feedback' } });
  });

  test('the iterator age is the one of the handler', () => {
    expect(feedback.metricIteratorAge()).toMatchObject({ namespace: 'AWS/Lambda', metricName: 'IteratorAge', statistic: 'Maximum' });
  });
});

test('who may put dead letters back', () => {
  const stack = givenStack();
  const feedback = givenFeedback({}, stack);
  feedback.grantRedrive(new iam.User(stack, 'Operator'));
  templateOf(feedback).hasResourceProperties('AWS::IAM::Policy', {
    Users: [{ Ref: Match.stringLikeRegexp('^Operator') }],
    PolicyDocument: { Statement: [Match.objectLike({ Action: 'lambda:InvokeFunction' })] },
  });
});

test('every recommended feature flag may be on', () => {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const context = require('aws-cdk-lib/recommended-feature-flags.json') as Record<string, unknown>;
  const stack = givenStack('Stack', context);
  CoreAnnotations.of(stack).acknowledgeWarning('cdk-cdp-engagement:pinpointEndOfSupport');
  const template = templateOf(givenFeedback({ encryptionKey: new kms.Key(stack, 'Key'), vpc: new ec2.Vpc(stack, 'Vpc'), archive: {} }, stack));
  expect(parseEngagementStreamToCdp(JSON.parse(configOf(template, 'FeedbackHandler')), '').version).toBe(1);
});
