import { setTimeout as sleep } from 'node:timers/promises';
import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import type { Entry } from './entries';
import type { RedriveSinkConfig, RedriveSinkKind } from '../../src/contract/redrive';
import { backOff } from '../runtime/pace';
import { packEntries } from '../runtime/put-records';
import { sqsQueue } from '../runtime/queue';

const MAX_ATTEMPTS = 8;

/** @see https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecordsRequestEntry.html */
const MAX_KEY_LENGTH = 256;

/** An entry that would never be taken, so that it must not keep others from it. */
export interface Refused {
  /** Position among the entries. */
  readonly index: number;
  readonly reason: string;
}

export interface Sink {
  /** Resolves when every record is on the stream or the queue but those that are returned; fails when they can't be put there now. */
  put(entries: readonly Entry[]): Promise<readonly Refused[]>;
}

const SINKS: { readonly [K in RedriveSinkKind]: (config: Extract<RedriveSinkConfig, { kind: K }>) => Sink } = {
  stream: ({ streamArn }) => kinesisSink(streamArn),
  queue: ({ queueUrl }) => queueSink(queueUrl),
};

export function createSink(config: RedriveSinkConfig): Sink {
  return (SINKS[config.kind] as (config: RedriveSinkConfig) => Sink)(config);
}

/** How long one object of dead letters may take. */
const QUEUE_MILLIS = 15_000;

export function queueSink(queueUrl: string, queue = sqsQueue(queueUrl)): Sink {
  return {
    put: async (entries) => {
      const unsent = await queue.send(entries.map(({ Data }) => Data.toString('utf8')), Date.now() + QUEUE_MILLIS);
      const later = unsent.filter(({ fault }) => fault !== 'message');
      if (later.length > 0) throw new Error(`the queue does not take ${later.length} messages: ${later[0].code}`);
      return unsent.map(({ index, code }) => ({ index, reason: `the queue refuses it: ${code}` }));
    },
  };
}

export function kinesisSink(StreamARN: string): Sink {
  const kinesis = new KinesisClient({ maxAttempts: 5 });
  return {
    put: async (entries) => {
      for (const request of packEntries(entries.filter(hasKey))) await putAll(request);
      const reason = `its partition key has not 1 to ${MAX_KEY_LENGTH} characters`;
      return entries.flatMap((entry, index) => hasKey(entry) ? [] : [{ index, reason }]);
    },
  };

  /** PutRecords answers 200 with failures inside; only those are sent again. */
  async function putAll(entries: readonly Entry[]): Promise<void> {
    let open = [...entries];
    for (let attempt = 0; open.length > 0; attempt += 1) {
      if (attempt === MAX_ATTEMPTS) throw new Error(`the stream still refuses ${open.length} records after ${MAX_ATTEMPTS} attempts`);
      if (attempt > 0) await sleep(backOff(attempt));
      const { Records = [] } = await kinesis.send(new PutRecordsCommand({ StreamARN, Records: open }));
      open = open.filter((_, index) => Records[index]?.SequenceNumber === undefined);
    }
  }
}

/** Checked here, since one record that the stream refuses would end every redrive of its range at this object. */
function hasKey({ PartitionKey }: Entry): boolean {
  return PartitionKey !== '' && PartitionKey.length <= MAX_KEY_LENGTH;
}
