import type { ObjectTypeField } from '@aws-sdk/client-customer-profiles';
import { USER_KEY } from '../../src/contract/profile-fields';
import { MEMBER, segmentAttribute } from '../../src/contract/profile-segments';
import { Rejection } from '../runtime/errors';

/** Of the file: "less than 1 GB", with a header, UTF-8 without a byte order mark, at most 25 columns, of which this one has two.
 * @see https://docs.aws.amazon.com/connect/latest/adminguide/customer-segments-imported-files.html */
export const MAX_FILE_BYTES = 1_000_000_000;

/** Column and field have one name, since whether the unique key names the one or the other is not documented. */
export const UNIQUE_KEY = 'userId';

const CHUNK_LENGTH = 64 * 1024;

/** What the columns become in the profile: the same as the object type of memberships makes of its objects. */
export function uploadFields(segment: string): Record<string, ObjectTypeField> {
  const field = (source: string, target: string): ObjectTypeField => ({ Source: `_source.${source}`, Target: `_profile.${target}`, ContentType: 'STRING' });
  const attribute = segmentAttribute(segment);
  return {
    [UNIQUE_KEY]: field(UNIQUE_KEY, 'AccountNumber'),
    [USER_KEY]: field(UNIQUE_KEY, `Attributes.${USER_KEY}`),
    [attribute]: field(attribute, `Attributes.${attribute}`),
  };
}

/** In pieces, so that a million members take no memory. */
export async function* csvOf(segment: string, users: AsyncIterable<string>): AsyncGenerator<string> {
  let text = `${UNIQUE_KEY},${segmentAttribute(segment)}\n`;
  for await (const userId of users) {
    text += `${quoted(userId)},${MEMBER}\n`;
    if (text.length < CHUNK_LENGTH) continue;
    yield text;
    text = '';
  }
  yield text;
}

/** What is sent says its length first. */
export async function lengthOf(pieces: AsyncIterable<string>, most = MAX_FILE_BYTES): Promise<number> {
  let bytes = 0;
  for await (const piece of pieces) bytes += Buffer.byteLength(piece);
  if (bytes >= most) throw new Rejection('FileTooLarge', `the file has ${bytes} bytes, and must have less than ${most}`);
  return bytes;
}

/** RFC 4180. */
const quoted = (value: string): string => /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
