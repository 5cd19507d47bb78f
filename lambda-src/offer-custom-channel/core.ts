import { OfferMetric, OfferCustomChannelConfig } from '../../src/contract/offer-custom-channel';
import type { OfferCallerAdapter, OfferInvocation } from '../offer-callers';
import { replyOf } from '../offers/assign';
import { Given, giveOffers } from '../offers/invocation';
import { assignmentMessage, invocationMessage } from '../offers/queue-message';
import type { DeadLetter, DeadLetterStore } from '../runtime/dead-letters';
import { before } from '../runtime/deadline';
import { Rejection } from '../runtime/errors';
import type { Queue } from '../runtime/queue';
import type { Telemetry } from '../runtime/telemetry';

/** Parts of the caller's time: what it takes to start the function and to get the answer back, and to keep dead letters. */
const ON_THE_WAY_MILLIS = 3_000;
const KEEPING_MILLIS = 4_000;

export interface OfferChannelDeps {
  readonly config: Pick<OfferCustomChannelConfig, 'instance' | 'rules'>;
  readonly caller: OfferCallerAdapter;
  readonly queue: Queue;
  readonly deadLetters: DeadLetterStore;
}

/** What is known of one invocation of the function. */
export interface InvocationContext {
  readonly requestId: string;
  readonly now: Date;
  readonly telemetry: Telemetry;
}

/**
 * One invocation: who is given an offer is on the queue when the answer names them; who is not is in the dead letters. The answer comes in
 * time, or the function fails, which the caller sees.
 */
export function createOfferChannel({ config: { instance, rules }, caller, queue, deadLetters }: OfferChannelDeps) {
  return async (raw: unknown, { requestId, now, telemetry }: InvocationContext): Promise<unknown> => {
    const answerBy = now.getTime() + caller.budgetMillis - ON_THE_WAY_MILLIS;
    const letter = (code: string, reason: string, invocation: unknown, endpointId: string): DeadLetter => ({
      version: 1, construct: instance, code, reason, at: now.toISOString(),
      partitionKey: endpointId, sequenceNumber: requestId, payload: invocationMessage(now, invocation), encoding: 'utf8',
    });
    const invocation = readInvocation(raw, caller);
    if (invocation instanceof Rejection) {
      await keep([letter(invocation.code, invocation.message, raw, requestId)]);
      return caller.reply(new Map());
    }
    const { given, dataIgnored } = giveOffers(invocation, rules, now);
    const missed = await enqueue(given, answerBy - KEEPING_MILLIS);
    const refused = given.flatMap((one) => {
      const failure = 'rejection' in one ? one.rejection : missed.get(one);
      return failure ? [letter(failure.code, failure.message, one.invited.alone(), one.invited.endpointId)] : [];
    });
    await keep(refused);
    const told = new Map(given.flatMap((one) => 'rejection' in one || missed.has(one) ? [] : [[one.invited.endpointId, replyOf(one.assignment)]]));
    telemetry.count(OfferMetric.ENDPOINTS_RECEIVED, given.length);
    telemetry.count(OfferMetric.OFFERS_ASSIGNED, told.size);
    if (dataIgnored) telemetry.count(OfferMetric.DATA_IGNORED);
    telemetry.duration(OfferMetric.TIME_LEFT, Math.max(0, now.getTime() + caller.budgetMillis - Date.now()));
    return caller.reply(told);

    async function keep(letters: readonly DeadLetter[]): Promise<void> {
      await before(answerBy, () => deadLetters.write(letters));
      for (const { code } of letters) telemetry.countReason(OfferMetric.MESSAGES_DEAD_LETTERED, code);
    }
  };

  /** What could not be put on the queue in time, and why. */
  async function enqueue(given: readonly Given[], deadline: number): Promise<Map<Given, Rejection>> {
    const assigned = given.filter((one) => 'assignment' in one);
    const missed = await queue.send(assigned.map(({ assignment }) => assignmentMessage(assignment.event)), deadline);
    return new Map(missed.map(({ index, code }) => [assigned[index], new Rejection('NotQueued', `the queue did not take it in time: ${code}`)]));
  }
}

function readInvocation(raw: unknown, caller: OfferCallerAdapter): OfferInvocation | Rejection {
  try {
    return caller.read(raw);
  } catch (error) {
    if (error instanceof Rejection) return error;
    throw error;
  }
}
