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

const NOTHING: Body = Object.freeze({});

/** At least one, and each address once. */
export function recipientsOf({ recipients }: Kind, what: Body, mail: Body): Recipient[] {
  const listed = typeof recipients === 'object' ? unique(what[recipients.list]) : [];
  if (listed.length > 0) return listed;
  const all = unique(mail.destination);
  return all.length === 0 || (recipients === 'one' && all.length > 1) ? [{ said: NOTHING }] : all;
}

/** Addresses stand alone or in an object. */
function unique(raw: unknown): Recipient[] {
  const found = new Map<string, Recipient>();
  for (const item of Array.isArray(raw) ? raw as unknown[] : []) {
    const said = isObject(item) ? item : NOTHING;
    const address = typeof item === 'string' && item !== '' ? item : member(said, 'emailAddress');
    if (address !== undefined && !found.has(address)) found.set(address, { address, said });
  }
  return [...found.values()];
}
