import type { KinesisStreamRecord } from 'aws-lambda';
import type { Format, Translated } from '../formats';
import type { MapProfile } from '../mapping';
import { changesOf } from '../mapping/changes';
import { isObject } from '../mapping/values';
import { CdpMessage, Change, dropped, Outcome, rejected, retry } from '../model';
import { Decoded, decodeData } from '../runtime/decode';
import { Rejection } from '../runtime/errors';
import { RecordArrival, rejectionOf, StreamMessage } from '../runtime/stream-batch';

/** One message of a CDP on its way: what it asks for, or what has already become of it. */
export interface Message extends StreamMessage {
  readonly changes: readonly Change[];
  readonly outcome?: Outcome;
  /** Reasons for which something was left out of it. */
  cuts?: string[];
}

/** Decodes, splits and reads every record. Whatever a record holds, its messages have an outcome or changes. */
export function readMessages(records: readonly KinesisStreamRecord[], format: Format, map: MapProfile): Message[] {
  const messages: Message[] = [];
  records.forEach((record, index) => {
    let position = 0;
    for (const part of partsOf(record, format)) messages.push(read(part, index, position++, record, format, map));
  });
  return messages;
}

/**
 * The same for a format that has to ask somebody. From the first record on that is to be delivered again nothing is done:
 * later changes of its users would be written before it.
 */
export async function translateMessages(
  records: readonly KinesisStreamRecord[], format: Format, map: MapProfile, translate: NonNullable<Format['translate']>, deadline: number,
): Promise<Message[]> {
  const parts = records.flatMap((source, record) => partsOf(source, format)
    .map((part, position) => ({ part, record, position, arrival: new RecordArrival(source, position) })));
  const asked = parts.flatMap((one) => 'body' in one.part && isObject(one.part.body) ? [{ ...one, body: one.part.body }] : []);
  const answers = await translate(asked.map(({ arrival: { id, at }, body }) => ({ id, at, body })), deadline);
  const byPart = new Map(asked.map(({ part }, index) => [part, answers[index]]));
  const again = asked.find((_, index) => isRetry(answers[index]))?.record ?? records.length;
  return parts.map(({ part, record, position }) => {
    const answer = byPart.get(part);
    if (record >= again) return { record, position, changes: [], outcome: answer && isRetry(answer) ? answer as Outcome : retry('AfterRetry') };
    if (answer === undefined) return read(part, record, position, records[record], format, map);
    if ('status' in answer) return { record, position, changes: [], outcome: answer };
    return combined(answer.messages.map((body, index) => read({ body }, record, position, records[record], format, map, index)));
  });
}

const isRetry = (answer: Translated): boolean => 'status' in answer && answer.status === 'retry';

/** One message out of what it was translated into: all of it is taken, or nothing. */
function combined(said: readonly Message[]): Message {
  const [first, ...others] = said;
  const refused = said.find(({ outcome }) => outcome?.status === 'rejected');
  if (refused) return { ...refused, changes: [] };
  if (others.length === 0) return first;
  const changes = said.flatMap((message) => message.changes);
  return { ...first, changes, cuts: said.flatMap(({ cuts = [] }) => cuts), outcome: changes.length > 0 ? undefined : first.outcome };
}

/**
 * The messages of a record as they were sent. Also for dead letters, which are rare and keep every digit: keeping every message until then
 * would cost more.
 */
export function partsOf({ kinesis }: KinesisStreamRecord, format: Format, parse = format.parse): Decoded[] {
  const decoded = decodeData(kinesis.data, parse);
  return decoded.length === 1 ? split(decoded[0], format) : decoded.flatMap((part) => split(part, format));
}

function split(part: Decoded, format: Format): Decoded[] {
  if ('raw' in part) return [part];
  const bodies = format.split(part.body);
  return bodies[0] === part.body ? [part] : bodies.map((body) => ({ body }));
}

function read(part: Decoded, record: number, position: number, source: KinesisStreamRecord, format: Format, map: MapProfile,
  translation = 0): Message {
  if ('raw' in part) return { record, position, changes: [], outcome: rejected(part.code, part.reason) };
  let cuts: string[] | undefined;
  const cut = (reason: string) => void (cuts ??= []).push(reason);
  try {
    if (!isObject(part.body)) throw new Rejection('NotAnObject', 'a message is a JSON object');
    const said = format.read(part.body, new RecordArrival(source, position, translation), cut);
    const changes = said.length === 1 ? changesOf(said[0], map, cut) : said.flatMap((message) => changesOf(message, map, cut));
    return { record, position, changes, cuts, outcome: changes.length > 0 ? undefined : dropped(reasonOf(said)) };
  } catch (error) {
    return { record, position, changes: [], cuts, outcome: rejectionOf(error) };
  }
}

/** Why nothing is left of a message. */
function reasonOf(said: readonly CdpMessage[]): string {
  return said.find((message) => message.kind === 'ignored')?.reason ?? 'Anonymous';
}
