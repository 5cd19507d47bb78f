import { KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis';
import { messageOf } from '../errors';
import { JsonObject, isObject } from '../template/model';

/** A stream as the target of a rule. */
export interface StreamTargetSpec {
  readonly path: string;
  readonly streamName: string;
  readonly roleId: string;
  /** A path of member names, such as `$.detail.id`. */
  readonly partitionKeyPath: string;
}

/** Puts events on a stream, one at a time, with the credentials of the rule's role. */
export class StreamTarget {
  /** Events that are on the stream, or lost. */
  public written = 0;
  public queued = 0;
  public readonly problems: string[] = [];
  private tail: Promise<void> = Promise.resolve();

  public constructor(public readonly spec: StreamTargetSpec, private readonly kinesis: KinesisClient) {}

  public put(event: JsonObject): void {
    this.queued += 1;
    this.tail = this.tail.then(async () => this.write(event));
  }

  private async write(event: JsonObject): Promise<void> {
    const { path, streamName, partitionKeyPath } = this.spec;
    const key = valueAt(event, partitionKeyPath);
    try {
      if (typeof key !== 'string' || key === '') throw new Error(`an event has nothing at ${partitionKeyPath}`);
      const Data = Buffer.from(JSON.stringify(event));
      await this.kinesis.send(new PutRecordCommand({ StreamName: streamName, PartitionKey: key.slice(0, 256), Data }));
    } catch (error) {
      this.problems.push(`${path}: an event can't be put on the stream: ${messageOf(error)}`);
    }
    this.written += 1;
  }
}

function valueAt(event: JsonObject, path: string): unknown {
  return path.split('.').slice(1).reduce<unknown>((value, name) => isObject(value) ? value[name] : undefined, event);
}
