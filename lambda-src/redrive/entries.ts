import type { KinesisStreamEvent } from 'aws-lambda';
import type { DeadLetter } from '../runtime/dead-letters';

/** A record to put back on the stream. */
export interface Entry {
  readonly PartitionKey: string;
  readonly Data: Buffer;
}

/** Dead letters as the handlers write them. */
export function entriesOfLetters(ndjson: string): Entry[] {
  return ndjson.split('\n').filter((line) => line !== '').map((line) => {
    const { partitionKey, payload, encoding } = JSON.parse(line) as DeadLetter;
    return { PartitionKey: partitionKey, Data: Buffer.from(payload, encoding) };
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
  return event.Records.map(({ kinesis }) => ({ PartitionKey: kinesis.partitionKey, Data: Buffer.from(kinesis.data, 'base64') }));
}
