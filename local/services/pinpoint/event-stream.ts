import { DescribeStreamCommand, KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { EngagementRecord, testRecord } from './engagement-records';
import { messageOf } from '../../errors';

/** An application's event stream as the template describes it. */
export interface EventStreamSpec {
  readonly path: string;
  readonly applicationId: string;
  readonly streamName: string;
  readonly streamArn: string;
  readonly roleId: string;
}

/** PutRecords takes 500; kinesis-local takes longer per record the more a call brings. */
const RECORDS_PER_CALL = 100;

/** Writes an application's engagement records to its Kinesis stream, in order, with the credentials of the event stream's role. */
export class EventStream {
  /** Records that are on the stream, or lost. */
  public written = 0;
  public queued = 0;
  public readonly problems: string[] = [];
  private tail: Promise<void> = Promise.resolve();

  public constructor(public readonly spec: EventStreamSpec, private readonly kinesis: KinesisClient) {}

  /** Tries the permissions and writes the test record, as Amazon Pinpoint does when an event stream is set up. */
  public async open(): Promise<void> {
    await this.kinesis.send(new DescribeStreamCommand({ StreamName: this.spec.streamName }));
    this.write([testRecord(this.spec.applicationId)]);
    await this.tail;
  }

  public write(records: readonly EngagementRecord[]): void {
    this.queued += records.length;
    this.tail = this.tail.then(async () => this.put(records));
  }

  private async put(records: readonly EngagementRecord[]): Promise<void> {
    for (let start = 0; start < records.length; start += RECORDS_PER_CALL) {
      const batch = records.slice(start, start + RECORDS_PER_CALL);
      try {
        await this.kinesis.send(new PutRecordsCommand({ StreamName: this.spec.streamName, Records: batch.map(entryOf) }));
      } catch (error) {
        this.problems.push(`${this.spec.path}: ${batch.length} engagement records can't be written: ${messageOf(error)}`);
      }
      this.written += batch.length;
    }
  }
}

/** Amazon Pinpoint's own partition key is not published; the endpoint keeps the order of what happened to one. */
export function entryOf(record: EngagementRecord): { Data: Buffer; PartitionKey: string } {
  return { Data: Buffer.from(JSON.stringify(record)), PartitionKey: record.client.client_id };
}
