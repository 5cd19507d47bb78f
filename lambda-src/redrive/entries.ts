import type { KinesisStreamEvent } from 'aws-lambda';
import type { DeadLetter } from '../runtime/dead-letters';
import type { StreamEntry } from '../runtime/put-records';

/** @see https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecordsRequestEntry.html */
const MAX_KEY_LENGTH = 256;

/** A record to put back on the stream. */
export type Entry = StreamEntry;

/** Dead letters as the handlers write them. */
export function entriesOfLetters(ndjson: string): Entry[] {
  return ndjson.split('\n').filter((line) => line !== '').map((line) => {
    const { partitionKey, payload, encoding } = JSON.parse(line) as DeadLetter;
    return entryOf(partitionKey, payload, encoding);
  });
}

/**
 * A batch that Lambda gave up. With S3 as destination the object holds the invocation's payload as text.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
 */
export function entriesOfBatch(json: string): Entry[] {
  const { payload } = JSON.parse(json) as { payload?: string | KinesisStreamEvent };
  const event = typeof payload === 'string' ? JSON.parse(payload) as KinesisStreamEvent : payload;
  if (!event) throw new Error('the object holds no payload');
  return event.Records.map(({ kinesis }) => entryOf(kinesis.partitionKey, kinesis.data, 'base64'));
}

/** Checked here, since one record that the stream refuses would end every redrive of its range at this object. */
function entryOf(partitionKey: unknown, payload: unknown, encoding: 'utf8' | 'base64'): Entry {
  if (typeof partitionKey !== 'string' || partitionKey === '' || partitionKey.length > MAX_KEY_LENGTH) throw new Error('no partition key');
  if (typeof payload !== 'string' || !['utf8', 'base64'].includes(encoding)) throw new Error('no payload');
  return { PartitionKey: partitionKey, Data: Buffer.from(payload, encoding) };
}
