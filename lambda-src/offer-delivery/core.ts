import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { OfferDeliveryConfig, OfferMetric } from '../../src/contract/offer-custom-channel';
import type { Delivery } from '../delivery';
import type { EngagementEvent } from '../engagement';
import { DONE, Outcome, rejected, retry, worse } from '../model';
import type { OfferCallerAdapter } from '../offer-callers';
import { postponement } from './postponement';
import { giveOffers } from '../offers/invocation';
import { parseQueueMessage } from '../offers/queue-message';
import type { DeadLetter, DeadLetterStore } from '../runtime/dead-letters';
import type { Queue } from '../runtime/queue';
import { rejectionOf } from '../runtime/stream-batch';
import type { Telemetry } from '../runtime/telemetry';

export interface OfferDeliveryDeps {
  readonly config: Pick<OfferDeliveryConfig, 'instance' | 'rules' | 'maxDeliverySeconds'>;
  readonly caller: OfferCallerAdapter;
  readonly delivery: Delivery;
  readonly queue: Queue;
  readonly deadLetters: DeadLetterStore;
}

/** A message of the queue: what is to be delivered of it, and what has become of it. */
interface Message {
  readonly record: SQSRecord;
  readonly events: readonly EngagementEvent[];
  outcome?: Outcome;
}

/** One batch of the queue: what the CDP took is done, what it refuses is a dead letter, and the rest appears again. */
export function createOfferDelivery({ config, caller, delivery, queue, deadLetters }: OfferDeliveryDeps) {
  return async ({ Records }: SQSEvent, deadline: number, telemetry: Telemetry): Promise<SQSBatchResponse> => {
    const messages = Records.map(read);
    const outcomes = await delivery.deliver(messages.flatMap(({ events }) => events), { deadline, meter: telemetry });
    let next = 0;
    for (const message of messages) {
      for (const _ of message.events) message.outcome = worse(message.outcome, outcomes[next++]);
      message.outcome = inTime(message.record, message.outcome ?? DONE);
    }
    await deadLetters.write(messages.flatMap(letterOf));
    const failed = messages.filter(({ outcome }) => outcome?.status === 'retry').map(({ record }) => record);
    await postpone(failed, deadline, telemetry);
    count(messages, telemetry);
    return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  };

  function read(record: SQSRecord): Message {
    try {
      const message = parseQueueMessage(record.body);
      if ('event' in message) return { record, events: [message.event] };
      const { given } = giveOffers(caller.read(message.invocation), config.rules, new Date(message.at));
      const refused = given.find((one) => 'rejection' in one);
      return {
        record,
        events: given.flatMap((one) => 'assignment' in one ? [one.assignment.event] : []),
        outcome: refused && rejectionOf(refused.rejection),
      };
    } catch (error) {
      return { record, events: [], outcome: rejectionOf(error) };
    }
  }

  /** What was tried for too long is kept while it is still there: a queue forgets. */
  function inTime({ attributes }: SQSRecord, outcome: Outcome): Outcome {
    if (outcome.status !== 'retry') return outcome;
    const seconds = (Date.now() - Number(attributes.SentTimestamp)) / 1000;
    if (seconds < config.maxDeliverySeconds) return outcome;
    return rejected('NotDeliveredInTime', `not delivered within ${config.maxDeliverySeconds} seconds; the last attempt: ${outcome.code}`);
  }

  function letterOf({ record: { body, messageId }, outcome }: Message): DeadLetter[] {
    if (outcome?.status !== 'rejected') return [];
    const { code, reason } = outcome;
    return [{
      version: 1, construct: config.instance, code, reason, at: new Date().toISOString(),
      partitionKey: messageId, sequenceNumber: messageId, payload: body, encoding: 'utf8',
    }];
  }

  /** A message whose time could not be set appears again all the same, only later: after the queue's own visibility timeout. */
  async function postpone(failed: readonly SQSRecord[], deadline: number, telemetry: Telemetry): Promise<void> {
    const receipts = failed.map(({ receiptHandle, attributes: { ApproximateReceiveCount: received } }) =>
      ({ receiptHandle, seconds: postponement(Number(received)) }));
    await queue.postpone(receipts, deadline + POSTPONING_MILLIS).catch(() => telemetry.count('PostponementsFailed'));
  }

  function count(messages: readonly Message[], telemetry: Telemetry): void {
    const settled = messages.filter(({ outcome }) => outcome?.status !== 'retry');
    for (const { outcome = retry(''), events } of settled) {
      if (outcome.status === 'done') telemetry.count(OfferMetric.MESSAGES_ACCEPTED);
      else if (outcome.status === 'dropped') telemetry.countReason(OfferMetric.MESSAGES_DROPPED, outcome.reason);
      else if (outcome.status === 'rejected') telemetry.countReason(OfferMetric.MESSAGES_DEAD_LETTERED, outcome.code);
      if (outcome.status === 'done' && events.some(({ userId }) => userId === undefined)) telemetry.count(OfferMetric.ANONYMOUS);
    }
    const sent = settled.map(({ record }) => Number(record.attributes.SentTimestamp));
    if (sent.length > 0) telemetry.duration(OfferMetric.DELIVERY_LAG, Math.max(0, Date.now() - Math.min(...sent)));
  }
}

/** Of what is kept free at the end of an invocation. */
const POSTPONING_MILLIS = 2_000;
