import { Duration, Size } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';

/**
 * A copy of everything that arrives on the stream, as it arrived: compressed objects of one JSON document per line, below
 * `<prefix>/yyyy/MM/dd/HH/` by the time of arrival in UTC.
 */
export interface EngagementArchive {
  /**
   * The bucket. It may serve several constructs.
   *
   * @default - a new bucket: encrypted, TLS only and closed to the public
   */
  readonly bucket?: s3.IBucket;

  /**
   * Key prefix, without a slash at its end: letters, digits and `-_./`. It must belong to this construct alone. What could
   * not be written as it should lies below `<prefix>-errors/`.
   *
   * @default - `archive/` and a name that is unique to the construct
   */
  readonly prefix?: string;

  /**
   * How long records are collected before they are written: whole seconds, at most 900.
   *
   * @default Duration.minutes(15)
   * @see https://docs.aws.amazon.com/firehose/latest/APIReference/API_BufferingHints.html
   */
  readonly bufferInterval?: Duration;

  /**
   * How much is collected before it is written: whole MiB, from 1 to 128.
   *
   * @default Size.mebibytes(64)
   */
  readonly bufferSize?: Size;

  /**
   * How long the objects of the construct's own bucket are kept: whole days.
   *
   * @default - for ever
   */
  readonly expiration?: Duration;
}
