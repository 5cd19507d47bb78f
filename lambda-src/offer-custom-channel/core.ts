import { letterOf, lettersOf, Refused } from './letters';
import { OfferMetric, OfferCustomChannelConfig } from '../../src/contract/offer-custom-channel';
import type { OfferCallerAdapter, OfferInvocation } from '../offer-callers';
import { namesRun, replyOf } from '../offers/assign';
import { Given, giveOffers } from '../offers/invocation';
import { assignmentMessage } from '../offers/queue-message';
import type { DeadLetterStore } from '../runtime/dead-letters';
import { before } from '../runtime/deadline';
import { Rejection } from '../runtime/errors';
import type { NotQueued, Queue } from '../runtime/queue';
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
export function createOfferChannel(deps: OfferChannelDeps) {
  const { caller } = deps;
  return async (raw: unknown, context: InvocationContext): Promise<unknown> => {
    const endsAt = context.now.getTime() + caller.budgetMillis;
    try {
      const answerBy = endsAt - ON_THE_WAY_MILLIS;
      const { told, refused } = await give(raw, context, answerBy - KEEPING_MILLIS, deps);
      await keep(raw, refused, context, answerBy, deps);
      context.telemetry.count(OfferMetric.ENDPOINTS_RECEIVED, told.size + (refused instanceof Rejection ? 0 : refused.length));
      context.telemetry.count(OfferMetric.OFFERS_ASSIGNED, told.size);
      return caller.reply(raw, told, refused instanceof Rejection ? new Map() : new Map(refused.map((one) => [one.endpointId, one.rejection.code])));
    } finally {
      context.telemetry.duration(OfferMetric.TIME_LEFT, Math.max(0, endsAt - Date.now()));
    }
  };
}

interface Outcome {
  /** What the caller is to be told, of each endpoint that has an offer. */
  readonly told: ReadonlyMap<string, Readonly<Record<string, string>>>;
  /** Those that have none; or why the payload has no endpoints to speak of. */
  readonly refused: readonly Refused[] | Rejection;
}

async function give(raw: unknown, { now, telemetry }: InvocationContext, deadline: number, deps: OfferChannelDeps): Promise<Outcome> {
  const { config, caller, queue } = deps;
  const invocation = readInvocation(raw, caller);
  if (invocation instanceof Rejection) {
    const named = caller.named(raw);
    return { told: new Map(), refused: named.length > 0 ? named.map((endpointId) => ({ endpointId, rejection: invocation })) : invocation };
  }
  const { given, dataIgnored } = giveOffers(invocation, config.rules, now);
  const missed = await enqueue(given, queue, deadline);
  const told = new Map(given.flatMap((one) => 'rejection' in one || missed.has(one) ? [] : [[one.invited.endpointId, replyOf(one.assignment)]]));
  if (dataIgnored) telemetry.count(OfferMetric.DATA_IGNORED);
  if (told.size > 0 && !namesRun(invocation)) telemetry.count(OfferMetric.OFFERS_WITHOUT_RUN, told.size);
  const refused = given.flatMap((one) => {
    const rejection = 'rejection' in one ? one.rejection : missed.get(one);
    return rejection ? [{ endpointId: one.invited.endpointId, rejection }] : [];
  });
  return { told, refused };
}

function readInvocation(raw: unknown, caller: OfferCallerAdapter): OfferInvocation | Rejection {
  try {
    return caller.read(raw);
  } catch (error) {
    if (error instanceof Rejection) return error;
    throw error;
  }
}

/** What could not be put on the queue, and why. */
async function enqueue(given: readonly Given[], queue: Queue, deadline: number): Promise<Map<Given, Rejection>> {
  const assigned = given.filter((one) => 'assignment' in one);
  const missed = await queue.send(assigned.map(({ assignment }) => assignmentMessage(assignment.event)), deadline);
  return new Map(missed.map((failure) => [assigned[failure.index], notQueued(failure)]));
}

function notQueued({ code, fault }: NotQueued): Rejection {
  return new Rejection('NotQueued', `the queue ${fault === 'time' ? 'did not take it in time' : 'refuses it'}: ${code}`);
}

/** Resolves when all that has no offer is kept. */
async function keep(
  raw: unknown, refused: Outcome['refused'], { requestId, now, telemetry }: InvocationContext, deadline: number, deps: OfferChannelDeps,
): Promise<void> {
  const options = { instance: deps.config.instance, caller: deps.caller, requestId, now };
  const letters = refused instanceof Rejection ? [letterOf(raw, refused, requestId, options)] : lettersOf(raw, refused, options);
  await before(deadline, () => deps.deadLetters.write(letters));
  for (const { code } of letters) telemetry.countReason(OfferMetric.MESSAGES_DEAD_LETTERED, code);
  if (refused instanceof Rejection) telemetry.count(OfferMetric.INVOCATIONS_REFUSED);
  else telemetry.count(OfferMetric.ENDPOINTS_REFUSED, refused.length);
}
