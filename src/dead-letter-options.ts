import * as s3 from 'aws-cdk-lib/aws-s3';
import { HandlerOptions } from './handler-options';

/** What every construct that keeps dead letters lets you choose about them. */
export interface DeadLetterOptions extends HandlerOptions {
  /**
   * Bucket for the dead letters. It may serve several constructs.
   *
   * A bucket of another account must be imported with that account, since the handler may write to no bucket of the same
   * name in a third one. A lifecycle rule that expires `redriven/` is yours to add.
   *
   * @default - a new bucket: encrypted, TLS only, closed to the public, and what was redriven expires after 30 days
   */
  readonly deadLetterBucket?: s3.IBucket;

  /**
   * Key prefix of the dead letters that the handler writes, without a slash at its end: letters, digits and `-_./`.
   * It must belong to this construct alone.
   *
   * Batches of a stream that Lambda gives up lie under `aws/lambda/<id of the event source mapping>/`, which Lambda does
   * not let anybody choose.
   *
   * @default - `dead-letters/` and a name that is unique to the construct
   * @see https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
   */
  readonly deadLetterPrefix?: string;
}
