import { Annotations as CoreAnnotations, Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import { APPLICATION_ID, configOf, givenStack, givenSync, readable, statementsOf, templateOf } from './support/synth';
import { parseCdpEndpointSync } from '../src/contract/cdp-endpoint-sync';

const APPS = `arn:<AWS::Partition>:mobiletargeting:<AWS::Region>:<AWS::AccountId>:apps/${APPLICATION_ID}`;
const ITS_ACCOUNT = { StringEquals: { 's3:ResourceAccount': '<AWS::AccountId>' } };
const READ = [
  'kinesis:DescribeStream', 'kinesis:DescribeStreamSummary', 'kinesis:GetRecords', 'kinesis:GetShardIterator', 'kinesis:ListShards',
  'kinesis:SubscribeToShard',
];
const LETTERS = 'dead-letters/Stack-Sync-555A6524';

describe('with the required props only', () => {
  const sync = givenSync();
  const template = templateOf(sync);

  test('owns an encrypted stream of one shard', () => {
    template.hasResource('AWS::Kinesis::Stream', {
      DeletionPolicy: 'Retain',
      Properties: {
        ShardCount: 1, RetentionPeriodHours: 48, StreamModeDetails: { StreamMode: 'PROVISIONED' }, StreamEncryption: { KeyId: 'alias/aws/kinesis' },
      },
    });
  });

  test('owns an encrypted bucket that is closed to the public and to plain HTTP', () => {
    template.hasResource('AWS::S3::Bucket', {
      DeletionPolicy: 'Retain',
      Properties: {
        BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] },
        PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
        LifecycleConfiguration: { Rules: [{ Prefix: 'redriven/', ExpirationInDays: 30, Status: 'Enabled' }] },
      },
    });
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: { Statement: [Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })] },
    });
  });

  test('runs two functions that are told everything in one variable', () => {
    template.resourceCountIs('AWS::Lambda::Function', 2);
    template.allResourcesProperties('AWS::Lambda::Function', {
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      MemorySize: 512,
      Environment: { Variables: { CDP_CONFIG: Match.anyValue() } },
    });
    template.hasResourceProperties('AWS::Lambda::Function', { Timeout: 300 });
    template.hasResourceProperties('AWS::Lambda::Function', { Timeout: 900 });
  });

  test('keeps logs for three months', () => {
    template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 90 });
    template.resourceCountIs('AWS::Logs::LogGroup', 2);
  });

  test('reads the stream from its oldest record on, and keeps what it gives up', () => {
    const [mapping] = Object.values(template.findResources('AWS::Lambda::EventSourceMapping'));
    expect(readable(mapping.Properties)).toEqual({
      FunctionName: '<SyncHandler>',
      EventSourceArn: '<SyncStream.Arn>',
      StartingPosition: 'TRIM_HORIZON',
      BatchSize: 1000,
      MaximumBatchingWindowInSeconds: 1,
      ParallelizationFactor: 1,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 1000,
      MaximumRecordAgeInSeconds: 86400,
      DestinationConfig: { OnFailure: { Destination: '<SyncDeadLetters.Arn>' } },
      MetricsConfig: { Metrics: ['EventCount'] },
    });
  });

  test('the handler may do exactly this', () => {
    expect(statementsOf(template, '<SyncHandlerRole>')).toEqual([
      { Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: '<SyncHandlerLogs.Arn>' },
      { Action: 's3:PutObject', Resource: `<SyncDeadLetters.Arn>/${LETTERS}/*`, Condition: ITS_ACCOUNT },
      { Action: 'mobiletargeting:UpdateEndpointsBatch', Resource: APPS },
      { Action: 'mobiletargeting:PutEvents', Resource: `${APPS}/events` },
      { Action: ['mobiletargeting:DeleteUserEndpoints', 'mobiletargeting:GetUserEndpoints'], Resource: `${APPS}/users/*` },
      { Action: READ, Resource: '<SyncStream.Arn>' },
      { Action: 's3:PutObject', Resource: '<SyncDeadLetters.Arn>/aws/lambda/*', Condition: ITS_ACCOUNT },
      { Action: 's3:ListBucket', Resource: '<SyncDeadLetters.Arn>', Condition: ITS_ACCOUNT },
    ]);
  });

  test('the redrive function may do exactly this', () => {
    const below = (root: string) => [`<SyncDeadLetters.Arn>/${root}${LETTERS}/*`, `<SyncDeadLetters.Arn>/${root}aws/lambda/<SyncEventSource>/*`];
    expect(statementsOf(template, '<SyncRedriveRole>')).toEqual([
      { Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: '<SyncRedriveLogs.Arn>' },
      { Action: ['s3:GetObject', 's3:DeleteObject'], Resource: below(''), Condition: ITS_ACCOUNT },
      { Action: 's3:PutObject', Resource: [...below('redriven/'), below('')[0]], Condition: ITS_ACCOUNT },
      {
        Action: 's3:ListBucket',
        Resource: '<SyncDeadLetters.Arn>',
        Condition: { ...ITS_ACCOUNT, StringLike: { 's3:prefix': [`${LETTERS}/*`, 'aws/lambda/<SyncEventSource>/*'] } },
      },
      { Action: 'kinesis:PutRecords', Resource: '<SyncStream.Arn>' },
    ]);
  });

  test('no role has a managed policy', () => {
    template.allResourcesProperties('AWS::IAM::Role', { ManagedPolicyArns: Match.absent() });
  });

  test('alarms exist, treat silence as health and notify nobody', () => {
    template.resourceCountIs('AWS::CloudWatch::Alarm', 7);
    const quiet = { TreatMissingData: 'notBreaching', AlarmActions: Match.absent(), OKActions: Match.absent() };
    template.allResourcesProperties('AWS::CloudWatch::Alarm', quiet);
  });

  test.each([
    ['AWS/Lambda', 'IteratorAge', 'FunctionName', '<SyncHandler>', 'Maximum', 3_600_000],
    ['AWS/Lambda', 'OnFailureDestinationDeliveredEventCount', 'EventSourceMappingUUID', '<SyncEventSource>', 'Sum', 1],
    ['AWS/Lambda', 'DestinationDeliveryFailures', 'FunctionName', '<SyncHandler>', 'Sum', 1],
    ['AWS/Lambda', 'Errors', 'FunctionName', '<SyncHandler>', 'Sum', 1],
    ['AWS/Lambda', 'Throttles', 'FunctionName', '<SyncHandler>', 'Sum', 1],
    ['CdkCdpEngagement', 'MessagesDeadLettered', 'Instance', 'Stack/Sync', 'Sum', 1],
    ['CdkCdpEngagement', 'RequestsThrottled', 'Instance', 'Stack/Sync', 'Sum', 20],
  ])('an alarm watches %s %s by %s', (Namespace, MetricName, Name, Value, Statistic, Threshold) => {
    const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm')).map((alarm) => readable(alarm.Properties));
    expect(alarms).toContainEqual(expect.objectContaining({ Namespace, MetricName, Dimensions: [{ Name, Value }], Statistic, Threshold }));
  });

  test('warns of the end of support', () => {
    Annotations.fromStack(Stack.of(sync)).hasWarning('/Stack/Sync',
      Match.stringLikeRegexp('October 30, 2026.*cdk-cdp-engagement:pinpointEndOfSupport'));
  });

  test('its parts are to be had', () => {
    expect(sync.grantPrincipal).toBe(sync.handler.grantPrincipal);
    expect(sync.alarms).toHaveLength(7);
    expect(sync.redriveFunction.node.path).toBe('Stack/Sync/Redrive');
    expect(sync.eventSourceMapping.node.path).toBe('Stack/Sync/EventSource');
  });
});

describe('metrics', () => {
  const sync = givenSync();

  test.each([
    [sync.metricMessagesAccepted(), 'MessagesAccepted', 'Sum'],
    [sync.metricMessagesDropped(), 'MessagesDropped', 'Sum'],
    [sync.metricMessagesDeadLettered(), 'MessagesDeadLettered', 'Sum'],
    [sync.metricEndpointsAccepted(), 'EndpointsAccepted', 'Sum'],
    [sync.metricEventsAccepted(), 'EventsAccepted', 'Sum'],
    [sync.metricRequestsThrottled(), 'RequestsThrottled', 'Sum'],
    [sync.metricLag(), 'Lag', 'Maximum'],
  ])('%s', (metric, metricName, statistic) => {
    expect(metric).toMatchObject({ namespace: 'CdkCdpEngagement', metricName, statistic, dimensions: { Instance: 'Stack/Sync' } });
  });

  test('take options, but always of this instance', () => {
    const metric = sync.metricMessagesDropped({
      period: Duration.hours(1),
      statistic: 'Average',
      dimensionsMap: { Reason: 'NoAddress', Instance: 'other' },
    });
    expect(metric).toMatchObject({ statistic: 'Average', dimensions: { Reason: 'NoAddress', Instance: 'Stack/Sync' } });
    expect(metric.period.toMinutes()).toBe(60);
  });

  test('the iterator age is the one of the handler', () => {
    expect(sync.metricIteratorAge()).toMatchObject({ namespace: 'AWS/Lambda', metricName: 'IteratorAge', statistic: 'Maximum' });
  });
});

test('every recommended feature flag may be on', () => {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const context = require('aws-cdk-lib/recommended-feature-flags.json') as Record<string, unknown>;
  const stack = givenStack('Stack', context);
  CoreAnnotations.of(stack).acknowledgeWarning('cdk-cdp-engagement:pinpointEndOfSupport');
  const template = templateOf(givenSync({ encryptionKey: new kms.Key(stack, 'Key'), vpc: new ec2.Vpc(stack, 'Vpc') }, stack));
  expect(parseCdpEndpointSync(JSON.parse(configOf(template, 'SyncHandler')), '').version).toBe(1);
});
