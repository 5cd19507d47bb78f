import { DeadLettersConfig, parseDeadLetters } from './dead-letters';
import { CONTRACT_VERSION } from './env';
import { object, oneOf, optional, Parser, text, union } from './parse';

/** Where dead letters are put back. */
export type RedriveSinkConfig =
  | { readonly kind: 'stream'; readonly streamArn: string }
  | { readonly kind: 'queue'; readonly queueUrl: string };
export type RedriveSinkKind = RedriveSinkConfig['kind'];

const parseSink: Parser<RedriveSinkConfig> = union<'kind', RedriveSinkConfig>('kind', {
  stream: object({ kind: oneOf(['stream'] as const), streamArn: text }),
  queue: object({ kind: oneOf(['queue'] as const), queueUrl: text }),
});

/** What a construct hands its redrive function. */
export interface RedriveConfig {
  readonly version: typeof CONTRACT_VERSION;
  readonly instance: string;
  readonly deadLetters: DeadLettersConfig;
  /** Key prefix, without a slash at its end, under which Lambda keeps the batches that the event source mapping gave up. */
  readonly abandonedBatchesPrefix?: string;
  readonly sink: RedriveSinkConfig;
}

export const parseRedrive: Parser<RedriveConfig> = object<RedriveConfig>({
  version: oneOf([CONTRACT_VERSION]),
  instance: text,
  deadLetters: parseDeadLetters,
  abandonedBatchesPrefix: optional(text),
  sink: parseSink,
});
