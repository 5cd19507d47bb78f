import { Logger } from '@aws-lambda-powertools/logger';

/** Structured logs. Only counts, codes and ids of our own go in: never a payload, an address or a user id. */
export function createLogger(instance: string): Logger {
  return new Logger({ serviceName: instance });
}
