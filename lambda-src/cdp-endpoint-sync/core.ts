import type { KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import { EndpointSyncMetric } from '../../src/contract/cdp-endpoint-sync';
import type { EndpointTargetAdapter, Sourced } from '../endpoint-targets';
import type { Format } from '../formats';
import type { MapProfile } from '../mapping';
import { DONE, Outcome, worse } from '../model';
import { Message, partsOf, readMessages, translateMessages } from './messages';
import type { DeadLetterStore } from '../runtime/dead-letters';
import { parseExact } from '../runtime/exact-json';
import { settleBatch } from '../runtime/stream-batch';
import type { Telemetry } from '../runtime/telemetry';

export interface SyncDeps {
  readonly instance: string;
  readonly format: Format;
  readonly map: MapProfile;
  readonly target: EndpointTargetAdapter;
  readonly deadLetters: DeadLetterStore;
}

/** One batch: what came, what became of each message, and from which record on the stream has to deliver again. */
export function createSync({ instance, format, map, target, deadLetters }: SyncDeps) {
  return async ({ Records }: KinesisStreamEvent, deadline: number, telemetry: Telemetry): Promise<KinesisStreamBatchResponse> => {
    const messages = format.translate
      ? await translateMessages(Records, format, map, format.translate, deadline) : readMessages(Records, format, map);
    const outcomes = await applyAll(messages, target, deadline, telemetry);
    return settleBatch(Records, messages, outcomes, {
      instance, deadLetters, telemetry, partsOf: (record) => partsOf(record, format, parseExact),
      onSettled: ({ cuts = [] }) => cuts.forEach((reason) => telemetry.countReason(EndpointSyncMetric.VALUES_CUT, reason)),
    });
  };
}

async function applyAll(messages: readonly Message[], target: EndpointTargetAdapter, deadline: number, telemetry: Telemetry): Promise<Outcome[]> {
  const changes: Sourced[] = [];
  messages.forEach(({ changes: own }, message) => own.forEach((change) => changes.push({ change, message })));
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
