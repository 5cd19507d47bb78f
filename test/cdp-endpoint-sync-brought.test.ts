import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { IngestRole } from '../src';
import { APPLICATION_ID, configOf, givenStack, givenSync, readable, statementsOf, templateOf } from './support/synth';

const APPS = `arn:<AWS::Partition>:mobiletargeting:<AWS::Region>:<AWS::AccountId>:apps/${APPLICATION_ID}`;
const ITS_ACCOUNT = { StringEquals: { 's3:ResourceAccount': '<AWS::AccountId>' } };
const READ = [
  'kinesis:DescribeStream', 'kinesis:DescribeStreamSummary', 'kinesis:GetRecords', 'kinesis:GetShardIterator', 'kinesis:ListShards',
  'kinesis:SubscribeToShard',
];

describe('with resources that were brought', () => {
  test('a stream, with its key', () => {
    const stack = givenStack();
    const key = new kms.Key(stack, 'Key');
    const stream = new kinesis.Stream(stack, 'Mine', { encryptionKey: key });
    const sync = givenSync({ stream, shardCount: 3 }, stack);
    const template = templateOf(sync);
    expect(sync.stream).toBe(stream);
    template.resourceCountIs('AWS::Kinesis::Stream', 1);
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', { MaximumRecordAgeInSeconds: 43200 });
    expect(statementsOf(template, '<SyncHandlerRole>')).toEqual(expect.arrayContaining([
      { Action: READ, Resource: '<Mine.Arn>' }, { Action: 'kms:Decrypt', Resource: '<Key.Arn>' },
    ]));
    expect(statementsOf(template, '<SyncRedriveRole>')).toEqual(expect.arrayContaining([{ Action: 'kms:GenerateDataKey', Resource: '<Key.Arn>' }]));
    expect(JSON.parse(configOf(template, 'SyncHandler')).target.requestsPerSecond.putEvents).toBe(5);
  });

  test('an imported stream', () => {
    const stack = givenStack();
    const stream = kinesis.Stream.fromStreamArn(stack, 'Imported', 'arn:aws:kinesis:eu-west-1:111122223333:stream/cdp');
    const template = templateOf(givenSync({ stream }, stack));
    template.resourceCountIs('AWS::Kinesis::Stream', 0);
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', { EventSourceArn: 'arn:aws:kinesis:eu-west-1:111122223333:stream/cdp' });
  });

  test('a bucket, with its key', () => {
    const stack = givenStack();
    const key = new kms.Key(stack, 'Key');
    const deadLetterBucket = new s3.Bucket(stack, 'Letters', { encryptionKey: key });
    const sync = givenSync({ deadLetterBucket }, stack);
    const template = templateOf(sync);
    expect(sync.deadLetterBucket).toBe(deadLetterBucket);
    template.resourceCountIs('AWS::S3::Bucket', 1);
    expect(statementsOf(template, '<SyncHandlerRole>')).toEqual(expect.arrayContaining([
      { Action: 's3:PutObject', Resource: '<Letters.Arn>/aws/lambda/*', Condition: ITS_ACCOUNT },
      { Action: 'kms:GenerateDataKey', Resource: '<Key.Arn>' },
    ]));
  });

  test('a bucket of another account', () => {
    const stack = givenStack();
    const deadLetterBucket = s3.Bucket.fromBucketAttributes(stack, 'Letters', { bucketName: 'letters', account: '444455556666' });
    const conditions = statementsOf(templateOf(givenSync({ deadLetterBucket }, stack)), '<SyncHandlerRole>')
      .filter(({ Action }) => String(Action).startsWith('s3:')).map(({ Condition }) => Condition);
    expect(conditions).toEqual(Array(3).fill({ StringEquals: { 's3:ResourceAccount': '444455556666' } }));
  });

  test('a role, for the handler only', () => {
    const stack = givenStack();
    const role = new iam.Role(stack, 'Mine', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
    const sync = givenSync({ role }, stack);
    const template = templateOf(sync);
    expect(sync.grantPrincipal).toBe(role);
    template.resourceCountIs('AWS::IAM::Role', 2);
    expect(statementsOf(template, '<Mine>')).toContainEqual({ Action: 'mobiletargeting:PutEvents', Resource: `${APPS}/events` });
    expect(statementsOf(template, '<SyncRedriveRole>').some(({ Action }) => Action === 'kinesis:PutRecords')).toBe(true);
  });

  test('an imported role gets its permissions before the event source', () => {
    const stack = givenStack();
    const role = iam.Role.fromRoleArn(stack, 'Imported', 'arn:aws:iam::111122223333:role/mine');
    const template = templateOf(givenSync({ role }, stack));
    const [policy] = Object.entries(template.findResources('AWS::IAM::Policy', { Properties: { Roles: ['mine'] } }));
    template.hasResource('AWS::Lambda::Function', { Properties: { Role: 'arn:aws:iam::111122223333:role/mine' }, DependsOn: [policy[0]] });
  });

  test('an imported key, whose policy can not be changed', () => {
    const stack = givenStack();
    const encryptionKey = kms.Key.fromKeyArn(stack, 'Imported', 'arn:aws:kms:eu-west-1:111122223333:key/1234');
    templateOf(givenSync({ encryptionKey }, stack)).allResourcesProperties('AWS::Logs::LogGroup', { KmsKeyId: encryptionKey.keyArn });
  });
});

describe('two instances in one stack', () => {
  const stack = givenStack();
  const deadLetterBucket = new s3.Bucket(stack, 'Shared');
  const instances = ['One', 'Two'].map((id) => givenSync({ deadLetterBucket }, stack, id));
  const template = templateOf(instances[0]);
  const configs = ['OneHandler', 'TwoHandler'].map((id) => JSON.parse(configOf(template, id)));

  test('have metrics of their own', () => {
    expect(configs.map(({ instance }) => instance)).toEqual(['Stack/One', 'Stack/Two']);
    expect(stack.resolve(instances[1].metricEventsAccepted().dimensions)).toEqual({ Instance: 'Stack/Two' });
  });

  test('keep their dead letters apart in a bucket that they share', () => {
    const [one, two] = configs.map(({ deadLetters }) => deadLetters.prefix);
    expect(one).not.toBe(two);
    const readable1 = JSON.stringify(statementsOf(template, '<OneRedriveRole>'));
    expect(readable1).toContain('aws/lambda/<OneEventSource>/*');
    expect(readable1).not.toContain(two);
    expect(readable1).not.toContain('<TwoEventSource>');
  });

  test('no resource has a fixed name', () => {
    const NAMES = ['FunctionName', 'BucketName', 'Name', 'RoleName', 'LogGroupName', 'AlarmName', 'TopicName'];
    const named = Object.values(template.toJSON().Resources as Record<string, any>)
      .filter(({ Type, Properties = {} }) => Type !== 'AWS::Lambda::EventSourceMapping' && NAMES.some((name) => name in Properties));
    expect(named).toEqual([]);
  });
});

describe('who may write to the stream', () => {
  test('a grantee, and it may use the key of the stream', () => {
    const stack = givenStack();
    const sync = givenSync({ encryptionKey: new kms.Key(stack, 'Key') }, stack);
    const user = new iam.User(stack, 'Cdp');
    expect(sync.grantIngest(user).success).toBe(true);
    templateOf(sync).hasResourceProperties('AWS::IAM::Policy', {
      Users: [{ Ref: Match.stringLikeRegexp('^Cdp') }],
      PolicyDocument: {
        Statement: [
          { Effect: 'Allow', Action: 'kms:GenerateDataKey', Resource: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Key'), 'Arn'] } },
          {
            Effect: 'Allow',
            Action: ['kinesis:PutRecord', 'kinesis:PutRecords'],
            Resource: { 'Fn::GetAtt': [Match.stringLikeRegexp('^SyncStream'), 'Arn'] },
          },
        ],
      },
    });
  });

  test('a role that another account assumes with its external id', () => {
    const sync = givenSync();
    sync.addIngestRole('Segment', { account: '595280932656', externalId: 'workspace/slug', roleName: 'segment-kinesis' });
    const template = templateOf(sync);
    const [role] = Object.values(template.findResources('AWS::IAM::Role', { Properties: { RoleName: 'segment-kinesis' } }));
    expect(readable(role.Properties.AssumeRolePolicyDocument)).toMatchObject({
      Statement: [{
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { AWS: 'arn:<AWS::Partition>:iam::595280932656:root' },
        Condition: { StringEquals: { 'sts:ExternalId': 'workspace/slug' } },
      }],
    });
    expect(statementsOf(template, '<SyncSegment>')).toEqual([{ Action: ['kinesis:PutRecord', 'kinesis:PutRecords'], Resource: '<SyncStream.Arn>' }]);
  });

  test('a role that one principal assumes', () => {
    const sync = givenSync();
    sync.addIngestRole('Cdp', { principal: new iam.ArnPrincipal('arn:aws:iam::595280932656:role/writer'), externalId: 'abc' });
    templateOf(sync).hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: { Statement: [Match.objectLike({ Principal: { AWS: 'arn:aws:iam::595280932656:role/writer' } })] },
    });
  });

  const trustOf = (template: Template, description = 'Lets the CDP write to the stream') => {
    const [role] = Object.values(template.findResources('AWS::IAM::Role', { Properties: { Description: description } }));
    return { name: role.Properties.RoleName, trust: (readable(role.Properties.AssumeRolePolicyDocument) as any).Statement };
  };
  const trusting = (AWS: unknown, externalId: unknown) => ({
    Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS }, Condition: { StringEquals: { 'sts:ExternalId': externalId } },
  });
  const BOTH = ['kinesis:PutRecord', 'kinesis:PutRecords'];

  test('of Segment, with the ids of its sources', () => {
    const sync = givenSync();
    sync.addIngestRole('Cdp', IngestRole.segment('source1', 'source2'));
    const template = templateOf(sync);
    expect(trustOf(template)).toEqual({ trust: [trusting('arn:<AWS::Partition>:iam::595280932656:root', ['source1', 'source2'])] });
    expect(statementsOf(template, '<SyncCdp>')).toEqual([
      { Action: BOTH, Resource: '<SyncStream.Arn>' }, { Action: 'iam:SimulatePrincipalPolicy', Resource: '<SyncCdp.Arn>' },
    ]);
  });

  test('of RudderStack, with the id of the workspace', () => {
    const sync = givenSync();
    sync.addIngestRole('Cdp', IngestRole.rudderStack('2abcDEF'));
    const template = templateOf(sync);
    expect(trustOf(template)).toEqual({ trust: [trusting('arn:<AWS::Partition>:iam::422074288268:root', '2abcDEF')] });
    expect(statementsOf(template, '<SyncCdp>')).toEqual([{ Action: BOTH, Resource: '<SyncStream.Arn>' }]);
  });

  test('of mParticle, by its name, for two of its roles, one record a call', () => {
    const sync = givenSync();
    sync.addIngestRole('Cdp', IngestRole.mParticle('1111'));
    const template = templateOf(sync);
    const { name, trust } = trustOf(template);
    expect(name).toBe('mparticle-kinesis-role');
    expect(trust).toEqual(['role-lambda-verifyrequest', 'role-ecs-mp-notification-httpservertoserverprocessor']
      .map((role) => trusting(`arn:aws:iam::338661164609:role/${role}`, 'orgid:1111')));
    expect(statementsOf(template, '<SyncCdp>')).toContainEqual({ Action: 'kinesis:PutRecord', Resource: '<SyncStream.Arn>' });
    expect(() => IngestRole.mParticle('orgid:1111')).toThrow('`organizationId` must be digits');
  });

  test.each([
    ['a wrong further external id', { account: '595280932656', externalId: 'abc', otherExternalIds: ['a b'] },
      "`externalId` must have 2 to 1224 letters, digits and `+=,.@:/-_`, got: 'a b'"],
    ['two trusted parties', { account: '595280932656', principal: new iam.AccountRootPrincipal(), externalId: 'abc' },
      '`principal` and `account` exclude each other'],
    ['no trusted party', { externalId: 'abc' }, '`account` or `principal` must be stated'],
    ['a wrong account', { account: '12', externalId: 'abc' }, "`account` must be an AWS account of 12 digits, got: '12'"],
    ['a wrong external id', { account: '595280932656', externalId: 'a b' },
      "`externalId` must have 2 to 1224 letters, digits and `+=,.@:/-_`, got: 'a b'"],
  ])('fails with %s', (_, props, message) => {
    expect(() => givenSync().addIngestRole('Cdp', props)).toThrow(message);
  });
});

test('who may put dead letters back', () => {
  const stack = givenStack();
  const sync = givenSync({}, stack);
  sync.grantRedrive(new iam.User(stack, 'Operator'));
  templateOf(sync).hasResourceProperties('AWS::IAM::Policy', {
    Users: [{ Ref: Match.stringLikeRegexp('^Operator') }],
    PolicyDocument: { Statement: [Match.objectLike({ Action: 'lambda:InvokeFunction' })] },
  });
});
