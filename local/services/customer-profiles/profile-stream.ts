import { randomUUID } from 'node:crypto';
import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { messageOf } from '../../errors';

/** The event stream of a domain as the template describes it. */
export interface ProfileStreamSpec {
  readonly path: string;
  readonly domainName: string;
  readonly streamName: string;
}

/** A profile or an object that is new or has changed. */
export interface ProfileChange {
  readonly objectType: string;
  readonly isNew: boolean;
  /** Of an object. */
  readonly profileId?: string;
  readonly uniqueKey?: string;
  readonly object: object;
}

/** Writes the changes of a domain to its Kinesis stream, in order. The service does so in a role of its own, which no template has. */
export class ProfileStream {
  /** Records that are on the stream, or lost. */
  public written = 0;
  public queued = 0;
  public readonly problems: string[] = [];
  private tail: Promise<void> = Promise.resolve();

  public constructor(public readonly spec: ProfileStreamSpec, private readonly kinesis: KinesisClient) {}

  public write(changes: readonly ProfileChange[]): void {
    this.queued += changes.length;
    const records = changes.map((change) => this.entryOf(change));
    this.tail = this.tail.then(async () => this.put(records));
  }

  private async put(Records: { Data: Buffer; PartitionKey: string }[]): Promise<void> {
    try {
      await this.kinesis.send(new PutRecordsCommand({ StreamName: this.spec.streamName, Records }));
    } catch (error) {
      this.problems.push(`${this.spec.path}: ${Records.length} changes can't be written: ${messageOf(error)}`);
    }
    this.written += Records.length;
  }

  /** @see https://docs.aws.amazon.com/connect/latest/adminguide/set-up-real-time-export.html; the partition key is not published. */
  private entryOf({ objectType, isNew, profileId, uniqueKey, object }: ProfileChange): { Data: Buffer; PartitionKey: string } {
    const EventId = randomUUID();
    const record = {
      SchemaVersion: 0,
      EventId,
      EventTimestamp: new Date().toISOString(),
      EventType: isNew ? 'CREATED' : 'UPDATED',
      DomainName: this.spec.domainName,
      ObjectTypeName: objectType,
      AssociatedProfileId: profileId ?? null,
      ProfileObjectUniqueKey: uniqueKey ?? null,
      Object: object,
      IsMessageRealTime: true,
    };
    return { Data: Buffer.from(JSON.stringify(record)), PartitionKey: profileId ?? EventId };
  }
}
