import { Refusal } from './request';
import { digest, UserKey } from './user-key';
import { MAX_MESSAGES, textOf, tooMany, Written } from './written';
import type { Format } from '../formats';
import { MAX_RECORD_BYTES, StreamEntry } from '../runtime/put-records';

/** The most bytes that messages have when they are taken apart: what their envelope says of all is repeated with each. Four of the largest bodies. */
export const MAX_TOTAL_BYTES = 16 * 1024 * 1024;

/** Records of one user, in order. */
export type UserRecords = readonly StreamEntry[];

export interface Records {
  readonly users: readonly UserRecords[];
  readonly messages: number;
}

interface Item {
  readonly key: string;
  readonly text: string;
}

/**
 * Messages as records of the stream. Those of one user share a record as far as it can hold them: PutRecords may take one record
 * and refuse the one before it, which would turn a user's messages around.
 */
export function recordsOf(written: readonly Written[], format: Format, keyOf: UserKey): Records {
  const byUser = new Map<string, string[]>();
  let messages = 0, bytes = 0;
  for (const one of written) {
    const parts = format.split(one.body);
    messages += parts.length;
    if (messages > MAX_MESSAGES) throw tooMany();
    for (const { key, text } of itemsOf(one, parts, keyOf)) {
      bytes += Buffer.byteLength(text);
      if (bytes > MAX_TOTAL_BYTES) throw new Refusal(413, 'BodyTooLarge', `with what they share, messages have at most ${MAX_TOTAL_BYTES} bytes`);
      const texts = byUser.get(key);
      if (texts) texts.push(text);
      else byUser.set(key, [text]);
    }
  }
  return { users: [...byUser].map(([key, texts]) => packed(key, texts)), messages };
}

/** What is of one user stays as it was written; an envelope with several is taken apart, one message after the other. */
function* itemsOf({ body, text }: Written, parts: readonly unknown[], keyOf: UserKey): Generator<Item> {
  const users = parts.map(keyOf);
  const [user] = users;
  const isOfOne = user !== undefined && users.every((other) => other === user);
  const fits = Buffer.byteLength(text) + Buffer.byteLength(user ?? '') <= MAX_RECORD_BYTES;
  if (isOfOne && fits || parts.length === 1 && parts[0] === body) {
    yield { key: user ?? digest(text), text };
    return;
  }
  for (const [index, part] of parts.entries()) {
    const partText = textOf(part);
    yield { key: users[index] ?? digest(partText), text: partText };
  }
}

function packed(key: string, texts: readonly string[]): StreamEntry[] {
  const room = MAX_RECORD_BYTES - Buffer.byteLength(key);
  const groups: string[][] = [];
  let bytes = 0;
  for (const text of texts) {
    const size = Buffer.byteLength(text) + 1;
    // The brackets of an array around one message would be the byte too many.
    if (size - 1 > room) throw new Refusal(413, 'MessageTooLarge', `a message has at most ${MAX_RECORD_BYTES} bytes with its user id`);
    const last = groups.at(-1);
    if (last && bytes + size <= room) {
      last.push(text);
      bytes += size;
    } else {
      groups.push([text]);
      bytes = size + 1;
    }
  }
  return groups.map((group) => ({ PartitionKey: key, Data: Buffer.from(group.length === 1 ? group[0] : `[${group.join(',')}]`) }));
}
