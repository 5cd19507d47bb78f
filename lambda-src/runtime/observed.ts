import type { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import { createLogger } from './log';
import { Telemetry } from './telemetry';

/** What one invocation may tell, and its end is told by itself. */
export interface Observed {
  readonly telemetry: Telemetry;
  readonly context: Context;
}

/** The Lambda side of a handler: metrics and one log line for each invocation. An error fails the invocation and is loud. */
export function observed<E, A>(
  instance: string, name: string, work: (event: E, observed: Observed) => Promise<A>, told: (event: E, answer?: A) => Record<string, number>,
  logger: Logger = createLogger(instance),
) {
  return async (event: E, context: Context): Promise<A> => {
    const telemetry = new Telemetry(instance);
    logger.addContext(context);
    try {
      const answer = await work(event, { telemetry, context });
      logger.info(name, { ...told(event, answer), ...telemetry.line() });
      return answer;
    } catch (error) {
      logger.error(`${name} failed`, { ...told(event), error: error as Error });
      throw error;
    } finally {
      telemetry.publish();
    }
  };
}
