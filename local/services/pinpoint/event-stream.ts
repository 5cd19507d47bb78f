import { DescribeStreamCommand, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { EngagementRecord, testRecord } from './engagement-records';
import { StreamWriter } from '../../stream-writer';

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
export class EventStream extends StreamWriter<EventStreamSpec> {
  /** Tries the permissions and writes the test record, as Amazon Pinpoint does when an event stream is set up. */
  public async open(): Promise<void> {
    await this.kinesis.send(new DescribeStreamCommand({ StreamName: this.spec.streamName }));
    this.write([testRecord(this.spec.applicationId)]);
    await this.tail;
  }

  public write(records: readonly EngagementRecord[]): void {
    for (let start = 0; start < records.length; start += RECORDS_PER_CALL) {
      const Records = records.slice(start, start + RECORDS_PER_CALL).map(entryOf);
      this.enqueue(Records.length, `${Records.length} engagement records can't be written`, async () =>
        this.kinesis.send(new PutRecordsCommand({ StreamName: this.spec.streamName, Records })));
    }
  }
}

/** Amazon Pinpoint's own partition key is not published; the endpoint keeps the order of what happened to one. */
export function entryOf(record: EngagementRecord): { Data: Buffer; PartitionKey: string } {
  return { Data: Buffer.from(JSON.stringify(record)), PartitionKey: record.client.client_id };
}
