import type { EngagementEvent } from '../engagement';
import { jsonText } from './json';
import { isObject } from '../mapping/values';
import { Rejection } from '../runtime/errors';

/**
 * What lies on the queue: an assignment, or an invocation of which none could be made. The latter gets there by a redrive of its dead
 * letter, after what stood in its way was changed; `at` is the time of the invocation.
 */
export type QueueMessage =
  | { readonly version: 1; readonly event: EngagementEvent }
  | { readonly version: 1; readonly at: string; readonly invocation: unknown };

export const assignmentMessage = (event: EngagementEvent): string => jsonText({ version: 1, event } satisfies QueueMessage);

export const invocationMessage = (at: Date, invocation: unknown): string =>
  jsonText({ version: 1, at: at.toISOString(), invocation } satisfies QueueMessage);

/** Throws a Rejection for what this construct did not write. */
export function parseQueueMessage(body: string): QueueMessage {
  const message = parse(body);
  if (isObject(message) && message.version === 1) {
    if (isEvent(message.event)) return message as QueueMessage;
    if ('invocation' in message && typeof message.at === 'string' && !Number.isNaN(Date.parse(message.at))) return message as QueueMessage;
  }
  throw new Rejection('UnknownMessage', 'the message is neither an assignment nor an invocation');
}

function isEvent(raw: unknown): boolean {
  if (!isObject(raw)) return false;
  const { id, sourceType, at, userId, endpointId, attributes, metrics } = raw;
  return [id, sourceType, at, userId ?? endpointId].every((value) => typeof value === 'string' && value !== '')
    && isObject(attributes) && isObject(metrics);
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
