import { PutRecordCommand } from '@aws-sdk/client-kinesis';
import { StreamWriter } from '../stream-writer';
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
export class StreamTarget extends StreamWriter<StreamTargetSpec> {
  public put(event: JsonObject): void {
    this.enqueue(1, 'an event can\'t be put on the stream', async () => this.write(event));
  }

  private async write(event: JsonObject): Promise<void> {
    const { streamName, partitionKeyPath } = this.spec;
    const key = valueAt(event, partitionKeyPath);
    if (typeof key !== 'string' || key === '') throw new Error(`an event has nothing at ${partitionKeyPath}`);
    const Data = Buffer.from(JSON.stringify(event));
    await this.kinesis.send(new PutRecordCommand({ StreamName: streamName, PartitionKey: key.slice(0, 256), Data }));
  }
}

function valueAt(event: JsonObject, path: string): unknown {
  return path.split('.').slice(1).reduce<unknown>((value, name) => isObject(value) ? value[name] : undefined, event);
}
