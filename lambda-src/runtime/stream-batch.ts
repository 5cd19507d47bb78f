import type { KinesisStreamBatchResponse, KinesisStreamRecord } from 'aws-lambda';
import { StreamMetric as Metric } from '../../src/contract/metrics';
import type { Outcome } from '../model';
import type { DeadLetter, DeadLetterStore } from './dead-letters';
import type { Decoded } from './decode';
import { Rejection } from './errors';
import { writeExact } from './exact-json';
import type { Telemetry } from './telemetry';

/** One message of a batch. */
export interface StreamMessage {
  /** Position of its record in the batch, and its own position in the record. */
  readonly record: number;
  readonly position: number;
  /** What of it this message is, where several are made of one: a dead letter keeps that. */
  readonly alone?: () => unknown;
}

export interface SettleOptions<M extends StreamMessage> {
  readonly instance: string;
  readonly deadLetters: DeadLetterStore;
  readonly telemetry: Telemetry;
  /** The messages of a record as they were sent; asked for dead letters only. */
  readonly partsOf: (record: KinesisStreamRecord) => readonly Decoded[];
  /** Counts what is particular to a construct. */
  readonly onSettled?: (message: M, outcome: Outcome) => void;
}

/** What a record says of itself, for messages that leave it out. */
export interface Arrival {
  /** Unique and the same at every delivery: stands in for a message id. */
  readonly id: string;
  /** ISO 8601; stands in for a timestamp. */
  readonly at: string;
}

/** Computed when asked for: most messages bring an id and a time of their own. */
export class RecordArrival implements Arrival {
  public constructor(private readonly record: KinesisStreamRecord, private readonly position: number, private readonly translation = 0) {}

  public get id(): string {
    return `${this.record.eventID}.${this.position}${this.translation > 0 ? `.${this.translation}` : ''}`;
  }

  public get at(): string {
    return new Date(this.record.kinesis.approximateArrivalTimestamp * 1000).toISOString();
  }
}

/** Nothing that somebody sends may end the batch: what no rule foresees is a dead letter as well. */
export function rejectionOf(error: unknown): Outcome {
  const { code, message } = error instanceof Rejection ? error : { code: 'Unreadable', message: `reading it failed: ${(error as Error).name}` };
  return { status: 'rejected', code, reason: message };
}

/** The end of a batch: stores what was given up, counts what has left the stream, and says from which record on to deliver again. */
export async function settleBatch<M extends StreamMessage>(
  records: readonly KinesisStreamRecord[], messages: readonly M[], outcomes: readonly Outcome[], options: SettleOptions<M>,
): Promise<KinesisStreamBatchResponse> {
  // Records from the first unsettled one on are delivered again, whatever became of them, so only those before it count.
  const unsettled = outcomes.findIndex(({ status }) => status === 'retry');
  const first = unsettled < 0 ? records.length : messages[unsettled].record;
  const after = messages.findIndex(({ record }) => record >= first);
  const settled = after < 0 ? messages : messages.slice(0, after);
  await options.deadLetters.write(lettersOf(records, settled, outcomes, options));
  countSettled(settled, outcomes, records.slice(0, first), options);
  const stopped = outcomes[unsettled];
  if (stopped?.status === 'retry') options.telemetry.note('retryCode', stopped.code);
  return { batchItemFailures: records.slice(first, first + 1).map(({ kinesis }) => ({ itemIdentifier: kinesis.sequenceNumber })) };
}

/** A letter for each rejected message. Its record is taken apart once more, and only once for all of its messages. */
function lettersOf<M extends StreamMessage>(
  records: readonly KinesisStreamRecord[], settled: readonly M[], outcomes: readonly Outcome[], { instance, partsOf }: SettleOptions<M>,
): DeadLetter[] {
  let taken: { readonly record: number; readonly parts: readonly Decoded[] } | undefined;
  return settled.flatMap(({ record, position, alone }, index) => {
    const outcome = outcomes[index];
    if (outcome.status !== 'rejected') return [];
    if (taken?.record !== record) taken = { record, parts: partsOf(records[record]) };
    return [letterOf(instance, alone ? { body: alone() } : taken.parts[position], records[record], outcome)];
  });
}

/** The message whole and, where it stands alone in its record or on its line, as it was written; else with every digit. */
function letterOf(
  construct: string, part: Decoded, { kinesis }: KinesisStreamRecord, { code, reason }: { code: string; reason: string },
): DeadLetter {
  const { payload, encoding } = contentOf(part) ?? { payload: kinesis.data, encoding: 'base64' };
  return {
    version: 1, construct, code, reason, at: new Date().toISOString(),
    partitionKey: kinesis.partitionKey, sequenceNumber: kinesis.sequenceNumber, payload, encoding,
  };
}

/** Undefined for what JSON.parse reads and JSON.stringify can't write, since it is nested too deep: then its record is kept whole. */
function contentOf(part: Decoded): Pick<DeadLetter, 'payload' | 'encoding'> | undefined {
  if ('raw' in part) return { payload: part.raw.toString('base64'), encoding: 'base64' };
  try {
    return { payload: part.text ?? writeExact(part.body), encoding: 'utf8' };
  } catch {
    return undefined;
  }
}

/** Counts what has left the stream for good; what is delivered again is counted then. */
function countSettled<M extends StreamMessage>(
  settled: readonly M[], outcomes: readonly Outcome[], records: readonly KinesisStreamRecord[], { telemetry, onSettled }: SettleOptions<M>,
): void {
  if (records.length === 0) return;
  telemetry.count(Metric.RECORDS, records.length);
  telemetry.count(Metric.MESSAGES_RECEIVED, settled.length);
  settled.forEach((message, index) => {
    const outcome = outcomes[index];
    if (outcome.status === 'done') telemetry.count(Metric.MESSAGES_ACCEPTED);
    else if (outcome.status === 'dropped') telemetry.countReason(Metric.MESSAGES_DROPPED, outcome.reason);
    else if (outcome.status === 'rejected') telemetry.countReason(Metric.MESSAGES_DEAD_LETTERED, outcome.code);
    onSettled?.(message, outcome);
  });
  telemetry.duration(Metric.LAG, Math.max(0, Date.now() - records[0].kinesis.approximateArrivalTimestamp * 1000));
}
