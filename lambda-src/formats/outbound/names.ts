import type { EngagementType } from '../../../src/contract/engagement-stream-to-cdp';
import type { EngagementEvent } from '../../engagement';

/**
 * What an event is called in the CDP. The e-mail names are those of Segment's e-mail spec, those of push notifications its mobile spec's
 * and of signing in its B2B spec's; where no spec has a name, ours is in the same manner.
 * @see https://segment.com/docs/connections/spec/email/
 * @see https://segment.com/docs/connections/spec/mobile/
 */
const NAMES: { readonly [K in EngagementType]: string | ((event: EngagementEvent) => string) } = {
  EMAIL_SEND: 'Email Sent',
  EMAIL_DELIVERED: 'Email Delivered',
  EMAIL_HARD_BOUNCE: 'Email Bounced',
  EMAIL_SOFT_BOUNCE: 'Email Bounced',
  EMAIL_COMPLAINT: 'Email Marked as Spam',
  EMAIL_OPEN: 'Email Opened',
  EMAIL_CLICK: 'Email Link Clicked',
  EMAIL_REJECTED: 'Email Rejected',
  EMAIL_UNSUBSCRIBE: 'Unsubscribed',
  EMAIL_RENDERING_FAILURE: 'Email Rendering Failed',
  EMAIL_DELIVERY_DELAY: 'Email Delivery Delayed',
  SMS_BUFFERED: 'SMS Sent',
  // SUCCESSFUL is the carrier's word that it took the message, DELIVERED that the device did.
  SMS_SUCCESS: ({ status }) => status === 'SUCCESSFUL' ? 'SMS Sent' : 'SMS Delivered',
  SMS_FAILURE: 'SMS Failed',
  SMS_OPT_OUT: 'SMS Unsubscribed',
  CAMPAIGN_SEND: ({ status }) => sent(status) ? 'Campaign Message Sent' : 'Campaign Message Not Sent',
  CAMPAIGN_OPENED_NOTIFICATION: 'Push Notification Tapped',
  CAMPAIGN_RECEIVED_FOREGROUND: 'Push Notification Received',
  CAMPAIGN_RECEIVED_BACKGROUND: 'Push Notification Received',
  JOURNEY_SEND: ({ status }) => sent(status) ? 'Journey Message Sent' : 'Journey Message Not Sent',
  SESSION_START: 'Session Started',
  SESSION_STOP: 'Session Stopped',
  SESSION_PAUSE: 'Session Paused',
  SESSION_RESUME: 'Session Resumed',
  USER_SIGN_IN: 'Signed In',
  USER_SIGN_UP: 'Signed Up',
  USER_AUTH_FAIL: 'Sign In Failed',
  PURCHASE: 'Product Purchased',
  CUSTOM: ({ sourceType }) => sourceType,
};

const sent = (status: string | undefined): boolean => status === undefined || status === 'SUCCESS';

export function nameOf(event: EngagementEvent): string {
  const name = NAMES[event.type];
  return typeof name === 'string' ? name : name(event);
}
