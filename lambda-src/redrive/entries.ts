import type { KinesisStreamEvent } from 'aws-lambda';
import type { DeadLetter } from '../runtime/dead-letters';
import type { StreamEntry } from '../runtime/put-records';

/** A record to put back on the stream, or a message to put back on the queue, which has no use for the key. */
export type Entry = StreamEntry;

/** A part of an object which is put back by itself, and stays by itself when it can't be. */
export interface Letter {
  /** As the object has it. */
  readonly text: string;
  /** What is to be put back; or why nothing can be. */
  readonly entries: readonly Entry[] | string;
}

/** Dead letters as the handlers write them. A line that is none costs no other anything. */
export function lettersOf(ndjson: string): Letter[] {
  return ndjson.split('\n').filter((line) => line !== '').map((text) => ({ text, entries: attempt(() => [entryOfLetter(text)]) }));
}

/**
 * A batch that Lambda gave up, which is one letter. With S3 as destination the object holds the invocation's payload as text.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
 */
export function lettersOfBatch(json: string): Letter[] {
  return [{ text: json, entries: attempt(() => entriesOfBatch(json)) }];
}

function entryOfLetter(line: string): Entry {
  const { partitionKey, payload, encoding } = objectOf(line) as Partial<DeadLetter>;
  return entryOf(partitionKey, payload, encoding);
}

function entriesOfBatch(json: string): Entry[] {
  const { payload } = objectOf(json) as { payload?: string | Partial<KinesisStreamEvent> };
  const event = typeof payload === 'string' ? objectOf(payload) as Partial<KinesisStreamEvent> : payload;
  if (!Array.isArray(event?.Records)) throw new Unreadable('it holds no records');
  return event.Records.map(({ kinesis }) => entryOf(kinesis?.partitionKey, kinesis?.data, 'base64'));
}

function entryOf(partitionKey: unknown, payload: unknown, encoding: unknown): Entry {
  if (typeof partitionKey !== 'string') throw new Unreadable('it has no partition key');
  if (typeof payload !== 'string' || (encoding !== 'utf8' && encoding !== 'base64')) throw new Unreadable('it has no payload');
  return { PartitionKey: partitionKey, Data: Buffer.from(payload, encoding) };
}

/** Says why in words of our own: a parser's quote what it read. */
class Unreadable extends Error {}

function objectOf(json: string): object {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new Unreadable('it is no JSON');
  }
  if (typeof value !== 'object' || value === null) throw new Unreadable('it is no object');
  return value;
}

function attempt(read: () => readonly Entry[]): readonly Entry[] | string {
  try {
    return read();
  } catch (error) {
    return error instanceof Unreadable ? error.message : `reading it failed: ${(error as Error).name}`;
  }
}
