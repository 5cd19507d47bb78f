import { Annotations, Reference, Stack, Token, Tokenization } from 'aws-cdk-lib';
import { CfnDomain } from 'aws-cdk-lib/aws-customerprofiles';
import { Construct } from 'constructs';
import { warnOfQuotasTakenTwice } from './quotas';
import { checkText } from './validate';
import { Warning } from './warnings';
import { CustomerProfilesRates } from '../contract/endpoint-target';

/** Published quota in requests per second and operation, for an account in one Region.
 * @see https://docs.aws.amazon.com/connect/latest/adminguide/amazon-connect-service-limits.html */
export const PROFILES_QUOTA = 100;

/** @see https://docs.aws.amazon.com/customerprofiles/latest/APIReference/API_PutProfileObject.html (DomainName) */
const DOMAIN_NAME = /^[a-zA-Z0-9_-]{1,64}$/;

/** The role of Amazon Connect reaches no other domains. */
const CAMPAIGN_PREFIX = 'amazon-connect-';

/** The share of the account's quota that each of `concurrency` simultaneous invocations may use. */
export function shareOutProfiles(concurrency: number): CustomerProfilesRates {
  const share = PROFILES_QUOTA / concurrency;
  return { putProfileObject: share, searchProfiles: share, deleteProfile: share };
}

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonconnectcustomerprofiles.html */
export function domainArn(scope: Construct, domainName: string): string {
  return Stack.of(scope).formatArn({ service: 'profile', resource: 'domains', resourceName: domainName });
}

export function objectTypeArn(scope: Construct, domainName: string, objectType: string): string {
  return `${domainArn(scope, domainName)}/object-types/${objectType}`;
}

export function checkDomain(domainName: string): void {
  checkText('domainName', domainName, DOMAIN_NAME, 'must have 1 to 64 letters, digits, `_` and `-`', 'take the name of the domain, not its ARN');
}

export function warnOfSharedProfileQuotas(scope: Construct): void {
  warnOfQuotasTakenTwice(scope, 'Amazon Connect Customer Profiles', Warning.CUSTOMER_PROFILES_QUOTAS_TAKEN_TWICE);
}

export function warnOfDomainName(scope: Construct, domainName: string): void {
  const name = domainOf(scope, domainName)?.domainName ?? domainName;
  if (Token.isUnresolved(name) || name.startsWith(CAMPAIGN_PREFIX)) return;
  Annotations.of(scope).addWarningV2(Warning.CUSTOMER_PROFILES_DOMAIN_NAME,
    `Outbound campaigns of Amazon Connect can't use the domain '${name}': its name does not start with '${CAMPAIGN_PREFIX}'`);
}

/** @see https://docs.aws.amazon.com/connect/latest/adminguide/use-identity-resolution.html */
export function warnOfIdentityResolution(scope: Construct, domainName: string): void {
  const domain = domainOf(scope, domainName);
  if (domain && !isOn(domain.matching) && !isOn(domain.ruleBasedMatching)) return;
  const problem = domain ? 'is on in the domain' : 'of the domain can\'t be seen here and must be off';
  Annotations.of(scope).addWarningV2(Warning.CUSTOMER_PROFILES_IDENTITY_RESOLUTION,
    `Identity resolution ${problem}: it merges the profiles of users who share an e-mail address or a telephone number, and what is merged can't be separated`);
}

export function warnOfUploadJobs(scope: Construct): void {
  const unknown = 'whether rows update the profiles that users have, whether removals outrank them, and what `dataExpiry` does to those profiles';
  Annotations.of(scope).addWarningV2(Warning.CUSTOMER_PROFILES_UPLOAD_JOBS,
    `Upload jobs (\`bulk\`) are experimental: ${unknown} is not documented; try it in a domain of your own first`);
}

/** The domain, when it belongs to the app: referred to, or by its name. */
function domainOf(scope: Construct, domainName: string): CfnDomain | undefined {
  const token = Token.isUnresolved(domainName) ? Tokenization.reverseString(domainName).firstToken : undefined;
  if (token !== undefined) return Reference.isReference(token) && isDomain(token.target) ? token.target : undefined;
  return scope.node.root.node.findAll().filter(isDomain).find((domain) => domain.domainName === domainName);
}

function isDomain(construct: unknown): construct is CfnDomain {
  return (construct as { cfnResourceType?: string }).cfnResourceType === CfnDomain.CFN_RESOURCE_TYPE_NAME;
}

/** What only the deployment knows counts as on. */
function isOn(matching: CfnDomain['matching'] | CfnDomain['ruleBasedMatching']): boolean {
  return matching !== undefined && (matching as { enabled?: unknown }).enabled !== false;
}
