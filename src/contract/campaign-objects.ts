import type { EngagementType } from './engagement-stream-to-cdp';
import { SES_EVENT_TYPES } from './ses-events';
import { SMS_EVENT_TYPES } from './sms-events';

/** Objects that outbound campaigns of Amazon Connect write to a domain, under these names unless others were chosen when it was integrated.
 * @see https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_CustomerProfilesIntegrationSummary.html */
export const CAMPAIGN_OBJECT_TYPES: readonly string[] = [
  'Campaign-Email', 'Campaign-SMS', 'Campaign-Telephony', 'Campaign-Orchestration', 'Campaign-WhatsApp', 'Campaign-WebNotification',
];

/** What can become of a campaign's message: for e-mail what Amazon SES tells, for text messages what End User Messaging does, and all else. */
export const CAMPAIGN_EVENT_TYPES: ReadonlySet<EngagementType> = new Set([
  ...Object.keys(SES_EVENT_TYPES) as EngagementType[], ...SMS_EVENT_TYPES.values(), 'CUSTOM',
]);

/** Changes of an object that tell something new. A profile that was merged has no new events.
 * @see https://docs.aws.amazon.com/connect/latest/adminguide/set-up-real-time-export.html */
export const TELLING_CHANGES: readonly string[] = ['CREATED', 'UPDATED'];
