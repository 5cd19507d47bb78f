import type { OfferCallerAdapter } from '../offer-callers';
import { invocationMessage } from '../offers/queue-message';
import type { DeadLetter } from '../runtime/dead-letters';
import type { Rejection } from '../runtime/errors';

/** Characters. Twice what an invocation has: what endpoints share, which is Data and some ids, stands in the letter of each. */
export const MAX_LETTERS = 12 * 1024 * 1024;

/** An endpoint that gets no offer, and why. */
export interface Refused {
  readonly endpointId: string;
  readonly rejection: Rejection;
}

export interface LetterOptions {
  readonly instance: string;
  readonly caller: Pick<OfferCallerAdapter, 'only'>;
  readonly requestId: string;
  readonly now: Date;
}

/**
 * One letter for each endpoint, which can be put back without the others. What they share stands in one letter for all when it is so long that
 * the function would not have room for it as often.
 */
export function lettersOf(raw: unknown, refused: readonly Refused[], options: LetterOptions): DeadLetter[] {
  const { requestId } = options;
  const only = options.caller.only(raw);
  const letters: DeadLetter[] = [];
  let length = 0;
  for (const { endpointId, rejection } of refused) {
    const letter = letterOf(only([endpointId]), rejection, endpointId, options);
    length += letter.payload.length;
    if (length > MAX_LETTERS) return [letterOf(only(refused.map((one) => one.endpointId)), rejection, requestId, options)];
    letters.push(letter);
  }
  return letters;
}

export function letterOf(invocation: unknown, { code, message }: Rejection, partitionKey: string, options: LetterOptions): DeadLetter {
  const { instance, requestId, now } = options;
  return {
    version: 1, construct: instance, code, reason: message, at: now.toISOString(),
    partitionKey, sequenceNumber: requestId, payload: invocationMessage(now, invocation), encoding: 'utf8',
  };
}
