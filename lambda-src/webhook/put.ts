import { setTimeout as sleep } from 'node:timers/promises';
import type { PutRecordsRequestEntry } from '@aws-sdk/client-kinesis';
import type { UserRecords } from './records';
import { Unavailable } from './request';
import { WebhookMetric as Metric } from '../../src/contract/webhook';
import type { Answer } from '../destinations/destination';
import { DeploymentError } from '../runtime/errors';
import { backOff, inParallel } from '../runtime/pace';
import { packEntries } from '../runtime/put-records';
import type { Telemetry } from '../runtime/telemetry';

/** One call of PutRecords. */
export type PutRecords = (entries: PutRecordsRequestEntry[], deadline: number) => Promise<Answer>;

const BASE_MILLIS = 50;
const CAP_MILLIS = 1_000;
/** Requests at once. A shard takes 1 MiB a second, so that more would be refused anyway. */
const IN_FLIGHT = 4;

/**
 * Puts every record on the stream, or fails at the deadline. PutRecords answers with a result for each: those that were refused are sent again, and
 * the next record of a user is sent only when the one before it is there.
 */
export async function putAll(users: readonly UserRecords[], put: PutRecords, deadline: number, telemetry: Telemetry): Promise<void> {
  let open = users.map((records) => [...records]);
  let refused = 0;
  while (open.length > 0) {
    const { code } = await putHeads(open, put, deadline, telemetry);
    open = open.filter((records) => records.length > 0);
    if (code === undefined) continue;
    refused += 1;
    const pause = backOff(refused, BASE_MILLIS, CAP_MILLIS);
    if (Date.now() + pause >= deadline) throw new Unavailable(code);
    await sleep(pause);
  }
}

/** The first record of each user; what is on the stream leaves its list. The code is that of a record that was refused. */
async function putHeads(open: readonly UserRecords[], put: PutRecords, deadline: number, telemetry: Telemetry): Promise<{ readonly code?: string }> {
  let code: string | undefined;
  const heads = open.map((records) => ({ ...records[0], records: records as StreamEntries }));
  await inParallel(IN_FLIGHT, packEntries(heads), async (request) => {
    const answered = await put(request.map(({ PartitionKey, Data }) => ({ PartitionKey, Data })), deadline);
    if (answered.kind === 'items') throw new DeploymentError(`Amazon Kinesis refuses the records: ${answered.code}`);
    request.forEach(({ records }, index) => {
      const outcome = answered.kind === 'each' ? answered.outcomes[index] : undefined;
      if (outcome?.status === 'done') {
        records.shift();
      } else {
        telemetry.count(Metric.RECORDS_RETRIED);
        code = outcome?.status === 'retry' ? outcome.code : answered.kind === 'retry' ? answered.code : 'NoResult';
      }
    });
  });
  return { code };
}

type StreamEntries = UserRecords[number][];
