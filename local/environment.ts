/** The account and region that the run pretends to be. */

/** The account of AWS's own documentation examples: it can't be mistaken for somebody's. */
export const ACCOUNT_ID = '123456789012';
export const REGION = 'us-east-1';
export const PARTITION = 'aws';
export const URL_SUFFIX = 'amazonaws.com';

export function arn(service: string, resource: string, options: { readonly region?: string; readonly accountId?: string } = {}): string {
  return `arn:${PARTITION}:${service}:${options.region ?? REGION}:${options.accountId ?? ACCOUNT_ID}:${resource}`;
}
