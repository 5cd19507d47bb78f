import { Annotations, Stack, Token } from 'aws-cdk-lib';
import { Construct, IConstruct } from 'constructs';

/** Who takes the quotas of a service in an account and Region, by app. */
const TAKERS = new WeakMap<IConstruct, Map<string, string>>();

/** Of stacks whose account or Region is not known it is not known either whether they share one; constructs of one stack do. */
export function warnOfQuotasTakenTwice(scope: Construct, service: string, warningId: string): void {
  const { account, region, node } = Stack.of(scope);
  const place = Token.isUnresolved(account) || Token.isUnresolved(region) ? node.path : `aws://${account}/${region}`;
  const takers = TAKERS.get(scope.node.root) ?? new Map<string, string>();
  TAKERS.set(scope.node.root, takers);
  const key = `${service} ${place}`;
  const taker = takers.get(key);
  if (taker === undefined) {
    takers.set(key, scope.node.path);
    return;
  }
  Annotations.of(scope).addWarningV2(warningId,
    `${taker} takes the quotas of ${service}, which belong to the account and its Region, and so does this construct: together they may be throttled`);
}
