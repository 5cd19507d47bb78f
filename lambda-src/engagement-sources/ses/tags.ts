import { isUtf8 } from 'node:buffer';
import { setOwn } from '../../mapping/values';
import { Rejection } from '../../runtime/errors';
import { Body } from '../members';

/** Ends the name of a tag that says the same as the one without it, as base64url of UTF-8: tags have letters, digits, `_` and `-` only.
 * @see https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_MessageTag.html */
const ENCODED = '-base64url';

/** What Amazon SES adds itself. */
const OF_THE_SERVICE = 'ses:';

/** The user that the sender has named; undefined for none. */
export function userOf(tags: Body, userIdTag: string): string | undefined {
  const encoded = sole(tags, userIdTag + ENCODED);
  return encoded === undefined ? sole(tags, userIdTag) : decoded(encoded, userIdTag + ENCODED);
}

/** Of two users, neither is taken for the other. */
function sole(tags: Body, name: string): string | undefined {
  const [value, ...others] = new Set(valuesOf(tags[name]));
  if (others.length > 0) throw new Rejection('InvalidUserTag', `the tag ${name} names several users`);
  return value;
}

/** The sender's other tags. */
export function restOf(tags: Body, userIdTag: string): Record<string, string> {
  const rest: Record<string, string> = {};
  for (const name in tags) {
    const value = textOf(tags[name]);
    if (value !== undefined && !name.startsWith(OF_THE_SERVICE) && name !== userIdTag && name !== userIdTag + ENCODED) setOwn(rest, name, value);
  }
  return rest;
}

/** A tag is a list of values, mostly of one. */
export function textOf(raw: unknown): string | undefined {
  return valuesOf(raw).join(',') || undefined;
}

function valuesOf(raw: unknown): string[] {
  return Array.isArray(raw) ? raw.filter((value): value is string => typeof value === 'string' && value !== '') : [];
}

/** Refused rather than guessed: what is nearly right names another user. */
function decoded(text: string, name: string): string {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.toString('base64url') !== text || !isUtf8(bytes)) throw new Rejection('InvalidUserTag', `the tag ${name} is not base64url of UTF-8`);
  return bytes.toString('utf8');
}
