import { KinesisClient } from '@aws-sdk/client-kinesis';
import { messageOf } from './errors';

/** A service that writes to a Kinesis stream of the template: in order, and not waited for by what it tells of. */
export abstract class StreamWriter<S extends { readonly path: string; readonly streamName: string }> {
  /** Records that are on the stream, or lost. */
  public written = 0;
  public queued = 0;
  public readonly problems: string[] = [];
  /** When all that is queued is written. */
  protected tail: Promise<void> = Promise.resolve();

  public constructor(public readonly spec: S, protected readonly kinesis: KinesisClient) {}

  /** Puts so many records after those before them. What fails is a problem with these words, and holds up nothing. */
  protected enqueue(records: number, failure: string, put: () => Promise<unknown>): void {
    this.queued += records;
    this.tail = this.tail.then(put).catch((error: unknown) => {
      this.problems.push(`${this.spec.path}: ${failure}: ${messageOf(error)}`);
    }).then(() => {
      this.written += records;
    });
  }
}
