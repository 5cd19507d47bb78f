import { PARTITION } from '../environment';
import { RefusedError } from '../errors';
import { Json, isObject } from './model';
import { Statement, isAllowed } from '../iam/policy';

const LOGS: readonly string[] = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'];
const NETWORK: readonly string[] = [
  'ec2:CreateNetworkInterface', 'ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets', 'ec2:DeleteNetworkInterface',
  'ec2:AssignPrivateIpAddresses', 'ec2:UnassignPrivateIpAddresses',
];

/** Actions of the AWS managed policies that constructs attach to a function's role; all of them are on every resource.
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html */
const MANAGED: Readonly<Record<string, readonly string[]>> = {
  'service-role/AWSLambdaBasicExecutionRole': LOGS,
  'service-role/AWSLambdaVPCAccessExecutionRole': [...LOGS, ...NETWORK],
  'service-role/AWSLambdaKinesisExecutionRole': [
    'kinesis:DescribeStream', 'kinesis:DescribeStreamSummary', 'kinesis:GetRecords', 'kinesis:GetShardIterator', 'kinesis:ListShards',
    'kinesis:ListStreams', 'kinesis:SubscribeToShard', ...LOGS,
  ],
  'AWSXRayDaemonWriteAccess': [
    'xray:PutTraceSegments', 'xray:PutTelemetryRecords', 'xray:GetSamplingRules', 'xray:GetSamplingTargets', 'xray:GetSamplingStatisticSummaries',
  ],
  'CloudWatchLambdaInsightsExecutionRolePolicy': LOGS,
};

interface Role {
  readonly trust: readonly Statement[];
  readonly statements: Statement[];
}

/** The IAM roles of the template and what their policies say. */
export class Roles {
  private readonly roles = new Map<string, Role>();
  private readonly managed = new Map<string, readonly Statement[]>();

  public add(name: string, trust: readonly Statement[]): void {
    this.roles.set(name, { trust, statements: [] });
  }

  public attach(name: string, statements: readonly Statement[], path: string): void {
    const role = this.roles.get(name);
    if (!role) throw new RefusedError(path, `the role ${name} is not part of the app`);
    role.statements.push(...statements);
  }

  public define(policyArn: string, statements: readonly Statement[]): void {
    this.managed.set(policyArn, statements);
  }

  public managedPolicy(policyArn: string, path: string): readonly Statement[] {
    const own = this.managed.get(policyArn);
    if (own) return own;
    const prefix = `arn:${PARTITION}:iam::aws:policy/`;
    const name = policyArn.startsWith(prefix) ? policyArn.slice(prefix.length) : '';
    const actions = Object.hasOwn(MANAGED, name) ? MANAGED[name] : undefined;
    if (!actions) throw new RefusedError(path, `the managed policy ${policyArn} is not known to the local run`);
    return [{ Effect: 'Allow', Action: actions, Resource: '*' }];
  }

  /** What the gateways ask. */
  public statementsOf(name: string): readonly Statement[] {
    return this.roles.get(name)?.statements ?? [];
  }

  /** A role that its service may not assume would fail the deployment. */
  public checkTrust(name: string, service: string, context: Readonly<Record<string, string>>, path: string): void {
    const role = this.roles.get(name);
    if (!role) throw new RefusedError(path, `the role ${name} is not part of the app`);
    if (!isAllowed(role.trust, { action: 'sts:AssumeRole', resource: '*', principal: service, context })) {
      throw new RefusedError(path, `the role ${name} does not let ${service} assume it`);
    }
  }
}

export function statementsIn(document: Json | undefined, path: string): Statement[] {
  const statements = isObject(document) ? [document.Statement ?? []].flat() : undefined;
  if (!statements?.every(isObject)) throw new RefusedError(path, `not a policy document: ${JSON.stringify(document)}`);
  return statements as unknown as Statement[];
}
