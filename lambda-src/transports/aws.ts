import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { Answer } from '../destinations/destination';
import { serviceFailure } from '../runtime/service-failure';

const CONNECTION_TIMEOUT_MILLIS = 3_000;
/** The delivery tries again by itself, so the client hardly does. */
const MAX_ATTEMPTS = 2;

export const clientOptions = (requestTimeout = 10_000) => ({
  maxAttempts: MAX_ATTEMPTS, requestHandler: new NodeHttpHandler({ connectionTimeout: CONNECTION_TIMEOUT_MILLIS, requestTimeout }),
});

/** A call that failed as a whole. */
export function answerOf(error: unknown, service: string): Answer {
  const failure = serviceFailure(error, service);
  return failure.kind === 'items' ? failure : { ...failure, throttled: /Throttl|TooMany|Exceeded/.test(failure.code) };
}
