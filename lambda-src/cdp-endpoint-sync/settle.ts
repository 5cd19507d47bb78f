import type { KinesisStreamRecord } from 'aws-lambda';
import { EndpointSyncMetric as Metric } from '../../src/contract/cdp-endpoint-sync';
import type { Outcome } from '../model';
import type { Message } from './messages';
import type { DeadLetter } from '../runtime/dead-letters';
import type { Decoded } from '../runtime/decode';
import type { Telemetry } from '../runtime/telemetry';

export interface Settled {
  readonly message: Message;
  readonly outcome: Outcome;
}

/** The message whole and, where it stands alone in its record or on its line, as it was written. */
export function letterOf(
  construct: string, part: Decoded, { kinesis }: KinesisStreamRecord, { code, reason }: { code: string; reason: string },
): DeadLetter {
  const { payload, encoding } = contentOf(part) ?? { payload: kinesis.data, encoding: 'base64' };
  return {
    version: 1, construct, code, reason, at: new Date().toISOString(),
    partitionKey: kinesis.partitionKey, sequenceNumber: kinesis.sequenceNumber,
    payload, encoding,
  };
}

/** Undefined for what JSON.parse reads and JSON.stringify can't write, since it is nested too deep: then its record is kept whole. */
function contentOf(part: Decoded): Pick<DeadLetter, 'payload' | 'encoding'> | undefined {
  if ('raw' in part) return { payload: part.raw.toString('base64'), encoding: 'base64' };
  try {
    return { payload: part.text ?? JSON.stringify(part.body), encoding: 'utf8' };
  } catch {
    return undefined;
  }
}

/** Counts what has left the stream for good; what is delivered again is counted then. */
export function countSettled(telemetry: Telemetry, settled: readonly Settled[], records: readonly KinesisStreamRecord[], now: number): void {
  if (records.length === 0) return;
  telemetry.count(Metric.RECORDS, records.length);
  telemetry.count(Metric.MESSAGES_RECEIVED, settled.length);
  for (const { message, outcome } of settled) {
    if (outcome.status === 'done') telemetry.count(Metric.MESSAGES_ACCEPTED);
    else if (outcome.status === 'dropped') telemetry.countReason(Metric.MESSAGES_DROPPED, outcome.reason);
    else if (outcome.status === 'rejected') telemetry.countReason(Metric.MESSAGES_DEAD_LETTERED, outcome.code);
    for (const reason of message.cuts ?? []) telemetry.countReason(Metric.VALUES_CUT, reason);
  }
  telemetry.duration(Metric.LAG, Math.max(0, now - records[0].kinesis.approximateArrivalTimestamp * 1000));
}
