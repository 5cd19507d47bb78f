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
  const encoded = first(tags[userIdTag + ENCODED]);
  return encoded === undefined ? first(tags[userIdTag]) : decoded(encoded, userIdTag + ENCODED);
}

/** The sender's other tags. */
export function restOf(tags: Body, userIdTag: string): Record<string, string> {
  const rest: Record<string, string> = {};
  for (const name in tags) {
    const value = first(tags[name]);
    if (value !== undefined && !name.startsWith(OF_THE_SERVICE) && name !== userIdTag && name !== userIdTag + ENCODED) setOwn(rest, name, value);
  }
  return rest;
}

/** Tags are lists of values, of which a message has one each. */
export function first(raw: unknown): string | undefined {
  const [value] = Array.isArray(raw) ? raw as unknown[] : [];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Refused rather than guessed: what is nearly right names another user. */
function decoded(text: string, name: string): string {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.toString('base64url') !== text || !isUtf8(bytes)) throw new Rejection('InvalidUserTag', `the tag ${name} is not base64url of UTF-8`);
  return bytes.toString('utf8');
}
