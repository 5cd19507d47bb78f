import type { SQSRecord } from 'aws-lambda';
import type { OfferRulesConfig } from '../../src/contract/offer';
import type { EngagementEvent } from '../engagement';
import { Outcome, retry } from '../model';
import type { OfferCallerAdapter } from '../offer-callers';
import { giveOffers } from '../offers/invocation';
import { invocationMessage, parseQueueMessage, QueueMessage } from '../offers/queue-message';
import { Rejection } from '../runtime/errors';
import { rejectionOf } from '../runtime/stream-batch';

/** A message of the queue. It is over when all of its parts are. */
export interface Message {
  readonly record: SQSRecord;
  readonly parts: readonly Part[];
}

/** What a message says of one endpoint: an assignment of one, an invocation of up to fifty. */
export interface Part {
  /** What is to be delivered, unless the outcome stands already. */
  readonly event?: EngagementEvent;
  outcome: Outcome;
  /** What a dead letter of it holds. */
  payload(): string;
}

export interface ReadOptions {
  readonly caller: OfferCallerAdapter;
  readonly rules: OfferRulesConfig;
}

/** Nothing that lies on the queue costs another message anything: what can't be read is a part that is rejected. */
export function readMessage(record: SQSRecord, options: ReadOptions): Message {
  const payload = () => record.body;
  try {
    const message = parseQueueMessage(record.body);
    if ('event' in message) return { record, parts: [{ event: message.event, outcome: retry('Unsent'), payload }] };
    const parts = partsOf(message, options);
    return { record, parts: parts.length === 1 ? [{ ...parts[0], payload }] : parts };
  } catch (error) {
    return { record, parts: [{ outcome: rejectionOf(error), payload }] };
  }
}

function partsOf({ at, invocation }: Extract<QueueMessage, { invocation: unknown }>, { caller, rules }: ReadOptions): Part[] {
  const when = new Date(at);
  const only = caller.only(invocation);
  const { given } = giveOffers(caller.read(invocation), rules, when);
  if (given.length === 0) throw new Rejection('InvalidInvocation', 'the payload names no endpoint');
  return given.map((one) => ({
    ...'assignment' in one ? { event: one.assignment.event, outcome: retry('Unsent') } : { outcome: rejectionOf(one.rejection) },
    payload: () => invocationMessage(when, only([one.invited.endpointId])),
  }));
}
