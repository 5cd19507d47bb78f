import { Annotations, Duration, Names, Size, Stack } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as wafv2 from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { AlarmSpecs, functionAlarms } from './alarms';
import { configureHandler, createHandler, createLogGroup } from './handler';
import { grantPut } from './stream';
import { checkDuration, checkInteger, checkText, refuse } from './validate';
import { Warning } from './warnings';
import { CdpWebhookProps } from '../cdp-webhook-props';
import { CdpFormatConfig } from '../contract/cdp-format';
import { CONTRACT_VERSION } from '../contract/env';
import { WEBHOOK_PATH, WEBHOOK_STAGE, WebhookConfig } from '../contract/webhook';
import { HandlerOptions } from '../handler-options';

/** What a webhook has from the construct that it belongs to. */
export interface WebhookSpec {
  readonly stream: kinesis.IStream;
  readonly format: CdpFormatConfig;
  readonly options: HandlerOptions;
}

/** Seconds that Amazon API Gateway waits for a function, unless the account's quota is raised.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html */
const INTEGRATION_TIMEOUT = Duration.seconds(29);

const MIN_BODY = Size.kibibytes(1);
/** In base64 4 MiB are 5.6 MB of the 6 MB of an invocation, which has to hold the headers too. */
const MAX_BODY = Size.mebibytes(4);
const RESPONSE = { min: 1, max: 25, remedy: 'leave it out for 4 seconds' };
/** The account's own quotas for all of its APIs in a Region, in most Regions.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html */
const RATE = { min: 1, max: 10_000, remedy: 'leave it out for 100' };
const BURST = { min: 1, max: 5_000, remedy: 'leave it out for 200' };
const DEFAULT_RATE = 100;
const DEFAULT_BURST = 200;
const WEB_ACL = /^arn:[^:]+:wafv2:[^:]+:\d{12}:regional\/webacl\/.+$/;

export function checkWebhook(props: CdpWebhookProps): void {
  const { maxBodySize, responseTimeout, throttlingRateLimit, throttlingBurstLimit, userIdField, webAclArn } = props;
  const bytes = maxBodySize?.toBytes();
  if (bytes !== undefined && (bytes < MIN_BODY.toBytes() || bytes > MAX_BODY.toBytes())) {
    refuse('maxBodySize', 'must be from 1 KiB to 4 MiB', bytes, 'leave it out for 4 MiB');
  }
  checkDuration('responseTimeout', responseTimeout, RESPONSE);
  checkInteger('throttlingRateLimit', throttlingRateLimit, RATE);
  checkInteger('throttlingBurstLimit', throttlingBurstLimit, BURST);
  checkText('userIdField', userIdField, /^[^.]+(\.[^.]+)*$/, 'must be names joined by dots', 'leave it out where the format names the user');
  checkText('webAclArn', webAclArn, WEB_ACL, 'must be the ARN of a regional web ACL', 'a global one is for CloudFront');
}

export function createWebhookHandler(scope: Construct, instance: string, props: CdpWebhookProps, spec: WebhookSpec): lambda.Function {
  const handler = createHandler(scope, 'Handler', {
    asset: 'webhook',
    description: 'Verifies requests of a CDP and puts their messages on the stream',
    options: { ...spec.options, role: undefined, memorySize: undefined, timeout: INTEGRATION_TIMEOUT },
  });
  grantPut(spec.stream, handler, 'kinesis:PutRecords');
  const config: WebhookConfig = {
    version: CONTRACT_VERSION,
    instance,
    streamArn: spec.stream.streamArn,
    verification: props.verification._bind({ grantee: handler, requestsPerMinute: 60 * (props.throttlingRateLimit ?? DEFAULT_RATE) }),
    // Only the names of users are read here, so that a function of the user's own is not asked.
    format: spec.format.kind === 'function' ? { kind: 'auto' } : spec.format,
    userIdField: props.userIdField,
    maxBodyBytes: (props.maxBodySize ?? MAX_BODY).toBytes(),
    responseSeconds: (props.responseTimeout ?? Duration.seconds(4)).toSeconds(),
  };
  configureHandler(handler, config, 'name fewer `allowedOrigins`');
  return handler;
}

/** Status, times and sizes. Neither bodies nor headers nor addresses, which may be somebody's. */
const ACCESS_LOG = apigateway.AccessLogFormat.custom(JSON.stringify({
  requestId: '$context.requestId', requestTime: '$context.requestTime', httpMethod: '$context.httpMethod', resourcePath: '$context.resourcePath',
  status: '$context.status', responseLatency: '$context.responseLatency', integrationStatus: '$context.integration.status',
  error: '$context.error.responseType', waf: '$context.waf.status',
}));

export function createWebhookApi(scope: Construct, handler: lambda.Function, props: CdpWebhookProps, { options }: WebhookSpec): apigateway.RestApi {
  const api = new apigateway.RestApi(scope, 'Api', {
    // The metrics of an API go by its name, so that two must not share one.
    restApiName: Names.uniqueResourceName(scope, { separator: '-' }),
    description: 'Takes messages of a CDP',
    cloudWatchRole: false,
    endpointTypes: [apigateway.EndpointType.REGIONAL],
    // Every body reaches the handler byte for byte, which signatures are made of.
    binaryMediaTypes: ['*/*'],
    deployOptions: { stageName: WEBHOOK_STAGE, throttlingRateLimit: props.throttlingRateLimit ?? DEFAULT_RATE,
      throttlingBurstLimit: props.throttlingBurstLimit ?? DEFAULT_BURST, ...accessLogs(scope, props, options) },
  });
  const path = `2015-03-31/functions/${handler.functionArn}/invocations`;
  const integration = new apigateway.AwsIntegration({ proxy: true, service: 'lambda', path });
  for (const [part, methods] of Object.entries(props.verification._routes)) {
    const resource = api.root.addResource(part);
    for (const method of methods) {
      resource.addMethod(method, integration);
      allowInvoke(api, handler, method, part);
    }
  }
  // An output that nobody asked for: who wants the address to be one makes it of `url`.
  api.node.tryRemoveChild('Endpoint');
  addGatewayResponses(api);
  if (props.webAclArn !== undefined) {
    new wafv2.CfnWebACLAssociation(scope, 'WebAcl', { resourceArn: api.deploymentStage.stageArn, webAclArn: props.webAclArn });
  }
  return api;
}

/** The source ARN names account, API, stage and method; whether the service states the account besides is not documented. */
function allowInvoke(api: apigateway.RestApi, handler: lambda.Function, method: string, path: string): void {
  handler.addPermission(`Invoke${method}${path}`, {
    principal: new iam.ServicePrincipal('apigateway.amazonaws.com'),
    sourceArn: api.arnForExecuteApi(method, `/${path}`, WEBHOOK_STAGE),
    scope: api,
  });
}

const NO_LOG_ROLE = 'Access logs need the role by which Amazon API Gateway writes logs in this account and Region (AWS::ApiGateway::Account), '
  + 'which this construct leaves alone. Acknowledge this warning where that role is set, or set `accessLogs: false`; see docs/webhook.md';

function accessLogs(scope: Construct, { accessLogs: wanted = true }: CdpWebhookProps, options: HandlerOptions): apigateway.StageOptions {
  if (!wanted) return {};
  Annotations.of(scope).addWarningV2(Warning.API_GATEWAY_LOG_ROLE, NO_LOG_ROLE);
  const logGroup = createLogGroup(scope, 'AccessLogs', options);
  return { accessLogDestination: new apigateway.LogGroupLogDestination(logGroup), accessLogFormat: ACCESS_LOG };
}

/**
 * What the gateway answers by itself, in the words of the handler. Whatever is its own fault, or that of a function that can't be invoked, is to be
 * sent again: all of its 5xx have the status of the fallback. Its 413, for more than 10 MB, can't be changed.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
 */
function addGatewayResponses(api: apigateway.RestApi): void {
  const add = (type: apigateway.ResponseType, statusCode: string, error: string, message: string, retryAfterSeconds?: number) =>
    api.addGatewayResponse(type.responseType, {
      type,
      statusCode,
      templates: { 'application/json': JSON.stringify({ error, message }) },
      responseHeaders: retryAfterSeconds === undefined ? undefined : { 'Retry-After': `'${retryAfterSeconds}'` },
    });
  add(apigateway.ResponseType.THROTTLED, '429', 'TooManyRequests', 'too many requests; send this one again later', 1);
  add(apigateway.ResponseType.MISSING_AUTHENTICATION_TOKEN, '404', 'NotFound', 'no such path and method');
  add(apigateway.ResponseType.DEFAULT_5XX, '503', 'Unavailable', 'the messages may not have been taken; send them again', 5);
}

export function urlOf(api: apigateway.RestApi, { verification }: CdpWebhookProps): string {
  if (WEBHOOK_PATH in verification._routes) return api.urlForPath(`/${WEBHOOK_PATH}`);
  const { region, urlSuffix } = Stack.of(api);
  return `https://${api.restApiId}.execute-api.${region}.${urlSuffix}`;
}

const PERIOD = { statistic: cloudwatch.Stats.SUM, period: Duration.minutes(5) };

export function webhookAlarms(api: apigateway.RestApi, handler: lambda.Function): AlarmSpecs {
  return {
    FailedRequestsAlarm: {
      metric: api.metricServerError(PERIOD),
      threshold: 1,
      description: 'Requests were answered with 5xx, and the CDP has to send them again. Look at the throttling of the stream and at the log',
    },
    RefusedRequestsAlarm: {
      metric: api.metricClientError(PERIOD),
      threshold: 100,
      description: 'Requests are refused with 4xx. RequestsRefused by its reason tells why: another secret, no JSON; 429 is too many at once',
    },
    ...functionAlarms('', handler),
  };
}
