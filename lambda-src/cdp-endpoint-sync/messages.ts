import type { KinesisStreamRecord } from 'aws-lambda';
import type { Format } from '../formats';
import type { MapProfile } from '../mapping';
import { trackedEvent } from '../mapping/event';
import { isObject } from '../mapping/values';
import { CdpMessage, Change, dropped, Outcome, ProfileChange, rejected } from '../model';
import { Decoded, decodeData } from '../runtime/decode';
import { Rejection } from '../runtime/errors';

/** One message of a CDP on its way: what it asks for, or what has already become of it. */
export interface Message {
  /** Position of its record in the batch. */
  readonly record: number;
  /** What it was, for a dead letter: text as the CDP wrote it, bytes that are no text, or a parsed message. */
  readonly source: unknown;
  readonly changes: readonly Change[];
  readonly outcome?: Outcome;
  /** Reasons for which something was left out of it. */
  readonly cuts: string[];
}

/** Decodes, splits and reads every record. Whatever a record holds, its messages have an outcome or changes. */
export function readMessages(records: readonly KinesisStreamRecord[], format: Format, map: MapProfile): Message[] {
  const messages: Message[] = [];
  records.forEach((record, index) => {
    const at = new Date(record.kinesis.approximateArrivalTimestamp * 1000).toISOString();
    let position = 0;
    for (const decoded of decodeData(record.kinesis.data)) {
      for (const body of bodiesOf(decoded, format)) messages.push(read(body, index, { id: `${record.eventID}.${position++}`, at }, format, map));
    }
  });
  return messages;
}

function bodiesOf(decoded: Decoded, format: Format): Decoded[] {
  if ('raw' in decoded) return [decoded];
  const bodies = format.split(decoded.body);
  return bodies.length === 1 && bodies[0] === decoded.body ? [decoded] : bodies.map((body) => ({ body }));
}

function read(decoded: Decoded, record: number, arrival: { id: string; at: string }, format: Format, map: MapProfile): Message {
  if ('raw' in decoded) return { record, source: decoded.raw, changes: [], cuts: [], outcome: rejected(decoded.code, decoded.reason) };
  const { body, text } = decoded;
  const source = text ?? body;
  const cuts: string[] = [];
  const cut = (reason: string) => void cuts.push(reason);
  try {
    if (!isObject(body)) throw new Rejection('NotAnObject', 'a message is a JSON object');
    const changes = format.read(body, arrival, cut).map((message) => changeOf(message, map, cut)).filter((change) => change !== undefined);
    return { record, source, changes, cuts, outcome: changes.length > 0 ? undefined : dropped('Anonymous') };
  } catch (error) {
    // Nothing that a CDP sends may end the batch: what no rule foresees is a dead letter as well.
    const { code, message } = error instanceof Rejection ? error : { code: 'Unreadable', message: `reading it failed: ${(error as Error).name}` };
    return { record, source, changes: [], cuts, outcome: rejected(code, message) };
  }
}

/** Undefined for what is only known by an anonymous id and brings no address: it could never be reached. */
function changeOf(message: CdpMessage, map: MapProfile, cut: (reason: string) => void): Change | undefined {
  if (message.kind !== 'identify' && message.kind !== 'track') return message;
  const profile = map(message, cut);
  if (message.anonymous && !hasAddress(profile)) return undefined;
  return message.kind === 'identify' ? profile : trackedEvent(message, profile);
}

function hasAddress(profile: ProfileChange): boolean {
  return profile.endpoints.some((endpoint) => typeof endpoint.address === 'string');
}
