import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer, DestinationAdapter, Item } from '../destinations/destination';
import { DONE, Outcome, rejected, retry } from '../model';
import type { DeliveryMeter } from './index';
import { backOff } from '../runtime/pace';

/** A CDP that is back is noticed within seconds, and one that is down is asked little. */
const FIRST_WAIT_MILLIS = 200;
const LONGEST_WAIT_MILLIS = 5_000;

export type Settle<T> = (item: T, outcome: Outcome) => void;

export interface SendOptions<T> {
  readonly destination: DestinationAdapter;
  readonly deadline: number;
  readonly meter: DeliveryMeter;
  readonly settle: Settle<T>;
}

/**
 * One request, until each of its items is settled. A request that is refused for its content is halved until the guilty item is alone.
 * Resolves to whether all of it went well enough to go on with what comes after.
 */
export async function sendRequest<T extends Item>(items: readonly T[], options: SendOptions<T>): Promise<boolean> {
  let open = items;
  for (let attempt = 0; open.length > 0; attempt += 1) {
    const answer = await attemptOnce(open, options);
    if (answer.kind === 'items') return open.length > 1 ? halves(open, options) : refused(open[0], answer, options);
    const { left, code, afterMillis } = settled(open, answer, options.settle);
    open = left;
    if (open.length > 0 && !await waited(attempt, afterMillis, options.deadline)) {
      for (const item of open) options.settle(item, retry(code));
      return false;
    }
  }
  return true;
}

async function attemptOnce<T extends Item>(items: readonly T[], { destination, deadline, meter }: SendOptions<T>): Promise<Answer> {
  if (Date.now() >= deadline) return { kind: 'retry', code: 'OutOfTime' };
  meter.count('Requests', 1);
  const answer = await destination.send(items, deadline).catch((error: unknown) => {
    meter.count('RequestsFailed', 1);
    throw error;
  });
  if (answer.kind === 'items') meter.count('RequestsFailed', 1);
  else if (isUndone(answer)) meter.count(answer.throttled ? 'RequestsThrottled' : 'RequestsFailed', 1);
  return answer;
}

type Undone = Extract<Answer, { kind: 'retry' | 'each' }>;

/** Also an answer that is a success as such, and leaves something to be sent again. */
function isUndone(answer: Answer): answer is Undone {
  return answer.kind === 'retry' || (answer.kind === 'each' && answer.outcomes.some(({ status }) => status === 'retry'));
}

function refused<T extends Item>(item: T, { code, reason }: { code: string; reason: string }, { settle }: SendOptions<T>): boolean {
  settle(item, rejected(code, reason));
  return true;
}

async function halves<T extends Item>(items: readonly T[], options: SendOptions<T>): Promise<boolean> {
  const middle = Math.ceil(items.length / 2);
  const went = await sendRequest(items.slice(0, middle), options);
  if (went) return sendRequest(items.slice(middle), options);
  for (const item of items.slice(middle)) options.settle(item, retry('Postponed'));
  return false;
}

interface Left<T> {
  readonly left: readonly T[];
  readonly code: string;
  readonly afterMillis?: number;
}

/** Settles what the answer decides; the rest is left to be sent again. */
function settled<T extends Item>(items: readonly T[], answer: Exclude<Answer, { kind: 'items' }>, settle: Settle<T>): Left<T> {
  if (answer.kind === 'retry') return { left: items, ...answer };
  if (answer.kind === 'done') {
    for (const item of items) settle(item, DONE);
    return { left: [], code: '' };
  }
  let code = '';
  const left = items.filter((item, index) => {
    const outcome = answer.outcomes[index] ?? retry('NoResult');
    if (outcome.status === 'retry') code = outcome.code;
    else settle(item, outcome);
    return outcome.status === 'retry';
  });
  return { left, code };
}

/**
 * Full jitter, and no less than the destination asks for. False: the time is over. It is waited for in any case, since the stream would
 * come again at once, and how often it does is limited: given up early, a CDP that is down for an hour would use up all of its attempts.
 */
async function waited(attempt: number, afterMillis = 0, deadline: number): Promise<boolean> {
  const millis = Math.max(afterMillis, backOff(attempt, FIRST_WAIT_MILLIS, LONGEST_WAIT_MILLIS));
  const left = Math.max(0, deadline - Date.now());
  await sleep(Math.min(millis, left));
  return millis < left;
}
