import * as path from 'path';
import { ArnFormat, Duration, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { CONFIG_VARIABLE } from '../contract/env';
import { DEFAULT_MEMORY, NODE_OPTIONS, nodeOptions } from '../contract/runtime';
import { HandlerOptions } from '../handler-options';
import { checkDuration, checkInteger, checkNeeds, refuse } from './validate';

/** Built handlers; the folder is as far from `src/private` as from `lib/private`. */
const ASSETS = path.join(__dirname, '..', '..', 'assets');

/** Bytes of all environment variables of a function, names and values taken together.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MAX_ENVIRONMENT = 4096;

/** Bytes that a token is counted with: as long as the longest bucket name. */
const TOKEN_ALLOWANCE = 63;

/** What Lambda needs to attach a function to a VPC; none of these actions can be limited to a resource.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions */
const NETWORK_ACTIONS = [
  'ec2:AssignPrivateIpAddresses', 'ec2:CreateNetworkInterface', 'ec2:DeleteNetworkInterface', 'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets', 'ec2:UnassignPrivateIpAddresses',
];

/** Seconds: one request may take 10, and what is left for the next invocation is told 5 before the end; the redrive function keeps 20 free. */
const MIN_TIMEOUT = 30;

export const DEFAULT_TIMEOUT = Duration.minutes(5);
export const DEFAULT_REMOVAL_POLICY = RemovalPolicy.RETAIN;

/** What a function is, besides what its user chose. */
export interface HandlerSpec {
  /** Folder below `assets/`. */
  readonly asset: string;
  readonly description: string;
  readonly options: HandlerOptions;
}

export function checkHandlerOptions(options: HandlerOptions): void {
  checkInteger('memorySize', options.memorySize, { min: 128, max: 10240, remedy: 'leave it out for 512 MiB' });
  checkDuration('timeout', options.timeout, { min: MIN_TIMEOUT, max: 900, remedy: 'leave it out for 5 minutes' });
  checkNeeds('vpcSubnets', options.vpcSubnets, 'vpc', options.vpc, 'state the VPC too');
  checkNeeds('securityGroups', options.securityGroups, 'vpc', options.vpc, 'state the VPC too');
}

/** A function with its logs and its role. It has no configuration yet: that follows from what its roles bind. */
export function createHandler(scope: Construct, id: string, { asset, description, options }: HandlerSpec): lambda.Function {
  const logGroup = createLogGroup(scope, `${id}Logs`, options);
  const role = options.role ?? new iam.Role(scope, `${id}Role`, { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'), description });
  grantLogs(logGroup, role, options.encryptionKey);
  if (options.vpc) iam.Grant.addToPrincipal({ grantee: role, actions: NETWORK_ACTIONS, resourceArns: ['*'] });
  return new lambda.Function(scope, id, {
    description,
    runtime: lambda.Runtime.NODEJS_24_X,
    architecture: lambda.Architecture.ARM_64,
    code: lambda.Code.fromAsset(path.join(ASSETS, asset)),
    handler: 'index.handler',
    memorySize: options.memorySize ?? DEFAULT_MEMORY,
    environment: Token.isUnresolved(options.memorySize) ? undefined : { [NODE_OPTIONS]: nodeOptions(options.memorySize) },
    timeout: options.timeout ?? DEFAULT_TIMEOUT,
    vpc: options.vpc,
    vpcSubnets: options.vpcSubnets,
    securityGroups: options.securityGroups,
    environmentEncryption: options.encryptionKey,
    logGroup,
    role,
  });
}

/** Hands a function its configuration, in the one variable that it reads. The remedy is for a configuration that is too long. */
export function configureHandler(handler: lambda.Function, config: object, remedy: string = 'write a shorter `deadLetterPrefix`'): void {
  const json = Stack.of(handler).toJsonString(config);
  const size = NODE_OPTIONS.length + nodeOptions(10240).length + CONFIG_VARIABLE.length + sizeOf(Stack.of(handler).resolve(json));
  if (size > MAX_ENVIRONMENT) {
    refuse(CONFIG_VARIABLE, `must have at most ${MAX_ENVIRONMENT} bytes, which is Lambda's limit`, size, remedy);
  }
  handler.addEnvironment(CONFIG_VARIABLE, json);
}

function sizeOf(resolved: unknown): number {
  if (typeof resolved === 'string') return Buffer.byteLength(resolved);
  const parts: unknown = (resolved as { 'Fn::Join'?: [string, unknown[]] })['Fn::Join']?.[1];
  if (!Array.isArray(parts)) return TOKEN_ALLOWANCE;
  return parts.reduce<number>((sum, part) => sum + (typeof part === 'string' ? Buffer.byteLength(part) : TOKEN_ALLOWANCE), 0);
}

export function createLogGroup(scope: Construct, id: string, options: HandlerOptions): logs.LogGroup {
  if (options.encryptionKey) allowLogs(scope, options.encryptionKey);
  return new logs.LogGroup(scope, id, {
    retention: options.logRetention ?? logs.RetentionDays.THREE_MONTHS,
    encryptionKey: options.encryptionKey,
    removalPolicy: options.removalPolicy ?? DEFAULT_REMOVAL_POLICY,
  });
}

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html#cmk-permissions-readwrite */
const LOG_KEY_ACTIONS = [
  'kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:GenerateDataKeyWithoutPlaintext',
  'kms:ReEncryptFrom', 'kms:ReEncryptTo',
];

function grantLogs(logGroup: logs.LogGroup, grantee: iam.IGrantable, key: kms.IKey | undefined): void {
  logGroup.grantWrite(grantee);
  if (!key) return;
  const { region, urlSuffix } = Stack.of(logGroup);
  iam.Grant.addToPrincipal({
    grantee,
    actions: LOG_KEY_ACTIONS,
    resourceArns: [key.keyArn],
    conditions: { StringEquals: { 'kms:ViaService': `logs.${region}.${urlSuffix}` } },
  });
}

/** CloudWatch Logs uses a key itself, not on behalf of a caller. The names of the log groups are not known yet, hence all of the account.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html */
function allowLogs(scope: Construct, key: kms.IKey): void {
  const stack = Stack.of(scope);
  const anyGroup = stack.formatArn({ service: 'logs', resource: 'log-group', resourceName: '*', arnFormat: ArnFormat.COLON_RESOURCE_NAME });
  key.addToResourcePolicy(new iam.PolicyStatement({
    principals: [new iam.ServicePrincipal(`logs.${stack.region}.${stack.urlSuffix}`)],
    actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
    resources: ['*'],
    conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': anyGroup } },
  }));
}
