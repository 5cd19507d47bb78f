import { textAt } from './paths';
import type { EngagementType } from '../../../src/contract/engagement-stream-to-cdp';
import { SMS_EVENT_TYPES } from '../../../src/contract/sms-events';
import { isObject } from '../../mapping/values';
import { Body, firstOf, member, nested } from '../members';
import { Details, KINDS } from '../ses/kinds';

/** What happened, as far as the object of a campaign says it. */
export interface Told extends Details {
  readonly type: EngagementType;
  readonly channel?: string;
  readonly address?: string;
}

/** The type of the object, and the member that holds what the sending service said, for types that have other names. */
const IS_MAIL = { member: 'email', objectType: 'Campaign-Email' };
const IS_TEXT = { member: 'sms', objectType: 'Campaign-SMS' };

/** Channels that the neutral event has another word for. */
const CHANNELS: Readonly<Record<string, string>> = { TELEPHONY: 'VOICE' };

export function tell(object: Body, objectType: string, eventType: string): Told {
  const isNamed = [IS_MAIL, IS_TEXT].some((kind) => kind.objectType === objectType);
  const is = (kind: typeof IS_MAIL) => isNamed ? objectType === kind.objectType : isObject(object[kind.member]);
  const channel = textAt(object, 'channel')?.toUpperCase();
  if (is(IS_MAIL)) return { channel: 'EMAIL', ...mail(nested(object, IS_MAIL.member), eventType) };
  if (is(IS_TEXT)) return { channel: 'SMS', ...text(object, eventType) };
  return { type: 'CUSTOM', channel: channel === undefined ? undefined : CHANNELS[channel] ?? channel };
}

/** By the words of Amazon SES, however they are written. The documentation says `choose` where Amazon SES says `Click`. */
const SES_NAMES = new Map([...[...KINDS.keys()].map((name) => [plain(name), name] as const), ['choose', 'Click'] as const]);

function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z]/g, '').replace(/^email/, '');
}

function mail(email: Body, eventType: string): Told {
  const kind = KINDS.get(SES_NAMES.get(plain(eventType)) ?? '');
  if (!kind) return { type: 'CUSTOM' };
  const what = kind.member === 'click' && !isObject(email.click) ? nested(email, 'choose') : nested(email, kind.member);
  const recipient = typeof kind.recipients === 'object' ? firstOf(what, kind.recipients.list) : {};
  return {
    type: typeof kind.type === 'string' ? kind.type : kind.type(what),
    address: member(recipient, 'emailAddress'),
    ...kind.details?.(what, recipient),
  };
}

/** By the status, or by an event type in the words of the service that sends text messages. */
function text(object: Body, eventType: string): Told {
  const status = textAt(object, 'smsStatus');
  const words = [`TEXT_${status}`, eventType, `TEXT_${eventType}`].map((word) => SMS_EVENT_TYPES.get(word.toUpperCase()));
  const type = words.find((word) => word !== undefined) ?? 'CUSTOM';
  return { type, status, attributes: { status_description: textAt(object, 'smsStatusDescription') } };
}
