import type { KinesisStreamRecord } from 'aws-lambda';
import type { EngagementType } from '../../src/contract/engagement-stream-to-cdp';
import type { EngagementEvent } from '../engagement';
import type { EngagementSourceAdapter, OneOfSeveral } from '../engagement-sources';
import { isObject } from '../mapping/values';
import { dropped, Outcome } from '../model';
import { Decoded, decodeData } from '../runtime/decode';
import { Rejection } from '../runtime/errors';
import { RecordArrival, rejectionOf, StreamMessage } from '../runtime/stream-batch';

/** One message of the stream: an event to hand on, or what has become of it. */
export interface EventMessage extends StreamMessage {
  event?: EngagementEvent;
  outcome?: Outcome;
}

export const partsOf = ({ kinesis }: KinesisStreamRecord, parse?: (text: string) => unknown): Decoded[] => decodeData(kinesis.data, parse);

/** Decodes and reads every record. Whatever a record holds, its messages are events or have an outcome. */
export function readEvents(
  records: readonly KinesisStreamRecord[], source: EngagementSourceAdapter, wanted: ReadonlySet<EngagementType> | undefined,
): EventMessage[] {
  const messages: EventMessage[] = [];
  for (let record = 0; record < records.length; record += 1) {
    const parts = partsOf(records[record]);
    for (let position = 0; position < parts.length; position += 1) {
      read(messages, parts[position], { record, position, event: undefined, outcome: undefined }, records[record], source, wanted);
    }
  }
  return messages;
}

/** What happened to several recipients at once is as many messages. */
function read(
  into: EventMessage[], part: Decoded, message: EventMessage, from: KinesisStreamRecord, source: EngagementSourceAdapter,
  wanted?: ReadonlySet<EngagementType>,
): void {
  try {
    if ('raw' in part) throw new Rejection(part.code, part.reason);
    if (!isObject(part.body)) throw new Rejection('NotAnObject', 'an event is a JSON object');
    const reading = source.read(part.body, new RecordArrival(from, message.position), wanted, part.text);
    if (Array.isArray(reading)) {
      for (const { event, alone } of reading as readonly OneOfSeveral[]) into.push({ ...message, event, alone });
      return;
    }
    if (typeof reading === 'string') message.outcome = dropped(reading);
    else message.event = reading as EngagementEvent;
  } catch (error) {
    message.outcome = rejectionOf(error);
  }
  into.push(message);
}
