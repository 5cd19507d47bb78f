import type { MiddlewareStack } from '@smithy/types';
import type { TargetMeter } from './index';
import { Pace } from '../runtime/pace';

/** What every attempt of a call keeps to. */
export interface Attempts {
  readonly deadline: number;
  readonly meter?: TargetMeter;
}

/** Makes each attempt wait for its turn. Inside the retry, so that a retried attempt waits like any other. */
export function paceAttempts<I extends object, O extends object>(
  stack: MiddlewareStack<I, O>, paceOf: (commandName: string) => Pace, attempts: Attempts,
): void {
  stack.add((next, context) => async (args) => {
    await paceOf(context.commandName!).turn(attempts.deadline);
    attempts.meter?.count('Requests', 1);
    return next(args).catch((error: unknown) => {
      if ((error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode === 429) attempts.meter?.count('RequestsThrottled', 1);
      throw error;
    });
  }, { step: 'finalizeRequest', priority: 'low', name: 'paceMiddleware' });
}
