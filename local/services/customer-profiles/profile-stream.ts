import { randomUUID } from 'node:crypto';
import { PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { StreamWriter } from '../../stream-writer';

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
export class ProfileStream extends StreamWriter<ProfileStreamSpec> {
  public write(changes: readonly ProfileChange[]): void {
    const Records = changes.map((change) => this.entryOf(change));
    this.enqueue(Records.length, `${Records.length} changes can't be written`, async () =>
      this.kinesis.send(new PutRecordsCommand({ StreamName: this.spec.streamName, Records })));
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
