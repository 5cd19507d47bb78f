import { object, Parser, text } from './parse';

/** Where records that can't be delivered are kept. */
export interface DeadLettersConfig {
  readonly bucketName: string;
  /** Key prefix without a slash at its end; objects lie under `<prefix>/yyyy/MM/dd/HH/`. */
  readonly prefix: string;
}

/** Prefix under which Lambda writes the batches that an event source mapping gave up; fixed by the service.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html */
export const ABANDONED_BATCHES_PREFIX = 'aws/lambda';

/** Prefix under which redriven objects are kept until the bucket's lifecycle removes them. */
export const REDRIVEN_PREFIX = 'redriven';

export const parseDeadLetters: Parser<DeadLettersConfig> = object<DeadLettersConfig>({ bucketName: text, prefix: text });
