import { randomUUID } from 'node:crypto';
import type { Profile } from '@aws-sdk/client-customer-profiles';
import { audience, userOf } from './audience';
import { ACCOUNT_ID, REGION, arn } from '../environment';
import { Session } from '../session';
import { JsonObject } from '../template/model';

/** The second half of the story with Amazon SES: what `campaign.ts` is with Amazon Pinpoint. Events come the newest first. */

const SUBJECT = 'Our autumn sale';
const SECOND = 1000;

/** So that nothing happens in the future. */
const LONG_AGO = 600 * SECOND;

/** Whose address the receiving server says it does not know. */
const BOUNCES = 'ben';

export function sendMailing(session: Session): void {
  const events = audience(session).flatMap((profile) => eventsOf(profile, Date.now() - LONG_AGO));
  for (const event of events.reverse()) session.messaging.mail.publish(event);
}

/** Members as Amazon SES documents them, in the envelope of EventBridge.
 * @see https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-examples.html
 * @see https://docs.aws.amazon.com/ses/latest/dg/monitoring-eventbridge.html */
function eventsOf(profile: Profile, sentAt: number): JsonObject[] {
  const { EmailAddress: address = '' } = profile;
  const mail = mailOf(address, userOf(profile), time(sentAt));
  const event = (name: string, eventType: string, afterMs: number, rest: JsonObject) =>
    envelope(name, sentAt + afterMs, { eventType, mail, ...rest });
  const reader = (afterMs: number) => ({ ipAddress: '192.0.2.10', userAgent: 'Mozilla/5.0', timestamp: time(sentAt + afterMs) });
  const outcome = userOf(profile) === BOUNCES
    ? [event('Email Bounced', 'Bounce', 3 * SECOND, { bounce: bounceOf(address, time(sentAt + 3 * SECOND)) })]
    : [
      event('Email Delivered', 'Delivery', 2 * SECOND, { delivery: deliveryOf(address, time(sentAt + 2 * SECOND)) }),
      event('Email Opened', 'Open', 60 * SECOND, { open: reader(60 * SECOND) }),
      event('Email Clicked', 'Click', 75 * SECOND, { click: { ...reader(75 * SECOND), link: 'https://shop.example.com/sale' } }),
    ];
  return [event('Email Sent', 'Send', 0, { send: {} }), ...outcome];
}

function envelope(name: string, at: number, detail: JsonObject): JsonObject {
  return {
    'version': '0', 'id': randomUUID(), 'detail-type': name, 'source': 'aws.ses', 'account': ACCOUNT_ID, 'time': time(at), 'region': REGION,
    'resources': [arn('ses', 'configuration-set/story')], detail,
  };
}

function mailOf(address: string, userId: string, timestamp: string): JsonObject {
  const from = 'shop@example.com';
  return {
    timestamp, source: from, sendingAccountId: ACCOUNT_ID, messageId: `local-${userId}`, destination: [address], headersTruncated: false, headers: [],
    commonHeaders: { from: [from], to: [address], subject: SUBJECT }, tags: { 'ses:configuration-set': ['story'], 'userId': [userId] },
  };
}

function deliveryOf(address: string, timestamp: string): JsonObject {
  return { timestamp, processingTimeMillis: 900, recipients: [address], smtpResponse: '250 2.6.0 Message received' };
}

function bounceOf(emailAddress: string, timestamp: string): JsonObject {
  const recipient = { emailAddress, action: 'failed', status: '5.1.1', diagnosticCode: 'smtp; 550 5.1.1 user unknown' };
  return {
    bounceType: 'Permanent', bounceSubType: 'General', bouncedRecipients: [recipient], timestamp, feedbackId: `local-${emailAddress}`,
    reportingMTA: 'dsn; mail.example.com',
  };
}

const time = (millis: number): string => new Date(millis).toISOString();
