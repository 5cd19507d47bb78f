import { Lazy, SecretValue, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { CdpDestination, MParticleEnvironment, MParticlePod, SegmentRegion } from '../src';
import { givenStack, readable } from './support/synth';

const GET = 'secretsmanager:GetSecretValue';

/** What a destination says and may do; the secret `Key` is there for whoever wants it. */
function bind(make: (secret: secretsmanager.ISecret, stack: Stack) => CdpDestination, stack = givenStack()) {
  const secret = new secretsmanager.Secret(stack, 'Key');
  const grantee = new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
  const config = readable(stack.resolve(make(secret, stack)._bind(stack, { grantee })));
  const policies = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
  const statements = policies.flatMap(({ Properties }) => (readable(Properties.PolicyDocument) as any).Statement);
  return { config, statements: statements.map(({ Effect, ...statement }: any) => statement) };
}

const READS_KEY = [{ Action: GET, Resource: '<Key>' }];
const KEY = { secretArn: '<Key>' };

describe('Segment', () => {
  test.each([[undefined, 'https://api.segment.io'], [SegmentRegion.US, 'https://api.segment.io'], [SegmentRegion.EU, 'https://events.eu1.segmentapis.com']])(
    'region %s', (region, url) => {
      const { config, statements } = bind((writeKey) => CdpDestination.segment({ writeKey, region }));
      expect(config).toEqual({ kind: 'segment', url, writeKey: KEY });
      expect(statements).toEqual(READS_KEY);
    });

  test('a proxy, and a field of a secret', () => {
    const { config } = bind((writeKey) => CdpDestination.segment({ writeKey, url: 'https://proxy.example.com/segment/', secretField: 'writeKey' }));
    expect(config).toEqual({ kind: 'segment', url: 'https://proxy.example.com/segment', writeKey: { ...KEY, field: 'writeKey' } });
  });
});

test('RudderStack', () => {
  const { config, statements } = bind((writeKey) => CdpDestination.rudderStack({ writeKey, dataPlaneUrl: 'https://x.dataplane.rudderstack.com/' }));
  expect(config).toEqual({ kind: 'rudderstack', url: 'https://x.dataplane.rudderstack.com', writeKey: KEY });
  expect(statements).toEqual(READS_KEY);
});

describe('mParticle', () => {
  test.each([[undefined, 'us1'], [MParticlePod.US1, 'us1'], [MParticlePod.US2, 'us2'], [MParticlePod.EU1, 'eu1'], [MParticlePod.AU1, 'au1']])(
    'pod %s', (pod, name) => {
      const { config, statements } = bind((credentials) => CdpDestination.mParticle({ credentials, pod }));
      expect(config).toEqual({ kind: 'mparticle', url: `https://s2s.${name}.mparticle.com`, credentials: KEY, environment: 'production' });
      expect(statements).toEqual(READS_KEY);
    });

  test('a proxy, for development', () => {
    const environment = MParticleEnvironment.DEVELOPMENT;
    const { config } = bind((credentials) => CdpDestination.mParticle({ credentials, environment, url: 'https://proxy.example.com' }));
    expect(config).toMatchObject({ url: 'https://proxy.example.com', environment: 'development' });
  });
});

describe('Tealium', () => {
  test('the public API needs no secret', () => {
    const { config, statements } = bind(() => CdpDestination.tealium({ account: 'acme', profile: 'main' }));
    expect(config).toEqual({ kind: 'tealium', url: 'https://collect.tealiumiq.com', account: 'acme', profile: 'main' });
    expect(statements).toEqual([]);
  });

  test('the authenticated API of a Region', () => {
    const { config, statements } = bind((token) => CdpDestination.tealium({
      account: 'acme', profile: 'main', dataSource: 'abc123', token, secretField: 'token', region: 'eu-central-1',
    }));
    expect(config).toEqual({
      kind: 'tealium',
      url: 'https://collect-eu-central-1.tealiumiq.com',
      account: 'acme',
      profile: 'main',
      dataSource: 'abc123',
      token: { ...KEY, field: 'token' },
    });
    expect(statements).toEqual(READS_KEY);
  });
});

describe('a webhook', () => {
  test('without anything', () => {
    const { config, statements } = bind(() => CdpDestination.http({ url: 'https://cdp.example.com/hook?v=1' }));
    expect(config).toEqual({ kind: 'http', url: 'https://cdp.example.com/hook?v=1', maxBatchSize: 100 });
    expect(statements).toEqual([]);
  });

  test('with everything', () => {
    const { config, statements } = bind((secret, stack) => CdpDestination.http({
      url: 'https://cdp.example.com',
      headers: { 'x-source': 'pinpoint' },
      secretHeader: { name: 'x-api-key', secret, secretField: 'apiKey' },
      signingSecret: new secretsmanager.Secret(stack, 'Signing'),
      signingSecretField: 'key',
      maxBatchSize: 10,
    }));
    expect(config).toEqual({
      kind: 'http',
      url: 'https://cdp.example.com',
      headers: { 'x-source': 'pinpoint' },
      secretHeader: { name: 'x-api-key', secret: { ...KEY, field: 'apiKey' } },
      signingSecret: { secretArn: '<Signing>', field: 'key' },
      maxBatchSize: 10,
    });
    expect(statements).toEqual([{ Action: GET, Resource: '<Key>' }, { Action: GET, Resource: '<Signing>' }]);
  });

  test('the secret is the header authorization unless named', () => {
    const { config } = bind((secret) => CdpDestination.http({ url: 'https://cdp.example.com', secretHeader: { secret } }));
    expect(config).toMatchObject({ secretHeader: { name: 'authorization', secret: KEY } });
  });
});

describe('services of AWS', () => {
  test('an event bus', () => {
    const { config, statements } = bind((_, stack) => CdpDestination.eventBus(new events.EventBus(stack, 'Bus')));
    expect(config).toEqual({ kind: 'eventBus', eventBusName: '<Bus>' });
    expect(statements).toEqual([{ Action: 'events:PutEvents', Resource: '<Bus.Arn>' }]);
  });

  test('an event bus of another account is named by its ARN', () => {
    const arn = 'arn:aws:events:eu-west-1:111122223333:event-bus/cdp';
    const { config, statements } = bind((_, stack) => CdpDestination.eventBus(events.EventBus.fromEventBusArn(stack, 'Bus', arn)));
    expect(config).toEqual({ kind: 'eventBus', eventBusName: arn });
    expect(statements).toEqual([{ Action: 'events:PutEvents', Resource: arn }]);
  });

  test('a stream, with its key', () => {
    const { config, statements } = bind((_, stack) =>
      CdpDestination.stream(new kinesis.Stream(stack, 'Out', { encryptionKey: new kms.Key(stack, 'OutKey') })));
    expect(config).toEqual({ kind: 'stream', streamArn: '<Out.Arn>' });
    expect(statements).toEqual([
      { Action: 'kms:GenerateDataKey', Resource: '<OutKey.Arn>' }, { Action: 'kinesis:PutRecords', Resource: '<Out.Arn>' },
    ]);
  });

  test.each([[undefined, 100], [{ maxBatchSize: 1000 }, 1000]])('a function, %j', (options, maxBatchSize) => {
    const arn = 'arn:aws:lambda:eu-west-1:111122223333:function:cdp';
    const { config, statements } = bind((_, stack) => CdpDestination.function(lambda.Function.fromFunctionArn(stack, 'Cdp', arn), options));
    expect(config).toEqual({ kind: 'function', functionArn: arn, maxBatchSize });
    expect(statements).toEqual([{ Action: 'lambda:InvokeFunction', Resource: arn }]);
  });
});

describe('a secret', () => {
  test('with a key of its own', () => {
    const { statements } = bind((_, stack) => {
      const encryptionKey = new kms.Key(stack, 'Cmk');
      return CdpDestination.segment({ writeKey: new secretsmanager.Secret(stack, 'Mine', { encryptionKey }) });
    });
    expect(statements).toEqual([
      { Action: GET, Resource: '<Mine>' },
      {
        Action: 'kms:Decrypt',
        Resource: '<Cmk.Arn>',
        Condition: { StringEquals: { 'kms:ViaService': 'secretsmanager.<AWS::Region>.<AWS::URLSuffix>' } },
      },
    ]);
  });

  test('that was imported by its name', () => {
    const { config, statements } = bind((_, stack) =>
      CdpDestination.segment({ writeKey: secretsmanager.Secret.fromSecretNameV2(stack, 'Named', 'cdp/key') }));
    const arn = 'arn:<AWS::Partition>:secretsmanager:<AWS::Region>:<AWS::AccountId>:secret:cdp/key';
    expect(config).toMatchObject({ writeKey: { secretArn: arn } });
    expect(statements).toEqual([{ Action: GET, Resource: `${arn}-??????` }]);
  });

  test('that was imported by its whole ARN', () => {
    const arn = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:cdp/key-AbCdEf';
    const { config, statements } = bind((_, stack) =>
      CdpDestination.segment({ writeKey: secretsmanager.Secret.fromSecretCompleteArn(stack, 'Whole', arn) }));
    expect(config).toMatchObject({ writeKey: { secretArn: arn } });
    expect(statements).toEqual([{ Action: GET, Resource: arn }]);
  });
});

describe('addresses', () => {
  const RULE = '`url` must be an address that begins with https://, without user name and fragment';

  test.each([
    'http://cdp.example.com', 'http://10.0.0.1', 'http://localhost.example.com', 'http://localhost:80@evil.example.com', 'ftp://cdp.example.com', 'cdp.example.com', '',
    'https://', 'https://user:password@cdp.example.com', 'https://cdp.example.com/#x', 'https://cdp.example.com/a b', 'javascript:alert(1)',
  ])('fails with %p', (url) => {
    expect(() => CdpDestination.http({ url })).toThrow(
      `${RULE}, got: '${url}'; use the https address, as keys and data of users travel with every request`);
  });

  test.each([
    'https://cdp.example.com', 'https://cdp.example.com:8443/a/b?c=d', 'https://[2001:db8::1]/', 'http://127.0.0.1:4000', 'http://localhost:4000/x', 'http://[::1]:1',
  ])('%s is fine', (url) => {
    expect(() => CdpDestination.http({ url })).not.toThrow();
  });

  test('a token is fine', () => {
    const url = Lazy.string({ produce: () => 'https://later.example.com/' });
    expect(bind((writeKey) => CdpDestination.segment({ writeKey, url })).config).toMatchObject({ url: 'https://later.example.com/' });
  });
});

describe('fails with', () => {
  const secret = secretsmanager.Secret.fromSecretNameV2(givenStack(), 'Key', 'key');
  const url = 'https://cdp.example.com';
  const http = (props: object) => () => CdpDestination.http({ url, ...props });

  test.each<[string, () => unknown, string]>([
    ['a plain data plane',
      () => CdpDestination.rudderStack({ writeKey: secret, dataPlaneUrl: 'http://x.example.com' }), '`dataPlaneUrl` must be an address'],
    ['a region and an address',
      () => CdpDestination.segment({ writeKey: secret, region: SegmentRegion.EU, url }), '`url` and `region` exclude each other'],
    ['a pod and an address',
      () => CdpDestination.mParticle({ credentials: secret, pod: MParticlePod.EU1, url }), '`url` and `pod` exclude each other'],
    ['a Region and an address', () => CdpDestination.tealium({ account: 'a', profile: 'p', region: 'eu-west-1', url }),
      '`url` and `region` exclude each other'],
    ['a wrong Region', () => CdpDestination.tealium({ account: 'a', profile: 'p', region: 'Europe' }),
      "`region` must be the name of an AWS Region, got: 'Europe'; write it like 'eu-central-1'"],
    ['a wrong account',
      () => CdpDestination.tealium({ account: 'a/b', profile: 'p' }), "`account` must be a name of letters, digits and `-_.`, got: 'a/b'"],
    ['a wrong profile', () => CdpDestination.tealium({ account: 'a', profile: '' }), '`profile` must be a name'],
    ['a wrong data source', () => CdpDestination.tealium({ account: 'a', profile: 'p', dataSource: ' ' }), '`dataSource` must be a name'],
    ['an empty batch', http({ maxBatchSize: 0 }), '`maxBatchSize` must be a whole number from 1 to 1000, got: 0; leave it out for 100'],
    ['a secret in plain sight', http({ headers: { Authorization: 'Bearer x' } }),
      "`headers` must hold nothing secret, as they are part of the template, got: 'authorization'; use `secretHeader`"],
    ['a header of ours', http({ headers: { 'Content-Type': 'x' } }), "`headers` must not name a header that the handler writes, got: 'Content-Type'"],
    ['a secret header of ours', http({ secretHeader: { name: 'host', secret } }), '`headers` must not name a header that the handler writes'],
    ['a header with a space', http({ headers: { 'x y': 'z' } }), '`headers` must have names of letters, digits and hyphens'],
    ['a header twice',
      http({ headers: { 'X-Key': 'z' }, secretHeader: { name: 'x-key', secret } }), '`headers` must not name the header of `secretHeader`'],
  ])('%s', (_, make, message) => {
    expect(make).toThrow(message);
  });

  test('too large a batch for a function', () => {
    const fn = lambda.Function.fromFunctionName(givenStack(), 'Fn', 'fn');
    expect(() => CdpDestination.function(fn, { maxBatchSize: 1001 })).toThrow('`maxBatchSize` must be a whole number from 1 to 1000, got: 1001');
  });

  test('an empty field of a secret', () => {
    expect(() => bind((writeKey) => CdpDestination.segment({ writeKey, secretField: '' }))).toThrow('`secretField` must name a field of the secret');
  });
});

test('no value of a secret gets into a template', () => {
  const stack = givenStack();
  const writeKey = new secretsmanager.Secret(stack, 'Plain', { secretStringValue: SecretValue.unsafePlainText('hunter2') });
  expect(JSON.stringify(bind(() => CdpDestination.segment({ writeKey }), stack))).not.toContain('hunter2');
});
