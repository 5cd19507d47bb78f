import { isObject } from '../mapping/values';
import { Rejection } from '../runtime/errors';

/**
 * The most bytes that may come of what an envelope says of all of its messages, when it is said with each: a record of 1 MiB could
 * make gigabytes of it, which no function holds, and would hold its shard up until it is too old.
 */
export const MAX_SHARED_BYTES = 32 * 1024 * 1024;

/** Whether what an envelope shares can be said with each of its messages. What is nested too deep to be written can't. */
export function canShare(shared: unknown, messages: number): boolean {
  if (!isObject(shared) || messages < 2) return true;
  try {
    return JSON.stringify(shared, plainly).length * messages <= MAX_SHARED_BYTES;
  } catch {
    return false;
  }
}

/** Numbers that were read with all their digits count as JSON.parse has them: an envelope is taken apart or not, however it is read. */
const plainly = (_: string, value: unknown): unknown => typeof value === 'symbol' ? Number(value.description) : value;

/** For an envelope that was not taken apart. */
export const tooLarge = (): Rejection =>
  new Rejection('EnvelopeTooLarge', `what the envelope shares has more than ${MAX_SHARED_BYTES} bytes when it is said with each message`);
