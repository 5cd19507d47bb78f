import { serviceFailure } from '../runtime/service-failure';

/** Step Functions knows the error by this name and invokes the function again. */
export class RetryableError extends Error {
  public constructor(message: string) {
    super(message);
    this.name = 'RetryableError';
  }
}

export function statusOf(error: unknown): number | undefined {
  return (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
}

/** The error to throw instead: what may pass is told apart from what a change of the deployment helps against. */
export function awsError(error: unknown, service: string): Error {
  if (!isAwsError(error)) return error as Error;
  try {
    return new RetryableError(`${service}: ${serviceFailure(error, service).code}`);
  } catch (refused) {
    return refused as Error;
  }
}

export const s3Error = (error: unknown): Error => awsError(error, 'Amazon S3');

/** For the `catch` of a call. */
export const throwS3Error = (error: unknown): never => {
  throw s3Error(error);
};

/** What the SDK throws carries what it knows of the answer; what the network throws has a code. */
function isAwsError(error: unknown): boolean {
  return error instanceof Error && ('$metadata' in error || 'code' in error);
}
