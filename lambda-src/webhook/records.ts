import type { Written } from './body';
import { Refusal } from './request';
import type { UserKey } from './user-key';
import type { Format } from '../formats';
import { MAX_RECORD_BYTES, StreamEntry } from '../runtime/put-records';

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
  let messages = 0;
  for (const one of written) {
    const parts = format.split(one.body);
    messages += parts.length;
    for (const { key, text } of itemsOf(one, parts, keyOf)) {
      const texts = byUser.get(key);
      if (texts) texts.push(text);
      else byUser.set(key, [text]);
    }
  }
  return { users: [...byUser].map(([key, texts]) => packed(key, texts)), messages };
}

/** What is of one user stays as it was written; an envelope with several is taken apart. */
function itemsOf({ body, text }: Written, parts: readonly unknown[], keyOf: UserKey): Item[] {
  if (parts.length === 1 && parts[0] === body) return [{ key: keyOf(body, text), text }];
  const items = parts.map((part) => {
    const partText = JSON.stringify(part);
    return { key: keyOf(part, partText), text: partText };
  });
  const isOfOne = items.every(({ key }) => key === items[0].key) && Buffer.byteLength(text) + Buffer.byteLength(items[0].key) <= MAX_RECORD_BYTES;
  return isOfOne ? [{ key: items[0].key, text }] : items;
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
