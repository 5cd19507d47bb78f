import type { EngagementType } from './engagement-stream-to-cdp';

/** What Amazon Pinpoint calls each type of event; every other name is one of the application's own. It never tells of delays.
 * @see https://docs.aws.amazon.com/pinpoint/latest/developerguide/event-streams-data.html */
export const PINPOINT_EVENT_TYPES: { readonly [K in Exclude<EngagementType, 'CUSTOM' | 'EMAIL_DELIVERY_DELAY'>]: string } = {
  EMAIL_SEND: '_email.send',
  EMAIL_DELIVERED: '_email.delivered',
  EMAIL_HARD_BOUNCE: '_email.hardbounce',
  EMAIL_SOFT_BOUNCE: '_email.softbounce',
  EMAIL_COMPLAINT: '_email.complaint',
  EMAIL_OPEN: '_email.open',
  EMAIL_CLICK: '_email.click',
  EMAIL_REJECTED: '_email.rejected',
  EMAIL_UNSUBSCRIBE: '_email.unsubscribe',
  EMAIL_RENDERING_FAILURE: '_email.rendering_failure',
  SMS_BUFFERED: '_SMS.BUFFERED',
  SMS_SUCCESS: '_SMS.SUCCESS',
  SMS_FAILURE: '_SMS.FAILURE',
  SMS_OPT_OUT: '_SMS.OPTOUT',
  CAMPAIGN_SEND: '_campaign.send',
  CAMPAIGN_OPENED_NOTIFICATION: '_campaign.opened_notification',
  CAMPAIGN_RECEIVED_FOREGROUND: '_campaign.received_foreground',
  CAMPAIGN_RECEIVED_BACKGROUND: '_campaign.received_background',
  JOURNEY_SEND: '_journey.send',
  SESSION_START: '_session.start',
  SESSION_STOP: '_session.stop',
  SESSION_PAUSE: '_session.pause',
  SESSION_RESUME: '_session.resume',
  USER_SIGN_IN: '_userauth.sign_in',
  USER_SIGN_UP: '_userauth.sign_up',
  USER_AUTH_FAIL: '_userauth.auth_fail',
  PURCHASE: '_monetization.purchase',
};

/** Written once when an event stream is set up; it says nothing about anybody. */
export const PINPOINT_TEST_EVENT_TYPE = '_test.event_stream';
