import { Annotations as CoreAnnotations, Duration, Size, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as sns from 'aws-cdk-lib/aws-sns';
import { CdpFormat, CdpWebhookProps, SegmentSignedContent, WebhookVerification } from '../src';
import { cases, change, errorOf } from './support/contract';
import { configOf, givenStack, givenSync, givenWebhook, givenWriteKey, readable, statementsOf, templateOf } from './support/synth';
import { CONFIG_VARIABLE, loadConfig } from '../src/contract/env';
import { parseWebhook, TRACKING_CALLS, WebhookConfig, WebhookVerificationKind } from '../src/contract/webhook';

type Make = (secret: secretsmanager.ISecret) => WebhookVerification;

/** Each kind; one without an example is a compile error. */
const KINDS: { readonly [K in WebhookVerificationKind]: readonly [Make, object, Record<string, string[]>][] } = {
  segmentSignature: [
    [(secret) => WebhookVerification.segmentSignature({ secret }), { signed: 'body' }, { webhook: ['POST'] }],
    [(secret) => WebhookVerification.segmentSignature({ secret, signed: SegmentSignedContent.FIRST_EVENT }), { signed: 'firstEvent' }, { webhook: ['POST'] }],
  ],
  hmacSha256: [
    [(secret) => WebhookVerification.hmacSha256({ secret }), { header: 'x-cdp-signature', toleranceSeconds: 300 }, { webhook: ['POST'] }],
    [(secret) => WebhookVerification.hmacSha256({ secret, header: 'X-Mine', tolerance: Duration.hours(1) }),
      { header: 'x-mine', toleranceSeconds: 3600 }, { webhook: ['POST'] }],
  ],
  header: [
    [(secret) => WebhookVerification.bearerToken({ secret }), { header: 'authorization', scheme: 'Bearer' }, { webhook: ['POST'] }],
    [(secret) => WebhookVerification.header({ secret, secretField: 'f' }), { header: 'authorization' }, { webhook: ['POST'] }],
  ],
  writeKey: [[(secret) => WebhookVerification.writeKey({ secret }), {}, Object.fromEntries(TRACKING_CALLS.map((call) => [call, ['POST']]))]],
  cloudEvents: [
    [(secret) => WebhookVerification.cloudEvents({ secret, allowedOrigins: ['a'] }), { allowedOrigins: ['a'], requestsPerMinute: 6000 },
      { webhook: ['POST', 'OPTIONS'] }],
  ],
};

function configFor(props: Partial<CdpWebhookProps>, format = CdpFormat.segment()): WebhookConfig {
  const sync = givenSync({ format });
  givenWebhook(props, sync);
  return loadConfig(parseWebhook, { [CONFIG_VARIABLE]: configOf(templateOf(sync), 'SyncWebhookHandler') });
}

describe.each(Object.entries(KINDS).flatMap(([kind, list]) => list.map(([make, config, routes]) => ({ kind, make, config, routes }))))(
  '$kind (%#)', ({ kind, make, config, routes }) => {
    const stack = givenStack();
    const sync = givenSync({}, stack);
    const template = (givenWebhook({ verification: make(givenWriteKey(stack)) }, sync), templateOf(sync));

    test('is synthesized as the handler reads it', () => {
      const { verification } = loadConfig(parseWebhook, { [CONFIG_VARIABLE]: configOf(template, 'SyncWebhookHandler') });
      expect(verification).toMatchObject({ kind, ...config, secret: { secretArn: '<WriteKey>' } });
    });

    test('has its paths and methods, and each may invoke the function on behalf of this stage only', () => {
      const methods = Object.values(template.findResources('AWS::ApiGateway::Method')).map(({ Properties }) => readable(Properties) as any);
      expect(methods.map(({ HttpMethod, AuthorizationType, Integration: { Type } }) => [HttpMethod, AuthorizationType, Type]))
        .toEqual(Object.values(routes).flat().map((method) => [method, 'NONE', 'AWS_PROXY']));
      const permissions = Object.values(template.findResources('AWS::Lambda::Permission')).map(({ Properties }) => readable(Properties));
      const expected = Object.entries(routes).flatMap(([path, own]) => own.map((method) => ({
        Action: 'lambda:InvokeFunction', FunctionName: '<SyncWebhookHandler.Arn>', Principal: 'apigateway.amazonaws.com',
        SourceArn: `arn:<AWS::Partition>:execute-api:<AWS::Region>:<AWS::AccountId>:<SyncWebhookApi>/v1/${method}/${path}`,
      })));
      const bySource = (one: any, other: any) => one.SourceArn < other.SourceArn ? -1 : 1;
      expect(permissions.sort(bySource)).toEqual(expected.sort(bySource));
    });
  });

describe('with the required props only', () => {
  const sync = givenSync();
  const webhook = givenWebhook({}, sync);
  const template = templateOf(sync);

  test('the function may write to the stream, read the secret and log, and nothing else', () => {
    expect(statementsOf(template, '<SyncWebhookHandlerRole>')).toEqual([
      { Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: '<SyncWebhookHandlerLogs.Arn>' },
      { Action: 'kinesis:PutRecords', Resource: '<SyncStream.Arn>' },
      { Action: 'secretsmanager:GetSecretValue', Resource: '<WriteKey>' },
    ]);
  });

  test('the configuration in whole', () => {
    expect(configFor({})).toEqual({
      version: 1, instance: 'Stack/Sync/Webhook', streamArn: '<SyncStream.Arn>', format: { kind: 'segment' }, maxBodyBytes: 4_194_304, responseSeconds: 4,
      verification: { kind: 'header', header: 'authorization', scheme: 'Bearer', secret: { secretArn: '<WriteKey>' } },
    });
  });

  test('a regional API that hands on every body byte for byte', () => {
    template.hasResourceProperties('AWS::ApiGateway::RestApi', { BinaryMediaTypes: ['*/*'], EndpointConfiguration: { Types: ['REGIONAL'] } });
    expect(JSON.stringify(template.toJSON())).not.toContain('minimumCompressionSize');
  });

  test('is throttled, and logs neither bodies nor headers nor addresses', () => {
    template.hasResourceProperties('AWS::ApiGateway::Stage', {
      StageName: 'v1',
      MethodSettings: [{ HttpMethod: '*', ResourcePath: '/*', ThrottlingRateLimit: 100, ThrottlingBurstLimit: 200, DataTraceEnabled: false }],
      AccessLogSetting: { Format: Match.not(Match.stringLikeRegexp('identity|header|body|path\\b|querystring')) },
    });
    template.hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 90 });
    template.resourceCountIs('AWS::ApiGateway::Account', 0);
    Annotations.fromStack(Stack.of(sync)).hasWarning('/Stack/Sync/Webhook', Match.stringLikeRegexp('apiGatewayLogRole'));
  });

  test.each<[string, string, string, string | undefined]>([
    ['THROTTLED', '429', 'TooManyRequests', "'1'"], ['MISSING_AUTHENTICATION_TOKEN', '404', 'NotFound', undefined],
    ['DEFAULT_5XX', '503', 'Unavailable', "'5'"],
  ])('what the gateway answers by itself: %s', (ResponseType, StatusCode, error, retryAfter) => {
    template.hasResourceProperties('AWS::ApiGateway::GatewayResponse', {
      ResponseType, StatusCode, ResponseTemplates: { 'application/json': Match.stringLikeRegexp(`^{"error":"${error}","message":"[^"]+"}$`) },
      ...retryAfter && { ResponseParameters: { 'gatewayresponse.header.Retry-After': retryAfter } },
    });
  });

  test('nothing else is answered otherwise than the gateway does: a fallback would be overruled', () => {
    template.resourceCountIs('AWS::ApiGateway::GatewayResponse', 3);
  });

  test('the function has as long as the gateway waits', () => {
    template.hasResourceProperties('AWS::Lambda::Function', { Timeout: 29, Environment: { Variables: { CDP_CONFIG: Match.anyValue() } } });
  });

  test('its alarms are among those of the construct', () => {
    expect(webhook.alarms.map(({ node }) => node.id)).toEqual(['FailedRequestsAlarm', 'RefusedRequestsAlarm', 'ErrorsAlarm', 'ThrottlesAlarm']);
    expect(sync.alarms).toEqual(expect.arrayContaining(webhook.alarms));
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'AWS/ApiGateway', MetricName: '5XXError', Threshold: 1, Dimensions: [{ Name: 'ApiName', Value: Match.stringLikeRegexp('^Stack-Sync-Webhook-[0-9A-F]{8}$') }],
    });
  });

  test('its metrics are its own', () => {
    const resolved = [
      webhook.metricRequestsAccepted(), webhook.metricRequestsRefused(), webhook.metricRequestsFailed(), webhook.metricMessagesAccepted(),
    ].map(({ metricName, dimensions }) => [metricName, dimensions]);
    expect(resolved).toEqual(['RequestsAccepted', 'RequestsRefused', 'RequestsFailed', 'MessagesAccepted']
      .map((name) => [name, { Instance: 'Stack/Sync/Webhook' }]));
  });

  test('the address', () => {
    const stack = givenStack();
    const one = givenSync({}, stack);
    expect(readable(stack.resolve(givenWebhook({}, one).url)))
      .toBe('https://<SyncWebhookApi>.execute-api.<AWS::Region>.<AWS::URLSuffix>/<SyncWebhookApiDeploymentStagev1>/webhook');
    const sdk = one.addWebhook('Sdk', { verification: WebhookVerification.writeKey({ secret: givenWriteKey(stack) }) });
    expect(readable(stack.resolve(sdk.url))).toBe('https://<SyncSdkApi>.execute-api.<AWS::Region>.<AWS::URLSuffix>');
  });
});

test('with every prop', () => {
  const stack = givenStack();
  const encryptionKey = new kms.Key(stack, 'Key');
  const sync = givenSync({ encryptionKey, alarmTopic: new sns.Topic(stack, 'Topic') }, stack);
  const secret = new secretsmanager.Secret(stack, 'Secret', { encryptionKey });
  givenWebhook({
    verification: WebhookVerification.bearerToken({ secret, secretField: 'token' }), userIdField: 'user.id', maxBodySize: Size.kibibytes(512),
    responseTimeout: Duration.seconds(25), throttlingRateLimit: 10, throttlingBurstLimit: 20, accessLogs: false,
    webAclArn: 'arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/x/1',
  }, sync);
  const template = templateOf(sync);
  expect(JSON.parse(configOf(template, 'SyncWebhookHandler'))).toMatchObject({
    userIdField: 'user.id', maxBodyBytes: 524_288, responseSeconds: 25, verification: { secret: { field: 'token' } },
  });
  template.hasResourceProperties('AWS::ApiGateway::Stage', {
    MethodSettings: [Match.objectLike({ ThrottlingRateLimit: 10, ThrottlingBurstLimit: 20 })], AccessLogSetting: Match.absent(),
  });
  const [association] = Object.values(template.findResources('AWS::WAFv2::WebACLAssociation')).map(({ Properties }) => readable(Properties));
  expect(association).toEqual({
    ResourceArn: 'arn:<AWS::Partition>:apigateway:<AWS::Region>::/restapis/<SyncWebhookApi>/stages/<SyncWebhookApiDeploymentStagev1>',
    WebACLArn: 'arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/x/1',
  });
  Annotations.fromStack(stack).hasNoWarning('/Stack/Sync/Webhook', Match.anyValue());
  const via = (service: string) => ({ StringEquals: { 'kms:ViaService': `${service}.<AWS::Region>.<AWS::URLSuffix>` } });
  expect(statementsOf(template, '<SyncWebhookHandlerRole>')).toEqual([
    { Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: '<SyncWebhookHandlerLogs.Arn>' },
    expect.objectContaining({ Resource: '<Key.Arn>', Condition: via('logs') }),
    { Action: 'kms:GenerateDataKey', Resource: '<Key.Arn>' },
    { Action: 'kinesis:PutRecords', Resource: '<SyncStream.Arn>' },
    { Action: 'secretsmanager:GetSecretValue', Resource: '<Secret>' },
    { Action: 'kms:Decrypt', Resource: '<Key.Arn>', Condition: via('secretsmanager') },
  ]);
});

test('the warning can be acknowledged', () => {
  const sync = givenSync();
  CoreAnnotations.of(givenWebhook({}, sync)).acknowledgeWarning('cdk-cdp-engagement:apiGatewayLogRole');
  Annotations.fromStack(Stack.of(sync)).hasNoWarning('/Stack/Sync/Webhook', Match.anyValue());
});

test('a function that translates is not asked for the user, and needs no grant', () => {
  const stack = givenStack();
  const sync = givenSync({ format: CdpFormat.function(lambda.Function.fromFunctionName(stack, 'Fn', 'fn')) }, stack);
  givenWebhook({}, sync);
  const template = templateOf(sync);
  expect(JSON.parse(configOf(template, 'SyncWebhookHandler')).format).toEqual({ kind: 'auto' });
  expect(JSON.stringify(statementsOf(template, '<SyncWebhookHandlerRole>'))).not.toContain('lambda:InvokeFunction');
});

test('a brought stream, and several webhooks of one construct', () => {
  const stack = givenStack();
  const stream = kinesis.Stream.fromStreamArn(stack, 'Theirs', 'arn:aws:kinesis:eu-west-1:111122223333:stream/theirs');
  const sync = givenSync({ stream }, stack);
  const verification = WebhookVerification.bearerToken({ secret: givenWriteKey(stack) });
  ['One', 'Two'].forEach((id) => sync.addWebhook(id, { verification }));
  const template = templateOf(sync);
  expect(statementsOf(template, '<SyncTwoHandlerRole>')).toContainEqual({ Action: 'kinesis:PutRecords', Resource: 'arn:aws:kinesis:eu-west-1:111122223333:stream/theirs' });
  const names = Object.values(template.findResources('AWS::ApiGateway::RestApi')).map(({ Properties: { Name } }) => Name);
  expect(names).toEqual([expect.stringMatching(/^Stack-Sync-One-\w{8}$/), expect.stringMatching(/^Stack-Sync-Two-\w{8}$/)]);
});

test.each<[string, Partial<CdpWebhookProps>, RegExp]>([
  ['too large a body', { maxBodySize: Size.mebibytes(5) }, /`maxBodySize` must be from 1 KiB to 4 MiB/],
  ['too small a body', { maxBodySize: Size.kibibytes(0) }, /`maxBodySize` must be/],
  ['too long a time', { responseTimeout: Duration.seconds(26) }, /`responseTimeout` must be whole seconds from 1 second to 25 seconds/],
  ['no rate', { throttlingRateLimit: 0 }, /`throttlingRateLimit` must be a whole number from 1 to 10000/],
  ['too many at once', { throttlingBurstLimit: 5001 }, /`throttlingBurstLimit` must be/],
  ['a path with a hole', { userIdField: 'a..b' }, /`userIdField` must be names joined by dots/],
  ['a web ACL for CloudFront', { webAclArn: 'arn:aws:wafv2:us-east-1:111122223333:global/webacl/x/1' }, /`webAclArn` must be the ARN of a regional web ACL/],
])('refuses %s', (_, props, message) => {
  expect(() => givenWebhook(props)).toThrow(message);
});

test.each<[string, Make, RegExp]>([
  ['a header that is none', (secret) => WebhookVerification.header({ secret, header: 'a b' }), /`header` must be the name of a header/],
  ['too wide a window', (secret) => WebhookVerification.hmacSha256({ secret, tolerance: Duration.seconds(3601) }), /`tolerance` must be whole seconds/],
  ['no origin', (secret) => WebhookVerification.cloudEvents({ secret, allowedOrigins: [] }), /`allowedOrigins` must name an origin/],
])('refuses %s', (_, make, message) => {
  expect(() => make(givenWriteKey(givenStack()))).toThrow(message);
});

describe('the handler refuses another document', () => {
  const document = configFor({});
  test.each(cases({
    'version': [0, undefined], 'instance': ['', undefined], 'streamArn': ['', 1, undefined], 'verification': [undefined, {}, { kind: 'none' }],
    'verification.secret': ['a', undefined], 'verification.header': [1, undefined], 'format': [undefined, 'segment'], 'maxBodyBytes': [0, '1', undefined],
    'responseSeconds': [0, undefined], 'userIdField': [''], 'surprise': [1],
  }))('$path: $value', ({ path, value }) => {
    expect(errorOf(parseWebhook, change(document, path, value)).path).toContain(`C.${path}`);
  });
});
