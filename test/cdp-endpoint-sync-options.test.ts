import { Duration, Lazy, NestedStack, RemovalPolicy } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sns from 'aws-cdk-lib/aws-sns';
import { ChannelType, TraitMapping, UnmappedTraits } from '../src';
import { configOf, givenStack, givenSync, readable, statementsOf, templateOf } from './support/synth';
import { parseCdpEndpointSync } from '../src/contract/cdp-endpoint-sync';

describe('with every prop', () => {
  const stack = givenStack();
  const key = new kms.Key(stack, 'Key');
  const vpc = new ec2.Vpc(stack, 'Vpc');
  const group = new ec2.SecurityGroup(stack, 'Group', { vpc });
  const sync = givenSync({
    mapping: [TraitMapping.ignore('password')],
    unmappedTraits: UnmappedTraits.DROP,
    endpointId: 'cdp/{channel}/{userId}',
    eventChannels: [ChannelType.SMS],
    defaultCountry: 'DE',
    memorySize: 1024,
    timeout: Duration.minutes(2),
    vpc,
    vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
    securityGroups: [group],
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
    deadLetterPrefix: 'letters/profiles',
  }, stack);
  const template = templateOf(sync);

  test('the stream, the batches and the function follow them', () => {
    template.hasResource('AWS::Kinesis::Stream', {
      DeletionPolicy: 'Delete', Properties: { ShardCount: 4, RetentionPeriodHours: 24, StreamEncryption: { EncryptionType: 'KMS' } },
    });
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      BatchSize: 100, MaximumBatchingWindowInSeconds: 10, ParallelizationFactor: 2, MaximumRecordAgeInSeconds: 21600, MaximumRetryAttempts: 5,
    });
    template.hasResourceProperties('AWS::Lambda::Function', {
      MemorySize: 1024,
      Timeout: 120,
      KmsKeyArn: Match.anyValue(),
      VpcConfig: Match.anyValue(),
    });
    template.allResourcesProperties('AWS::Lambda::Function', { KmsKeyArn: Match.anyValue(), VpcConfig: Match.anyValue() });
    template.allResources('AWS::Logs::LogGroup', { DeletionPolicy: 'Delete', Properties: { RetentionInDays: 7, KmsKeyId: Match.anyValue() } });
  });

  test('the bucket uses the key', () => {
    template.hasResource('AWS::S3::Bucket', {
      DeletionPolicy: 'Delete',
      Properties: {
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [{ BucketKeyEnabled: true, ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } }],
        },
      },
    });
  });

  test('the configuration follows them, with quotas shared out over 4 shards and 2 batches', () => {
    const config = parseCdpEndpointSync(JSON.parse(configOf(template, 'SyncHandler')), '');
    expect(config).toMatchObject({
      mapping: {
        rules: [{ to: 'ignore', trait: 'password' }],
        unmapped: 'drop',
        endpointId: 'cdp/{channel}/{userId}',
        eventChannels: ['SMS'],
        defaultCountry: 'DE',
      },
      target: { requestsPerSecond: { updateEndpointsBatch: 2 / 8, putEvents: 15 / 8, userEndpoints: 300 / 8 } },
      deadLetters: { prefix: 'letters/profiles' },
    });
  });

  test('the functions may use the network and the key, and nothing more of it than they need', () => {
    const logKey = {
      Action: [
        'kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:GenerateDataKeyWithoutPlaintext',
        'kms:ReEncryptFrom', 'kms:ReEncryptTo',
      ],
      Resource: '<Key.Arn>',
      Condition: { StringEquals: { 'kms:ViaService': 'logs.<AWS::Region>.<AWS::URLSuffix>' } },
    };
    const network = {
      Action: [
        'ec2:AssignPrivateIpAddresses', 'ec2:CreateNetworkInterface', 'ec2:DeleteNetworkInterface',
        'ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets',
        'ec2:UnassignPrivateIpAddresses',
      ],
      Resource: '*',
    };
    const handler = statementsOf(template, '<SyncHandlerRole>');
    expect(handler).toEqual(expect.arrayContaining([logKey, network]));
    expect(handler.filter(({ Action }) => String(Action).startsWith('kms:') && Action !== logKey.Action)).toEqual(expect.arrayContaining([
      { Action: 'kms:GenerateDataKey', Resource: '<Key.Arn>' }, { Action: 'kms:Decrypt', Resource: '<Key.Arn>' },
    ]));
    const redrive = statementsOf(template, '<SyncRedriveRole>');
    expect(redrive).toEqual(expect.arrayContaining([logKey, network, { Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: '<Key.Arn>' }]));
  });

  test('CloudWatch Logs may use the key, once for all log groups of the account', () => {
    const [resource] = Object.values(template.findResources('AWS::KMS::Key'));
    const { Statement } = readable(resource.Properties.KeyPolicy) as any;
    expect(Statement.filter(({ Principal }: any) => Principal.Service)).toEqual([{
      Effect: 'Allow',
      Principal: { Service: 'logs.<AWS::Region>.<AWS::URLSuffix>' },
      Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
      Resource: '*',
      Condition: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': 'arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:log-group:*' } },
    }]);
  });

  test('the alarms notify the topic both ways', () => {
    const topic = [{ Ref: Match.stringLikeRegexp('^Topic') }];
    template.allResourcesProperties('AWS::CloudWatch::Alarm', { AlarmActions: topic, OKActions: topic });
  });

  test('the alarm on age leaves half of the time to act', () => {
    const short = templateOf(givenSync({ maxRecordAge: Duration.minutes(30) }));
    short.hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'IteratorAge', Threshold: 900_000 });
  });
});

describe('tokens', () => {
  test('props that are not known yet are passed on', () => {
    const batchSize = Lazy.number({ produce: () => 10 });
    const retryAttempts = Lazy.number({ produce: () => 7 });
    const memorySize = Lazy.number({ produce: () => 256 });
    const template = templateOf(givenSync({
      batchSize,
      retryAttempts,
      memorySize,
      deadLetterPrefix: Lazy.string({ produce: () => 'later' }),
      defaultCountry: Lazy.string({ produce: () => 'FR' }),
    }));
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', { BatchSize: 10, MaximumRetryAttempts: 7 });
    template.hasResourceProperties('AWS::Lambda::Function', { MemorySize: 256 });
    const config = parseCdpEndpointSync(JSON.parse(configOf(template, 'SyncHandler')), '');
    expect([config.deadLetters.prefix, config.mapping.defaultCountry]).toEqual(['later', 'FR']);
  });

  test('durations that are not known yet are passed on', () => {
    const timeout = Duration.seconds(Lazy.number({ produce: () => 60 }));
    templateOf(givenSync({ timeout })).hasResourceProperties('AWS::Lambda::Function', { Timeout: 60 });
  });

  test('a nested stack, whose name is not known yet', () => {
    const nested = new NestedStack(givenStack(), 'Nested');
    const { instance } = JSON.parse(configOf(templateOf(givenSync({}, nested)), 'SyncHandler'));
    expect(instance).toMatch(/\/Sync$/);
  });
});

test.each([[24, 43200], [47, 84600], [48, 86400], [8760, 86400]])('a retention of %d hours leaves a record %d seconds', (hours, seconds) => {
  templateOf(givenSync({ streamRetention: Duration.hours(hours) }))
    .hasResourceProperties('AWS::Lambda::EventSourceMapping', { MaximumRecordAgeInSeconds: seconds });
});
