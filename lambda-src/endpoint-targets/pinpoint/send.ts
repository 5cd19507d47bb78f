import { setTimeout as sleep } from 'node:timers/promises';
import type { EventsResponse } from '@aws-sdk/client-pinpoint';
import { failureOf, PinpointApi } from './api';
import { batchOf } from './pack';
import type { Room } from './room';
import type { EndpointWork, EventWork } from './stage';
import { DONE, Outcome, rejected, retry } from '../../model';
import { backOff } from '../../runtime/pace';

/** How often events are sent again that the service failed one by one, within one invocation. */
const MAX_ITEM_ATTEMPTS = 5;
/** @see https://docs.aws.amazon.com/pinpoint/latest/apireference/apps-application-id-events.html (EventItemResponse.StatusCode) */
const ACCEPTED = 202;

export type Settle<T> = (work: T, outcome: Outcome) => void;

/** Told how the service takes requests of a size. */
export type Sizes = Pick<Room, 'refused' | 'taken'>;

/** One UpdateEndpointsBatch. A refusal names no item, so the batch is halved until the guilty one is alone. */
export async function sendEndpoints(api: PinpointApi, work: readonly EndpointWork[], settle: Settle<EndpointWork>, sizes?: Sizes): Promise<void> {
  try {
    await api.updateEndpoints(work.map(({ endpoint }) => endpoint));
    sizes?.taken(work.length);
    for (const item of work) settle(item, DONE);
  } catch (error) {
    await halve(error, work, settle, (half) => sendEndpoints(api, half, settle, sizes), sizes);
  }
}

/** One PutEvents. Its answer has a result for each event; only those that failed are sent again. */
export async function sendEvents(api: PinpointApi, work: readonly EventWork[], settle: Settle<EventWork>, sizes?: Sizes): Promise<void> {
  let open = work;
  for (let attempt = 0; open.length > 0; attempt += 1) {
    try {
      const answer = await api.putEvents(batchOf(open));
      sizes?.taken(open.length);
      open = unsettled(open, answer, attempt + 1 >= MAX_ITEM_ATTEMPTS, settle);
    } catch (error) {
      return halve(error, open, settle, (half) => sendEvents(api, half, settle, sizes), sizes);
    }
    if (open.length > 0) await sleep(Math.min(backOff(attempt), Math.max(0, api.deadline - Date.now())));
  }
}

async function halve<T>(
  error: unknown, work: readonly T[], settle: Settle<T>, send: (half: readonly T[]) => Promise<void>, sizes?: Sizes,
): Promise<void> {
  const failure = failureOf(error);
  if (failure.kind === 'items' && work.length > 1) {
    sizes?.refused(work.length);
    const middle = Math.ceil(work.length / 2);
    await send(work.slice(0, middle));
    return send(work.slice(middle));
  }
  for (const item of work) settle(item, failure.kind === 'items' ? rejected(failure.code, failure.reason) : retry(failure.code));
}

/** Settles what the answer decides and returns what has to be sent again. */
function unsettled(work: readonly EventWork[], answer: EventsResponse, last: boolean, settle: Settle<EventWork>): EventWork[] {
  const again: EventWork[] = [];
  for (const item of work) {
    const outcome = outcomeOf(item, answer);
    if (outcome.status === 'retry' && !last) again.push(item);
    else settle(item, outcome);
  }
  return again;
}

/** The worse of the event's own result and its endpoint's. No result at all is as good as a failure. */
function outcomeOf({ endpointId, eventId }: EventWork, answer: EventsResponse): Outcome {
  const result = entryOf(answer.Results, endpointId);
  const event = own(result?.EventsItemResponse, eventId);
  const failed = [event ?? {}, result?.EndpointItemResponse ?? { StatusCode: ACCEPTED }].find(({ StatusCode }) => StatusCode !== ACCEPTED);
  if (!failed) return DONE;
  // JSON may say null.
  const status = failed.StatusCode ?? undefined;
  const permanent = status !== undefined && status >= 400 && status < 500 && status !== 408 && status !== 429;
  return permanent ? rejected(`EventRefused${status}`, failed.Message ?? '') : retry(status === undefined ? 'NoResult' : `EventFailed${status}`);
}

/** Endpoint ids are case-insensitive, so the answer may write one in another case than the request did. */
function entryOf<T>(map: Record<string, T> | undefined, id: string): T | undefined {
  const exact = own(map, id);
  if (exact !== undefined || !map) return exact;
  const other = Object.keys(map).find((key) => key.toLowerCase() === id.toLowerCase());
  return other === undefined ? undefined : map[other];
}

function own<T>(map: Record<string, T> | undefined, key: string): T | undefined {
  return map && Object.hasOwn(map, key) ? map[key] : undefined;
}
