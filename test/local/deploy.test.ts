import { Apis } from '../../local/apigateway/apis';
import { Rules } from '../../local/events/rule';
import { DeliverySpec } from '../../local/firehose/delivery-stream';
import { FunctionSpec } from '../../local/lambda/function-spec';
import { MappingSpec } from '../../local/lambda/mapping-spec';
import { Permission } from '../../local/lambda/permission';
import { QueueMappingSpec } from '../../local/lambda/queue-mapping';
import { Messaging } from '../../local/messaging';
import { Mail } from '../../local/messaging/mail';
import { Texts } from '../../local/messaging/texts';
import { Topics } from '../../local/messaging/topics';
import { Recorder } from '../../local/recorder';
import { World } from '../../local/resources/handler';
import { EventStreamSpec } from '../../local/services/pinpoint/event-stream';
import { QueueAttributes } from '../../local/services/sqs';
import { deploy } from '../../local/template/deploy';
import { JsonObject, LoadedStack, TemplateResource } from '../../local/template/model';
import { Roles } from '../../local/template/roles';

interface Made {
  readonly world: World;
  readonly functions: FunctionSpec[];
  readonly mappings: MappingSpec[];
  readonly streams: [string, number][];
  readonly buckets: string[];
  readonly eventStreams: EventStreamSpec[];
  readonly deliveries: DeliverySpec[];
  readonly queueMappings: QueueMappingSpec[];
  readonly permissions: Permission[];
  readonly queues: [string, QueueAttributes][];
}

function made(): Made {
  const functions: FunctionSpec[] = [];
  const mappings: MappingSpec[] = [];
  const streams: [string, number][] = [];
  const buckets: string[] = [];
  const eventStreams: EventStreamSpec[] = [];
  const deliveries: DeliverySpec[] = [];
  const queueMappings: QueueMappingSpec[] = [];
  const permissions: Permission[] = [];
  const queues: [string, QueueAttributes][] = [];
  const recorder = new Recorder();
  const topics = new Topics(recorder, () => { throw new Error('nothing is published'); }, (name) => name);
  const mail = new Mail(new Rules({ recorder, statementsOf: () => [], outcome: () => undefined }));
  const messaging: Messaging = { mail, texts: new Texts(topics), topics, pipeSpecs: [], pipes: [] };
  return {
    queueMappings,
    permissions,
    queues,
    eventStreams,
    deliveries,
    functions,
    mappings,
    streams,
    buckets,
    world: {
      roles: new Roles(),
      apis: new Apis(),
      messaging,
      folder: __dirname,
      createStream: async (name, shards) => { streams.push([name, shards]); },
      createBucket: async (name) => { buckets.push(name); },
      createPinpointApp: () => undefined,
      createProfileDomain: () => undefined,
      createProfileObjectType: () => undefined, createProfileSegment: () => undefined,
      createSecret: (name) => `arn:aws:secretsmanager:us-east-1:123456789012:secret:${name}`,
      createEventBus: () => undefined,
      addEventStream: (spec) => { eventStreams.push(spec); },
      addProfileStream: () => undefined,
      addDelivery: (spec) => { deliveries.push(spec); },
      addFunction: (spec) => { functions.push(spec); },
      addMachine: () => undefined,
      addRule: () => undefined,
      addStreamTarget: () => { throw new Error('no rule of these templates has a stream as its target'); },
      addMapping: (spec) => { mappings.push(spec); },
      addQueueMapping: (spec) => { queueMappings.push(spec); },
      addPermission: (permission) => { permissions.push(permission); },
      createQueue: async (name, attributes) => {
        queues.push([name, attributes]);
        return `http://sqs/${name}`;
      },
    },
  };
}

function stack(Resources: Record<string, TemplateResource>): LoadedStack {
  return {
    name: 'Stack',
    path: 'Stack',
    template: { Resources },
    paths: new Map(Object.keys(Resources).map((id) => [id, `Stack/Sync/${id}/Resource`])),
    assets: new Map([['code.zip', __dirname]]),
  };
}

const TRUST = { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }] };

const DENY = { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*' };

const APP: Record<string, TemplateResource> = {
  Mapping: {
    Type: 'AWS::Lambda::EventSourceMapping',
    Properties: {
      EventSourceArn: { 'Fn::GetAtt': ['Stream', 'Arn'] },
      FunctionName: { Ref: 'Function' },
      StartingPosition: 'TRIM_HORIZON',
      BatchSize: 500,
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      MaximumRetryAttempts: 5,
      DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': ['Bucket', 'Arn'] } } },
      FilterCriteria: { Filters: [{ Pattern: '{"data":{"type":["track"]}}' }] },
    },
  },
  Function: {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Code: { S3Bucket: 'assets', S3Key: 'code.zip' },
      Handler: 'index.handler',
      Runtime: 'nodejs24.x',
      Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
      Environment: { Variables: { BUCKET: { Ref: 'Bucket' } } },
      Timeout: 30,
    },
  },
  Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: TRUST } },
  Policy: {
    Type: 'AWS::IAM::Policy',
    Properties: {
      PolicyDocument: { Statement: [{ Effect: 'Allow', Action: 's3:PutObject', Resource: { 'Fn::Sub': '${Bucket.Arn}/*' } }] },
      Roles: [{ Ref: 'Role' }],
      PolicyName: 'p',
    },
  },
  Stream: { Type: 'AWS::Kinesis::Stream', Properties: { ShardCount: 2 } },
  Bucket: { Type: 'AWS::S3::Bucket' },
};

test('an app becomes streams, buckets, functions, mappings and what its roles may do', async () => {
  const { world, functions, mappings, streams, buckets } = made();
  await deploy([stack(APP)], world);
  expect(streams).toEqual([['Stream', 2]]);
  expect(buckets).toEqual(['bucket']);
  expect(functions).toMatchObject([
    { name: 'Function', construct: 'Stack/Sync', roleId: 'Role', environment: { BUCKET: 'bucket' }, timeoutSeconds: 30, memoryMb: 128 },
  ]);
  expect(mappings).toMatchObject([{
    streamName: 'Stream',
    functionName: 'Function',
    batchSize: 500,
    bisect: true,
    reportsItemFailures: true,
    maximumRetryAttempts: 5,
    maximumRecordAgeSeconds: -1,
    parallelizationFactor: 1,
    onFailureBucket: 'bucket',
    filters: [{ data: { type: ['track'] } }],
  }]);
  expect(world.roles.statementsOf('Role')).toEqual([{ Effect: 'Allow', Action: 's3:PutObject', Resource: 'arn:aws:s3:::bucket/*' }]);
});

function changed(id: string, properties: object): LoadedStack {
  const resource = APP[id]!;
  return stack({ ...APP, [id]: { ...resource, Properties: { ...resource.Properties, ...properties } } });
}

test.each<[string, LoadedStack, RegExp]>([
  ['a resource type', stack({ Table: { Type: 'AWS::DynamoDB::Table' } }), /^Stack\/Sync\/Table\/Resource: the resource type AWS::DynamoDB::Table is not emulated/],
  ['a property', changed('Function', { Layers: ['x'] }), /^Stack\/Sync\/Function\/Resource: the property Layers of AWS::Lambda::Function is not emulated/],
  ['a tumbling window', changed('Mapping', { TumblingWindowInSeconds: 5 }), /^Stack\/Sync\/Mapping\/Resource: TumblingWindowInSeconds is not emulated/],
  ['a property below the top', changed('Mapping', { DestinationConfig: { OnSuccess: {} } }), /DestinationConfig.OnSuccess of AWS::Lambda::EventSourceMapping is not emulated/],
  ['a destination', changed('Mapping', { DestinationConfig: { OnFailure: { Destination: 'arn:aws:sqs:us-east-1:1:q' } } }), /only an S3 bucket is emulated/],
  ['a source', changed('Mapping', { EventSourceArn: 'arn:aws:dynamodb:us-east-1:1:table/t/stream/s' }), /only a Kinesis stream is emulated/],
  ['what a queue has not', changed('Mapping', { EventSourceArn: 'arn:aws:sqs:us-east-1:1:q' }), /FilterCriteria of a mapping of a queue is not emulated/],
  ['a filter rule', changed('Mapping', { FilterCriteria: { Filters: [{ Pattern: '{"data":{"a":[{"cidr":"x"}]}}' }] } }), /this filter rule is not emulated: cidr/],
  ['a runtime', changed('Function', { Runtime: 'python3.13' }), /the runtime python3.13 is not emulated/],
  ['a managed policy', changed('Role', { ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'] }), /AdministratorAccess is not known to the local run/],
  ['a boundary', changed('Role', { PermissionsBoundary: 'x' }), /the property PermissionsBoundary of AWS::IAM::Role is not emulated/],
  ['a delivery stream without a source', stack({ D: { Type: 'AWS::KinesisFirehose::DeliveryStream', Properties: { DeliveryStreamType: 'DirectPut' } } }), /the delivery stream type DirectPut is not emulated/],
  ['code that is no asset', changed('Function', { Code: { S3Bucket: 'b', S3Key: 'other.zip' } }), /is no asset of the app/],
])('%s that is not known stops the run', async (_name, app, message) => {
  await expect(deploy([app], made().world)).rejects.toThrow(message);
});

test('a role that Lambda may not assume would fail the deployment', async () => {
  const trust = { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'pinpoint.amazonaws.com' } }] };
  await expect(deploy([changed('Role', { AssumeRolePolicyDocument: trust })], made().world)).rejects.toThrow(/does not let lambda.amazonaws.com assume it/);
});

const PINPOINT_TRUST = {
  Statement: [{
    Effect: 'Allow',
    Action: 'sts:AssumeRole',
    Principal: { Service: 'pinpoint.amazonaws.com' },
    Condition: {
      StringEquals: { 'aws:SourceAccount': '123456789012' },
      ArnLike: { 'aws:SourceArn': 'arn:aws:mobiletargeting:us-east-1:123456789012:apps/App' },
    },
  }],
};

function eventStreamOf(applicationId: string, service = 'kinesis'): LoadedStack {
  const DestinationStreamArn = service === 'kinesis' ? { 'Fn::GetAtt': ['Stream', 'Arn'] } : `arn:aws:${service}:us-east-1:1:deliverystream/x`;
  return stack({
    Stream: { Type: 'AWS::Kinesis::Stream' },
    Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: PINPOINT_TRUST } },
    EventStream: {
      Type: 'AWS::Pinpoint::EventStream',
      Properties: { ApplicationId: applicationId, DestinationStreamArn, RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] } },
    },
  });
}

test('an event stream needs a role that Amazon Pinpoint may assume for this application', async () => {
  const { world, eventStreams } = made();
  await deploy([eventStreamOf('App')], world);
  expect(eventStreams).toMatchObject([{ path: 'Stack/Sync/EventStream/Resource', applicationId: 'App', streamName: 'Stream', roleId: 'Role' }]);
  await expect(deploy([eventStreamOf('Other')], made().world)).rejects.toThrow(/does not let pinpoint.amazonaws.com assume it/);
  await expect(deploy([eventStreamOf('App', 'firehose')], made().world)).rejects.toThrow(/only a Kinesis stream is emulated/);
});

test('secrets are generated as they are described', async () => {
  const values: string[] = [];
  const letters = { PasswordLength: 8, ExcludePunctuation: true, ExcludeUppercase: true, ExcludeNumbers: true, ExcludeCharacters: 'xyz' };
  const world: World = { ...made().world, createSecret: (name, value) => { values.push(value); return name; } };
  const secret = (Properties: JsonObject): TemplateResource => ({ Type: 'AWS::SecretsManager::Secret', Properties });
  await deploy([stack({
    Given: secret({ SecretString: 'given' }),
    Plain: secret({ GenerateSecretString: {} }),
    Short: secret({ GenerateSecretString: letters }),
    Fields: secret({ GenerateSecretString: { SecretStringTemplate: '{"key":"k"}', GenerateStringKey: 'secret' } }),
  })], world);
  expect(values.slice(0, 3)).toEqual(['given', expect.stringMatching(/^.{32}$/), expect.stringMatching(/^[a-w]{8}$/)]);
  expect(values.slice(3)).toEqual([expect.stringMatching(/^\{"key":"k","secret":".{32,}"\}$/)]);
});

test('a bucket policy that the run would have to evaluate is refused, one about TLS is not', async () => {
  const policy = (Condition?: JsonObject) => stack({
    Bucket: { Type: 'AWS::S3::Bucket' },
    Policy: {
      Type: 'AWS::S3::BucketPolicy',
      Properties: { Bucket: { Ref: 'Bucket' }, PolicyDocument: { Statement: [{ ...DENY, ...(Condition ? { Condition } : {}) }] } },
    },
  });
  await expect(deploy([policy({ Bool: { 'aws:SecureTransport': 'false' } })], made().world)).resolves.toBeUndefined();
  await expect(deploy([policy()], made().world)).rejects.toThrow(/a bucket policy is not evaluated/);
});
