import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { Answer } from '../destinations/destination';
import type { Outcome } from '../model';
import { serviceFailure } from '../runtime/service-failure';

const CONNECTION_TIMEOUT_MILLIS = 3_000;
/** The delivery tries again by itself, so the client hardly does. */
const MAX_ATTEMPTS = 2;

/** Without a time for the answer it is waited for until the deadline. */
export const clientOptions = (requestTimeout?: number) => ({
  maxAttempts: MAX_ATTEMPTS,
  requestHandler: new NodeHttpHandler({ connectionTimeout: CONNECTION_TIMEOUT_MILLIS, requestTimeout, throwOnRequestTimeout: true }),
});

/** What answers in milliseconds, unless it does not at all. */
export const REQUEST_TIMEOUT_MILLIS = 10_000;

const isThrottled = (code: string): boolean => /Throttl|TooMany|Exceeded/.test(code);

/** A call that failed as a whole. */
export function answerOf(error: unknown, service: string): Answer {
  const failure = serviceFailure(error, service);
  return failure.kind === 'items' ? failure : { ...failure, throttled: isThrottled(failure.code) };
}

/** A call that has a result for each item. */
export function eachOf(outcomes: readonly Outcome[]): Answer {
  return { kind: 'each', outcomes, throttled: outcomes.some((outcome) => outcome.status === 'retry' && isThrottled(outcome.code)) };
}
