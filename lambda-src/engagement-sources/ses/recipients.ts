import type { Kind } from './kinds';
import { isObject } from '../../mapping/values';
import { Body, member } from '../members';

/** Somebody that an event is about. */
export interface Recipient {
  /** Undefined when the event does not tell which recipient of the message it was. */
  readonly address?: string;
  /** What the event says of this recipient. */
  readonly said: Body;
}

/** An event's mail and what happened to it. */
export interface Told {
  readonly mail: Body;
  readonly what: Body;
}

export interface Recipients {
  /** At least one, and each address once. */
  readonly found: readonly Recipient[];
  /** The event as it would be if it were about this one alone. */
  only(recipient: Recipient): Told;
}

const NOTHING: Body = Object.freeze({});

export function recipientsOf({ recipients }: Kind, { mail, what }: Told): Recipients {
  const list = typeof recipients === 'object' ? recipients.list : undefined;
  const listed = list === undefined ? [] : unique(what[list]);
  if (list !== undefined && listed.length > 0) {
    const those = (address?: string) => (what[list] as unknown[]).filter((one) => addressOf(one) === address);
    return { found: listed, only: ({ address }) => ({ mail, what: { ...what, [list]: those(address) } }) };
  }
  const all = unique(mail.destination);
  // What happened to somebody who isn't named must not be told of everybody: a bounce may list nobody.
  const found = all.length === 1 || (all.length > 1 && recipients === 'all') ? all : [{ said: NOTHING }];
  return { found, only: ({ address }) => ({ mail: { ...mail, destination: [address] }, what }) };
}

function unique(raw: unknown): Recipient[] {
  const found = new Map<string, Recipient>();
  for (const item of Array.isArray(raw) ? raw as unknown[] : []) {
    const address = addressOf(item);
    if (address !== undefined && !found.has(address)) found.set(address, { address, said: isObject(item) ? item : NOTHING });
  }
  return [...found.values()];
}

/** The address of `Ana <ana@example.com>`: the service shows the sender that way, and nowhere says that it never does recipients. */
const NAMED = /<([^<>]+)>\s*$/;

/** Addresses stand alone or in an object. */
function addressOf(item: unknown): string | undefined {
  const text = isObject(item) ? member(item, 'emailAddress') : item;
  if (typeof text !== 'string' || text === '') return undefined;
  return NAMED.exec(text)?.[1] ?? text;
}
