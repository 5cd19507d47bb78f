import { DeploymentError } from './errors';

/** What a failed call of an AWS service says of the items in it. */
export type Failure = { readonly kind: 'items'; readonly code: string; readonly reason: string } | { readonly kind: 'retry'; readonly code: string };

/** Several services answer 400 when they are busy.
 * @see https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html#API_PutRecords_Errors */
const BUSY = /Throttl|TooManyRequests|LimitExceeded|ProvisionedThroughputExceeded|RequestTimeout|InternalFailure|ServiceUnavailable|NotReady/;
/** What only a change of the deployment helps against, and several services answer with 400. */
const REFUSED = new RegExp([
  'AccessDenied', 'NotFound', 'NotAuthorized', 'UnrecognizedClient',
  'InvalidSignature', 'ExpiredToken', 'IncompleteSignature', 'MissingAuthentication',
  'KMSDisabled', 'KMSInvalidState', 'KMSOptInRequired',
].join('|'));

/** The request can't be taken as it is: bad, too large, its path too long, its headers too large. */
const ITEM_STATUSES: readonly number[] = [400, 413, 414, 431];

/** Sorts an error by what can be done about it; what nothing can be done about here is thrown. */
export function serviceFailure(error: unknown, service: string): Failure {
  const { name = 'UnknownError', message = '', $metadata } = error as { name?: string; message?: string; $metadata?: { httpStatusCode?: number } };
  const status = $metadata?.httpStatusCode;
  const transient = status === undefined || status < 400 || status === 408 || status === 409 || status === 429 || status >= 500;
  if (transient || BUSY.test(name)) return { kind: 'retry', code: name };
  if (ITEM_STATUSES.includes(status) && !REFUSED.test(name)) return { kind: 'items', code: name, reason: message };
  // The resource that a denial names may end in a user's id, which is nobody's business in a log.
  throw new DeploymentError(`${service} refuses this deployment: ${name} (${status}): ${message.replace(/\/users\/.*/s, '/users/…')}`);
}
