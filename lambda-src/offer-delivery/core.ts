import type { Logger } from '@aws-lambda-powertools/logger';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { Message, Part, readMessage } from './messages';
import { postponement } from './postponement';
import { OfferDeliveryConfig, OfferMetric } from '../../src/contract/offer-custom-channel';
import type { Delivery } from '../delivery';
import { Outcome, rejected } from '../model';
import type { OfferCallerAdapter } from '../offer-callers';
import type { DeadLetter, DeadLetterStore } from '../runtime/dead-letters';
import type { DeploymentError } from '../runtime/errors';
import type { Queue } from '../runtime/queue';
import type { Telemetry } from '../runtime/telemetry';

/** Of what is kept free at the end of an invocation. */
const POSTPONING_MILLIS = 2_000;

export interface OfferDeliveryDeps {
  readonly config: Pick<OfferDeliveryConfig, 'instance' | 'rules' | 'maxDeliverySeconds'>;
  readonly caller: OfferCallerAdapter;
  readonly delivery: Delivery;
  readonly queue: Queue;
  readonly deadLetters: DeadLetterStore;
  readonly logger: Pick<Logger, 'error'>;
}

/** One batch of the queue: what the CDP took is done, what it refuses is a dead letter, and the rest appears again. */
export function createOfferDelivery({ config, caller, delivery, queue, deadLetters, logger }: OfferDeliveryDeps) {
  return async ({ Records }: SQSEvent, deadline: number, telemetry: Telemetry): Promise<SQSBatchResponse> => {
    const messages = Records.map((record) => readMessage(record, { caller, rules: config.rules }));
    await deliver(messages, deadline, telemetry);
    const failed = messages.filter(isOpen);
    const settled = messages.filter((message) => !isOpen(message));
    await deadLetters.write(settled.flatMap(lettersOf));
    await postpone(failed, deadline, telemetry);
    countSettled(settled, telemetry);
    if (failed.length > 0) telemetry.duration(OfferMetric.RETRIED_AGE, oldest(failed));
    return { batchItemFailures: failed.map(({ record }) => ({ itemIdentifier: record.messageId })) };
  };

  async function deliver(messages: readonly Message[], deadline: number, telemetry: Telemetry): Promise<void> {
    const parts = messages.flatMap((message) => message.parts.flatMap((part) => part.event ? [{ ...message, part, event: part.event }] : []));
    const onRefused = (error: DeploymentError) => {
      telemetry.count(OfferMetric.DELIVERIES_REFUSED);
      logger.error('the delivery is refused; what it was refused to is tried again', error);
    };
    const outcomes = await delivery.deliver(parts.map(({ event }) => event), { deadline, meter: telemetry, onRefused });
    parts.forEach(({ part, record }, index) => {
      part.outcome = inTime(record, outcomes[index]);
    });
  }

  /** What was tried for too long is kept while it is still there: a queue forgets. */
  function inTime(record: SQSRecord, outcome: Outcome): Outcome {
    if (outcome.status !== 'retry' || ageOf(record) < config.maxDeliverySeconds * 1000) return outcome;
    return rejected('NotDeliveredInTime', `not delivered within ${config.maxDeliverySeconds} seconds; the last attempt: ${outcome.code}`);
  }

  function lettersOf({ record: { messageId }, parts }: Message): DeadLetter[] {
    return parts.flatMap(({ outcome, payload }) => outcome.status !== 'rejected' ? [] : [{
      version: 1, construct: config.instance, code: outcome.code, reason: outcome.reason, at: new Date().toISOString(),
      partitionKey: messageId, sequenceNumber: messageId, payload: payload(), encoding: 'utf8',
    }]);
  }

  /** A message whose time could not be set appears again all the same, only later: after the queue's own visibility timeout. */
  async function postpone(failed: readonly Message[], deadline: number, telemetry: Telemetry): Promise<void> {
    const receipts = failed.map(({ record: { receiptHandle, attributes } }) =>
      ({ receiptHandle, seconds: postponement(Number(attributes.ApproximateReceiveCount)) }));
    const missed = await queue.postpone(receipts, deadline + POSTPONING_MILLIS);
    if (missed > 0) telemetry.count(OfferMetric.POSTPONEMENTS_FAILED, missed);
  }
}

const isOpen = ({ parts }: Message): boolean => parts.some(({ outcome }) => outcome.status === 'retry');

const ageOf = ({ attributes }: SQSRecord): number => Math.max(0, Date.now() - Number(attributes.SentTimestamp));

const oldest = (messages: readonly Message[]): number => messages.reduce((age, { record }) => Math.max(age, ageOf(record)), 0);

function countSettled(messages: readonly Message[], telemetry: Telemetry): void {
  for (const { parts } of messages) for (const part of parts) countPart(part, telemetry);
  if (messages.length > 0) telemetry.duration(OfferMetric.DELIVERY_LAG, oldest(messages));
}

function countPart({ outcome, event }: Part, telemetry: Telemetry): void {
  if (outcome.status === 'rejected') telemetry.countReason(OfferMetric.MESSAGES_DEAD_LETTERED, outcome.code);
  if (outcome.status === 'dropped') telemetry.countReason(OfferMetric.MESSAGES_DROPPED, outcome.reason);
  if (outcome.status === 'done') telemetry.count(OfferMetric.MESSAGES_ACCEPTED);
  if (outcome.status === 'done' && event?.userId === undefined) telemetry.count(OfferMetric.ANONYMOUS);
}
