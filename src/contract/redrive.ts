import { DeadLettersConfig, parseDeadLetters } from './dead-letters';
import { CONTRACT_VERSION } from './env';
import { object, oneOf, Parser, text } from './parse';

/** What a construct hands its redrive function. */
export interface RedriveConfig {
  readonly version: typeof CONTRACT_VERSION;
  readonly instance: string;
  readonly deadLetters: DeadLettersConfig;
  /** Key prefix, without a slash at its end, under which Lambda keeps the batches that the event source mapping gave up. */
  readonly abandonedBatchesPrefix: string;
  readonly streamArn: string;
}

export const parseRedrive: Parser<RedriveConfig> = object<RedriveConfig>({
  version: oneOf([CONTRACT_VERSION]),
  instance: text,
  deadLetters: parseDeadLetters,
  abandonedBatchesPrefix: text,
  streamArn: text,
});
