import { isObject, setOwn } from '../mapping/values';

export type Body = Readonly<Record<string, unknown>>;

const NOTHING: Body = Object.freeze({});

/** A member that is an object, or an empty one. */
export function nested(body: Body, name: string): Body {
  const value = body[name];
  return isObject(value) ? value : NOTHING;
}

/** A member as text; undefined for null, which the service writes for what it does not know, for an empty string and for nothing. */
export const member = (body: Body, name: string): string | undefined => scalarText(body[name]);

export function scalarText(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

/** What is known of several things. */
export function defined(attributes: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const known: Record<string, string> = {};
  for (const name in attributes) {
    const value = attributes[name];
    if (value !== undefined) setOwn(known, name, value);
  }
  return known;
}

/** The first object of a list, or an empty one. */
export function firstOf(body: Body, name: string): Body {
  const value = body[name];
  const [first] = Array.isArray(value) ? value as unknown[] : [];
  return isObject(first) ? first : NOTHING;
}

/** Seen at its start, since to fail at parsing is slow. */
const OBJECT = /^\s*\{/;

/** An object within a JSON string. What does not parse, or to something else, tells nothing. */
export function jsonMember(body: Body, name: string): Body | undefined {
  const text = body[name];
  if (typeof text !== 'string' || !OBJECT.test(text)) return undefined;
  try {
    const parsed: unknown = JSON.parse(text);
    return isObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}
