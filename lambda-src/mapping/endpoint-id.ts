import { CHANNELS } from '../../src/contract/trait-mapping';

const SAFE = /^[a-z0-9_.@+-]*$/;
const UNSAFE = /[^a-z0-9_.@+-]/gu;

/**
 * A user id as part of an endpoint id. Endpoint ids are case-insensitive and user ids are not, so capitals are escaped too
 * (`Ann` → `~41nn`): two users never share an endpoint. Reversible; `~` is the escape, as `%` would be encoded again in paths.
 */
export function encodeUserId(userId: string): string {
  return SAFE.test(userId) ? userId : userId.replace(UNSAFE, escape);
}

function escape(character: string): string {
  return [...Buffer.from(character)].map((byte) => `~${byte.toString(16).padStart(2, '0')}`).join('');
}

/** The service may tell an id in another case than it was told; what is not escaped was written without capitals. */
function decodeUserId(encoded: string): string {
  if (!encoded.includes('~')) return encoded.toLowerCase();
  const bytes = encoded.toLowerCase().replace(/~([0-9a-f]{2})|([^~])/g, (_, hex: string | undefined, plain: string) => hex ?? Buffer.from(plain).toString('hex'));
  return Buffer.from(bytes, 'hex').toString('utf8');
}

/** No other word: the made-up client id of a message that was sent to no endpoint may begin or end with letters. */
const CHANNEL = `(?:${CHANNELS.join('|')})`;

/** Endpoint ids from a template such as `{userId}:{channel}`, and the way back. */
export interface EndpointIds {
  idOf(userId: string, channel: string, slot?: string): string;
  userOf(endpointId: string): string | undefined;
}

export function endpointIds(template: string): EndpointIds {
  const literal = (part: string) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const pattern = template.split(/(\{userId\}|\{channel\})/)
    .map((part) => part === '{userId}' ? '(?<user>[a-z0-9_.@+~-]+?)' : part === '{channel}' ? CHANNEL : literal(part)).join('');
  const reverse = new RegExp(`^${pattern}(?::[a-z0-9_.@+~-]+)?$`, 'i');
  const userFirst = template.indexOf('{userId}') < template.indexOf('{channel}');
  const [before, between, after] = template.split(/\{userId\}|\{channel\}/);
  return {
    idOf: (userId, channel, slot) => {
      const user = encodeUserId(userId);
      const id = userFirst ? before + user + between + channel + after : before + channel + between + user + after;
      return slot === undefined ? id : `${id}:${encodeUserId(slot)}`;
    },
    userOf: (endpointId) => {
      const user = reverse.exec(endpointId)?.groups?.user;
      return user === undefined ? undefined : decodeUserId(user);
    },
  };
}
