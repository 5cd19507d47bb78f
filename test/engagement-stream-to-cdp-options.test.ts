import { Duration, NestedStack, RemovalPolicy, Size } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import { EngagementEventType, EngagementSource } from '../src';
import { APPLICATION_ID, configOf, givenFeedback, givenStack, readable, statementsOf, templateOf } from './support/synth';
import { parseEngagementStreamToCdp } from '../src/contract/engagement-stream-to-cdp';

const ITS_ACCOUNT = { StringEquals: { 's3:ResourceAccount': '<AWS::AccountId>' } };
const ARCHIVE = 'archive/Stack-Feedback-CA813C2B';

describe('with every prop', () => {
  const stack = givenStack();
  const key = new kms.Key(stack, 'Key');
  const feedback = givenFeedback({
    source: EngagementSource.pinpoint({ applicationId: APPLICATION_ID, endpointId: '{channel}/{userId}', lookUpEndpoints: true }),
    events: [EngagementEventType.EMAIL_HARD_BOUNCE, EngagementEventType.SMS_OPT_OUT],
    archive: {
      prefix: 'raw/feedback', bufferInterval: Duration.minutes(1), bufferSize: Size.mebibytes(5), expiration: Duration.days(30),
    },
    memorySize: 1024,
    timeout: Duration.minutes(2),
    vpc: new ec2.Vpc(stack, 'Vpc'),
    vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
    logRetention: logs.RetentionDays.ONE_WEEK,
    encryptionKey: key,
    removalPolicy: RemovalPolicy.DESTROY,
    alarmTopic: new sns.Topic(stack, 'Topic'),
    shardCount: 4,
    streamRetention: Duration.hours(24),
    batchSize: 100,
    maxBatchingWindow: Duration.seconds(10),
    parallelizationFactor: 2,
    maxRecordAge: Duration.hours(6),
    retryAttempts: 5,
    deadLetterPrefix: 'letters/feedback',
  }, stack);
  const template = templateOf(feedback);

  test('the stream, the batches and the functions follow them', () => {
    template.hasResource('AWS::Kinesis::Stream', {
      DeletionPolicy: 'Delete', Properties: { ShardCount: 4, RetentionPeriodHours: 24, StreamEncryption: { EncryptionType: 'KMS' } },
    });
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      BatchSize: 100,
      MaximumBatchingWindowInSeconds: 10,
      ParallelizationFactor: 2,
      MaximumRecordAgeInSeconds: 21600,
      MaximumRetryAttempts: 5,
      FilterCriteria: { Filters: [{ Pattern: '{"data":{"event_type":["_email.hardbounce","_SMS.OPTOUT"]}}' }] },
    });
    template.hasResourceProperties('AWS::Lambda::Function', { MemorySize: 1024, Timeout: 120 });
    template.allResourcesProperties('AWS::Lambda::Function', { KmsKeyArn: Match.anyValue(), VpcConfig: Match.anyValue() });
    template.allResources('AWS::Logs::LogGroup', { DeletionPolicy: 'Delete', Properties: { RetentionInDays: 7, KmsKeyId: Match.anyValue() } });
  });

  test('both buckets use the key and go with the stack', () => {
    template.resourceCountIs('AWS::S3::Bucket', 2);
    template.allResources('AWS::S3::Bucket', {
      DeletionPolicy: 'Delete',
      Properties: {
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [{ BucketKeyEnabled: true, ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } }],
        },
        PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
      },
    });
    template.hasResourceProperties('AWS::S3::Bucket', { LifecycleConfiguration: { Rules: [{ ExpirationInDays: 30, Status: 'Enabled' }] } });
  });

  test('the configuration follows them, with the quota shared out over 4 shards and 2 batches', () => {
    expect(parseEngagementStreamToCdp(JSON.parse(configOf(template, 'FeedbackHandler')), '')).toMatchObject({
      source: { endpointId: '{channel}/{userId}', lookUpEndpoints: true, getEndpointPerSecond: 10 / 8 },
      events: ['EMAIL_HARD_BOUNCE', 'SMS_OPT_OUT'],
      deadLetters: { prefix: 'letters/feedback' },
    });
  });

  test('the handler may look endpoints up', () => {
    expect(statementsOf(template, '<FeedbackHandlerRole>')).toContainEqual({
      Action: 'mobiletargeting:GetEndpoint',
      Resource: `arn:<AWS::Partition>:mobiletargeting:<AWS::Region>:<AWS::AccountId>:apps/${APPLICATION_ID}/endpoints/*`,
    });
  });

  test('the service may encrypt with the key of the stream', () => {
    expect(statementsOf(template, '<FeedbackEventStreamRole>')).toEqual([
      { Action: 'kms:GenerateDataKey', Resource: '<Key.Arn>' },
      { Action: ['kinesis:PutRecords', 'kinesis:DescribeStream'], Resource: '<FeedbackStream.Arn>' },
    ]);
  });

  test('the archive may use the key', () => {
    expect(statementsOf(template, '<FeedbackArchiveRole>').filter(({ Action }) => String(Action).startsWith('kms:'))).toEqual([
      { Action: 'kms:Decrypt', Resource: '<Key.Arn>' },
      { Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: '<Key.Arn>' },
    ]);
  });

  test('the archive follows its options', () => {
    template.hasResourceProperties('AWS::KinesisFirehose::DeliveryStream', {
      ExtendedS3DestinationConfiguration: {
        Prefix: 'raw/feedback/!{timestamp:yyyy/MM/dd/HH}/',
        ErrorOutputPrefix: 'raw/feedback-errors/!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd/HH}/',
        BufferingHints: { IntervalInSeconds: 60, SizeInMBs: 5 },
        EncryptionConfiguration: { KMSEncryptionConfig: { AWSKMSKeyARN: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Key'), 'Arn'] } } },
      },
    });
  });

  test('the alarms notify the topic both ways', () => {
    const topic = [{ Ref: Match.stringLikeRegexp('^Topic') }];
    template.allResourcesProperties('AWS::CloudWatch::Alarm', { AlarmActions: topic, OKActions: topic });
  });
});

describe('the archive', () => {
  const feedback = givenFeedback({ archive: {} });
  const template = templateOf(feedback);

  test('is a compressed copy of the stream, one record a line, by date', () => {
    const [delivery] = Object.values(template.findResources('AWS::KinesisFirehose::DeliveryStream'));
    expect(readable(delivery.Properties)).toEqual({
      DeliveryStreamType: 'KinesisStreamAsSource',
      KinesisStreamSourceConfiguration: { KinesisStreamARN: '<FeedbackStream.Arn>', RoleARN: '<FeedbackArchiveRole.Arn>' },
      ExtendedS3DestinationConfiguration: {
        BucketARN: '<FeedbackArchive.Arn>',
        RoleARN: '<FeedbackArchiveRole.Arn>',
        Prefix: `${ARCHIVE}/!{timestamp:yyyy/MM/dd/HH}/`,
        ErrorOutputPrefix: `${ARCHIVE}-errors/!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd/HH}/`,
        CompressionFormat: 'GZIP',
        FileExtension: '.ndjson.gz',
        BufferingHints: { IntervalInSeconds: 900, SizeInMBs: 64 },
        ProcessingConfiguration: { Enabled: true, Processors: [{ Type: 'AppendDelimiterToRecord' }] },
        CloudWatchLoggingOptions: { Enabled: true, LogGroupName: '<FeedbackArchiveLogs>', LogStreamName: '<FeedbackArchiveLogStream>' },
      },
    });
    expect(delivery.DependsOn).toEqual(expect.arrayContaining([expect.stringMatching(/^FeedbackArchiveRoleDefaultPolicy/)]));
    expect(feedback.archiveDelivery!.node.path).toBe('Stack/Feedback/ArchiveDelivery');
    expect(feedback.archiveBucket!.node.path).toBe('Stack/Feedback/Archive');
  });

  test('is trusted from this account only, and may do exactly this', () => {
    const [role] = Object.values(template.findResources('AWS::IAM::Role', { Properties: { Description: Match.stringLikeRegexp('Firehose') } }));
    expect(readable(role.Properties.AssumeRolePolicyDocument)).toMatchObject({
      Statement: [{
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { Service: 'firehose.amazonaws.com' },
        Condition: {
          StringEquals: { 'aws:SourceAccount': '<AWS::AccountId>' },
          ArnLike: { 'aws:SourceArn': 'arn:<AWS::Partition>:firehose:<AWS::Region>:<AWS::AccountId>:deliverystream/*' },
        },
      }],
    });
    expect(statementsOf(template, '<FeedbackArchiveRole>')).toEqual([
      {
        Action: ['kinesis:DescribeStream', 'kinesis:GetRecords', 'kinesis:GetShardIterator', 'kinesis:ListShards'],
        Resource: '<FeedbackStream.Arn>',
      },
      {
        Action: ['s3:AbortMultipartUpload', 's3:GetObject', 's3:PutObject'],
        Resource: [`<FeedbackArchive.Arn>/${ARCHIVE}/*`, `<FeedbackArchive.Arn>/${ARCHIVE}-errors/*`],
        Condition: ITS_ACCOUNT,
      },
      {
        Action: ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'],
        Resource: '<FeedbackArchive.Arn>',
        Condition: ITS_ACCOUNT,
      },
      { Action: 'logs:PutLogEvents', Resource: '<FeedbackArchiveLogs.Arn>' },
    ]);
  });

  test('has an alarm', () => {
    expect(feedback.alarms).toHaveLength(9);
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'AWS/Firehose',
      MetricName: 'DeliveryToS3.DataFreshness',
      Dimensions: [{ Name: 'DeliveryStreamName', Value: { Ref: Match.stringLikeRegexp('^FeedbackArchiveDelivery') } }],
      Threshold: 3600,
    });
  });

  test('may lie in a bucket that was brought, with its key', () => {
    const stack = givenStack();
    const key = new kms.Key(stack, 'Key');
    const bucket = new s3.Bucket(stack, 'Mine', { encryptionKey: key });
    const brought = givenFeedback({ archive: { bucket } }, stack);
    const statements = statementsOf(templateOf(brought), '<FeedbackArchiveRole>');
    expect(brought.archiveBucket).toBe(bucket);
    expect(statements).toContainEqual({ Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: '<Key.Arn>' });
    expect(statements).toContainEqual(expect.objectContaining({ Resource: [`<Mine.Arn>/${ARCHIVE}/*`, `<Mine.Arn>/${ARCHIVE}-errors/*`] }));
  });
});

describe('with resources that were brought', () => {
  test('a stream, with its key, which the event stream writes to', () => {
    const stack = givenStack();
    const key = new kms.Key(stack, 'Key');
    const stream = new kinesis.Stream(stack, 'Mine', { encryptionKey: key });
    const feedback = givenFeedback({ stream, shardCount: 2 }, stack);
    const template = templateOf(feedback);
    expect(feedback.stream).toBe(stream);
    template.resourceCountIs('AWS::Kinesis::Stream', 1);
    expect(statementsOf(template, '<FeedbackEventStreamRole>')).toEqual([
      { Action: 'kms:GenerateDataKey', Resource: '<Key.Arn>' },
      { Action: ['kinesis:PutRecords', 'kinesis:DescribeStream'], Resource: '<Mine.Arn>' },
    ]);
    expect(statementsOf(template, '<FeedbackHandlerRole>')).toContainEqual({ Action: 'kms:Decrypt', Resource: '<Key.Arn>' });
  });

  test('the stream of an existing event stream, which stays as it is', () => {
    const stack = givenStack();
    const stream = kinesis.Stream.fromStreamArn(stack, 'Theirs', 'arn:aws:kinesis:eu-west-1:111122223333:stream/events');
    const source = EngagementSource.pinpoint({ applicationId: APPLICATION_ID, existingEventStream: true });
    const template = templateOf(givenFeedback({ source, stream }, stack));
    template.resourceCountIs('AWS::Pinpoint::EventStream', 0);
    template.resourceCountIs('AWS::IAM::Role', 2);
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', { EventSourceArn: stream.streamArn, MaximumRecordAgeInSeconds: 43200 });
  });

  test('a bucket for the dead letters', () => {
    const stack = givenStack();
    const deadLetterBucket = new s3.Bucket(stack, 'Letters');
    const feedback = givenFeedback({ deadLetterBucket }, stack);
    expect(feedback.deadLetterBucket).toBe(deadLetterBucket);
    templateOf(feedback).resourceCountIs('AWS::S3::Bucket', 1);
  });

  test('a role, for the handler only', () => {
    const stack = givenStack();
    const role = new iam.Role(stack, 'Mine', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
    const template = templateOf(givenFeedback({ role }, stack));
    expect(statementsOf(template, '<Mine>')).toContainEqual({ Action: 'secretsmanager:GetSecretValue', Resource: '<WriteKey>' });
    expect(statementsOf(template, '<FeedbackRedriveRole>').some(({ Action }) => Action === 'kinesis:PutRecords')).toBe(true);
  });
});

describe('two instances in one stack', () => {
  const stack = givenStack();
  const shared = new s3.Bucket(stack, 'Shared');
  const source = (applicationId: string) => EngagementSource.pinpoint({ applicationId });
  const one = givenFeedback({ source: source('one'), deadLetterBucket: shared, archive: { bucket: shared } }, stack, 'One');
  const two = givenFeedback({ source: source('two'), deadLetterBucket: shared, archive: { bucket: shared } }, stack, 'Two');
  const template = templateOf(one);
  const configs = ['OneHandler', 'TwoHandler'].map((id) => JSON.parse(configOf(template, id)));

  test('have names, dead letters and archives of their own', () => {
    expect(configs.map(({ instance }) => instance)).toEqual(['Stack/One', 'Stack/Two']);
    expect(configs[0].deadLetters.prefix).not.toBe(configs[1].deadLetters.prefix);
    const prefixes = Object.values(template.findResources('AWS::KinesisFirehose::DeliveryStream'))
      .map(({ Properties }) => Properties.ExtendedS3DestinationConfiguration.Prefix);
    expect(new Set(prefixes).size).toBe(2);
    expect(two.metricLag().dimensions).toEqual({ Instance: 'Stack/Two' });
  });

  test('no resource has a fixed name', () => {
    const NAMES = ['FunctionName', 'BucketName', 'Name', 'RoleName', 'LogGroupName', 'LogStreamName', 'AlarmName', 'DeliveryStreamName'];
    const named = Object.values(template.toJSON().Resources as Record<string, any>)
      .filter(({ Type, Properties = {} }) => !['AWS::Lambda::EventSourceMapping', 'AWS::Logs::LogStream'].includes(Type)
        && NAMES.some((name) => name in Properties));
    expect(named).toEqual([]);
  });
});

test('a nested stack, whose name is not known yet', () => {
  const nested = new NestedStack(givenStack(), 'Nested');
  expect(JSON.parse(configOf(templateOf(givenFeedback({}, nested)), 'FeedbackHandler')).instance).toMatch(/\/Feedback$/);
});
