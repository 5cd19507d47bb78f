import { Kind, KINDS } from './kinds';
import { Recipient, recipientsOf, Told } from './recipients';
import { restOf, userOf } from './tags';
import type { EngagementType } from '../../../src/contract/engagement-stream-to-cdp';
import type { EngagementEvent } from '../../engagement';
import { Rejection } from '../../runtime/errors';
import type { Arrival } from '../../runtime/stream-batch';
import { isoTimestamp } from '../../runtime/timestamp';
import { digest, pseudonym } from '../digest';
import type { OneOfSeveral } from '../index';
import { Body, defined, member, nested } from '../members';

/** What all events of one record have in common. */
interface Message {
  readonly kind: Kind;
  readonly what: Body;
  readonly type: EngagementType;
  readonly sourceType: string;
  readonly messageId: string;
  readonly at: string;
  readonly userId?: string;
  readonly subject?: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** The event, or one for each of several recipients that the record tells of, or the reason for which it is dropped. */
export function readEvent(
  body: Body, arrival: Arrival, wanted: ReadonlySet<EngagementType> | undefined, userIdTag: string,
): EngagementEvent | readonly OneOfSeveral[] | string {
  const detail = nested(body, 'detail');
  const sourceType = member(detail, 'eventType');
  if (sourceType === undefined) throw new Rejection('MissingEventType', 'the event has no detail.eventType');
  const kind = KINDS.get(sourceType);
  if (!kind) throw new Rejection('UnknownEventType', `${JSON.stringify(sourceType.slice(0, 64))} is not an event of an e-mail`);
  const what = nested(detail, kind.member);
  const type = typeof kind.type === 'string' ? kind.type : kind.type(what);
  if (wanted && !wanted.has(type)) return 'NotWanted';
  const mail = nested(detail, 'mail');
  const messageId = member(mail, 'messageId');
  if (messageId === undefined) throw new Rejection('MissingMessageId', 'the event has no detail.mail.messageId');
  const tags = nested(mail, 'tags');
  const message: Message = {
    kind,
    what,
    type,
    sourceType,
    messageId,
    at: timeOf(body, mail, what, type) ?? arrival.at,
    userId: userOf(tags, userIdTag),
    subject: member(nested(mail, 'commonHeaders'), 'subject'),
    tags: restOf(tags, userIdTag),
  };
  const { found, only } = recipientsOf(kind, { mail, what });
  if (found.length === 1) return eventOf(message, found[0]);
  return found.map((recipient) => ({ event: eventOf(message, recipient), alone: () => within(body, kind, only(recipient)) }));
}

function within(body: Body, kind: Kind, { mail, what }: Told): Body {
  return { ...body, detail: { ...nested(body, 'detail'), mail, [kind.member]: what } };
}

/** Events come in any order, so that only what they say themselves counts. A rejection and a rendering failure tell no time of their own. */
function timeOf(body: Body, mail: Body, what: Body, type: EngagementType): string | undefined {
  return isoTimestamp(type === 'EMAIL_SEND' ? mail.timestamp : what.timestamp) ?? isoTimestamp(body.time) ?? isoTimestamp(mail.timestamp);
}

function eventOf({ kind, what, type, sourceType, messageId, at, userId, subject, tags }: Message, { address, said }: Recipient): EngagementEvent {
  const { attributes, ...details } = kind.details?.(what, said) ?? {};
  return {
    id: eventId(messageId, sourceType, address, kind, what, said),
    type,
    sourceType,
    at,
    userId,
    endpointId: userId === undefined ? address === undefined ? pseudonym('message', messageId) : pseudonym('email', address) : undefined,
    channel: 'EMAIL',
    address,
    messageId,
    subject,
    ...details,
    attributes: attributes ? { ...tags, ...defined(attributes) } : tags,
    metrics: {},
  };
}

/**
 * Of message, recipient and what happened, which holds the time: the same however often and on whatever way the event comes. Not of the
 * envelope, whose id and time are those of one delivery, and not of others to whom it happened too.
 */
function eventId(messageId: string, sourceType: string, address: string | undefined, { recipients }: Kind, what: Body, said: Body): string {
  const { [typeof recipients === 'object' ? recipients.list : '']: _, ...happened } = what;
  return digest([messageId, sourceType, address, happened, said]);
}
