import type { KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import { EngagementStreamMetric, EngagementType } from '../../src/contract/engagement-stream-to-cdp';
import type { Delivery } from '../delivery';
import type { EngagementSourceAdapter } from '../engagement-sources';
import { DONE } from '../model';
import { EventMessage, partsOf, readEvents } from './events';
import type { DeadLetterStore } from '../runtime/dead-letters';
import { parseExact } from '../runtime/exact-json';
import { settleBatch } from '../runtime/stream-batch';
import type { Telemetry } from '../runtime/telemetry';

export interface EngagementDeps {
  readonly instance: string;
  readonly source: EngagementSourceAdapter;
  /** The types that are handed on; left out, all of them. */
  readonly events?: readonly EngagementType[];
  readonly delivery: Delivery;
  readonly deadLetters: DeadLetterStore;
}

/** One batch: what came, what became of each event, and from which record on the stream has to deliver again. */
export function createEngagementStream({ instance, source, events, delivery, deadLetters }: EngagementDeps) {
  const wanted = events && new Set(events);
  return async ({ Records }: KinesisStreamEvent, deadline: number, telemetry: Telemetry): Promise<KinesisStreamBatchResponse> => {
    const messages = readEvents(Records, source, wanted);
    await completeAll(messages, source, deadline, telemetry);
    await deliverAll(messages, delivery, deadline, telemetry);
    return settleBatch(Records, messages, messages.map(({ outcome }) => outcome ?? DONE), {
      instance,
      deadLetters,
      telemetry,
      partsOf: (record) => partsOf(record, parseExact),
      onSettled: ({ event }, { status }) => {
        if (event && event.userId === undefined && status === 'done') telemetry.count(EngagementStreamMetric.ANONYMOUS);
      },
    });
  };
}

async function completeAll(messages: readonly EventMessage[], source: EngagementSourceAdapter, deadline: number, meter: Telemetry): Promise<void> {
  if (!source.complete) return;
  const open = messages.filter(({ event }) => event);
  const answers = await source.complete(open.map(({ event }) => event!), { deadline, meter });
  open.forEach((message, index) => {
    const answer = answers[index];
    if ('sourceType' in answer) message.event = answer;
    else message.outcome = answer;
  });
}

/** Only what comes before the first event that has to wait: the rest is delivered again with it, and would overtake it. */
async function deliverAll(messages: readonly EventMessage[], delivery: Delivery, deadline: number, meter: Telemetry): Promise<void> {
  const waiting = messages.findIndex(({ outcome }) => outcome?.status === 'retry');
  const open = (waiting < 0 ? messages : messages.slice(0, waiting)).filter(({ event }) => event);
  const outcomes = await delivery.deliver(open.map(({ event }) => event!), { deadline, meter });
  open.forEach((message, index) => {
    message.outcome = outcomes[index];
  });
}
