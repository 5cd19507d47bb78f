import { createHash } from 'node:crypto';
import type { Format } from '../formats';
import { isObject } from '../mapping/values';
import type { CdpMessage } from '../model';

/** @see https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecordsRequestEntry.html */
const MAX_KEY_LENGTH = 256;

/** Half a character, which no encoding keeps. */
const LONE_SURROGATE = /\p{Surrogate}/u;

/** The key of what is too long to be one, or has no user. */
export const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The partition key of a message: its user, as whoever writes to the stream directly would name it. Undefined for what has none. */
export type UserKey = (body: unknown) => string | undefined;

/** Only the user counts here; ids and times are read again from the stream. */
const ARRIVAL = { id: '', at: new Date(0).toISOString() };

export function userKeys(format: Format, userIdField?: string): UserKey {
  const path = userIdField?.split('.');
  return (body) => {
    const user = path && at(body, path) || userOf(body, format);
    return user === undefined || user.length <= MAX_KEY_LENGTH && !LONE_SURROGATE.test(user) ? user : digest(user);
  };
}

function at(body: unknown, path: readonly string[]): string | undefined {
  const value = path.reduce<unknown>((found, name) => isObject(found) && Object.hasOwn(found, name) ? found[name] : undefined, body);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

/** Undefined for what has no user: it becomes a dead letter, or is dropped, and has no order to be kept. */
function userOf(body: unknown, format: Format): string | undefined {
  if (!isObject(body)) return undefined;
  try {
    return format.read(body, ARRIVAL, () => undefined).map(nameIn).find((name) => name !== undefined);
  } catch {
    return undefined;
  }
}

/** An endpoint without a user is in order with its own changes. */
function nameIn(message: CdpMessage): string | undefined {
  if (message.kind === 'ignored') return undefined;
  if (message.userId !== undefined) return message.userId;
  return message.kind === 'profile' || message.kind === 'event' ? message.endpoints[0]?.id : undefined;
}
