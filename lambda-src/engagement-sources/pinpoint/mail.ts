import type { EngagementType } from '../../../src/contract/engagement-stream-to-cdp';
import type { EngagementEvent } from '../../engagement';
import { Body, firstOf, member, nested } from '../members';

type MailField = 'address' | 'messageId' | 'subject' | 'status' | 'link' | 'bounce' | 'complaint' | 'userAgent' | 'ip';

/** What only e-mail events tell. */
export interface Mail extends Pick<EngagementEvent, MailField> {
  readonly smtpResponse?: string;
}

/** The facet of an e-mail event: the message, and beside it a member for what happened to it. */
export function mailOf(body: Body, attributes: Body, type: EngagementType): Mail {
  const facet = nested(nested(nested(body, 'facets'), 'email_channel'), 'mail_event');
  const mail = nested(facet, 'mail');
  const details = DETAILS[type]?.(facet, attributes);
  return {
    address: details?.address ?? firstText(mail.destination),
    messageId: member(mail, 'message_id'),
    subject: member(nested(mail, 'common_headers'), 'subject'),
    status: details?.status,
    link: details?.link,
    bounce: details?.bounce,
    complaint: details?.complaint,
    userAgent: details?.userAgent,
    ip: details?.ip,
    smtpResponse: details?.smtpResponse,
  };
}

function firstText(list: unknown): string | undefined {
  const [first] = Array.isArray(list) ? list as unknown[] : [];
  return typeof first === 'string' && first !== '' ? first : undefined;
}

type Details = (facet: Body, attributes: Body) => Mail;

const DETAILS: { readonly [K in EngagementType]?: Details } = {
  EMAIL_DELIVERED: (facet) => {
    const delivery = nested(facet, 'delivery');
    return { address: firstText(delivery.recipients), smtpResponse: member(delivery, 'smtp_response') };
  },
  EMAIL_OPEN: (facet) => {
    const open = nested(facet, 'open');
    return { ip: member(open, 'ip_address'), userAgent: member(open, 'user_agent') };
  },
  EMAIL_CLICK: (facet, attributes) => {
    const click = nested(facet, 'click');
    const link = member(click, 'link') ?? member(attributes, 'feedback');
    return { ip: member(click, 'ip_address'), userAgent: member(click, 'user_agent'), link };
  },
  EMAIL_HARD_BOUNCE: bounceOf,
  EMAIL_SOFT_BOUNCE: bounceOf,
  EMAIL_COMPLAINT: (facet) => {
    const complaint = nested(facet, 'complaint');
    const address = member(firstOf(complaint, 'complained_recipients'), 'email_address');
    return { address, complaint: { type: member(complaint, 'complaint_feedback_type') }, userAgent: member(complaint, 'user_agent') };
  },
  EMAIL_REJECTED: (facet) => ({ status: member(nested(facet, 'reject'), 'reason') }),
};

function bounceOf(facet: Body): Mail {
  const bounce = nested(facet, 'bounce');
  const recipient = firstOf(bounce, 'bounced_recipients');
  return {
    address: member(recipient, 'email_address'),
    status: member(recipient, 'status'),
    bounce: { type: member(bounce, 'bounce_type'), subType: member(bounce, 'bounce_sub_type'), diagnostic: member(recipient, 'diagnostic_code') },
  };
}
