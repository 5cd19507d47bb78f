import type { KinesisStreamBatchResponse, KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda';
import type { EndpointTargetAdapter, Sourced } from '../endpoint-targets';
import type { Format } from '../formats';
import type { MapProfile } from '../mapping';
import { DONE, Outcome, worse } from '../model';
import { Message, partsOf, readMessages } from './messages';
import { countSettled, letterOf, Settled } from './settle';
import type { DeadLetter, DeadLetterStore } from '../runtime/dead-letters';
import type { Decoded } from '../runtime/decode';
import type { Telemetry } from '../runtime/telemetry';

export interface SyncDeps {
  readonly instance: string;
  readonly format: Format;
  readonly map: MapProfile;
  readonly target: EndpointTargetAdapter;
  readonly deadLetters: DeadLetterStore;
}

/** One batch: what came, what became of each message, and from which record on the stream has to deliver again. */
export function createSync(deps: SyncDeps) {
  return async (event: KinesisStreamEvent, deadline: number, telemetry: Telemetry): Promise<KinesisStreamBatchResponse> => {
    const messages = readMessages(event.Records, deps.format, deps.map);
    const outcomes = await applyAll(messages, deps.target, deadline, telemetry);
    // Records from the first unsettled one on are delivered again, whatever became of them, so only those before it count.
    const first = messages.find((_, index) => outcomes[index].status === 'retry')?.record ?? event.Records.length;
    const settled = messages.flatMap((message, index) => message.record < first ? [{ message, outcome: outcomes[index] }] : []);
    await deps.deadLetters.write(lettersOf(deps, settled, event.Records));
    countSettled(telemetry, settled, event.Records.slice(0, first), Date.now());
    return { batchItemFailures: event.Records.slice(first, first + 1).map((record) => ({ itemIdentifier: record.kinesis.sequenceNumber })) };
  };
}

/** A letter for each rejected message. Its record is taken apart once more, and only once for all of its messages. */
function lettersOf({ instance, format }: SyncDeps, settled: readonly Settled[], records: readonly KinesisStreamRecord[]): DeadLetter[] {
  let taken: { readonly record: number; readonly parts: readonly Decoded[] } | undefined;
  return settled.flatMap(({ message: { record, position }, outcome }) => {
    if (outcome.status !== 'rejected') return [];
    if (taken?.record !== record) taken = { record, parts: partsOf(records[record], format) };
    return [letterOf(instance, taken.parts[position], records[record], outcome)];
  });
}

async function applyAll(messages: readonly Message[], target: EndpointTargetAdapter, deadline: number, telemetry: Telemetry): Promise<Outcome[]> {
  const changes: Sourced[] = messages.flatMap(({ changes: own }, message) => own.map((change) => ({ change, message })));
  const outcomes: (Outcome | undefined)[] = messages.map(({ outcome }) => outcome);
  const results = await target.apply(changes, {
    deadline, meter: telemetry, cut: (message, reason) => void (messages[message].cuts ??= []).push(reason),
  });
  results.forEach((result, index) => {
    const { message } = changes[index];
    outcomes[message] = worse(outcomes[message], result);
  });
  return outcomes.map((outcome) => outcome ?? DONE);
}
