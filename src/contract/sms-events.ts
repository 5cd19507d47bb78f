import type { EngagementType } from './engagement-stream-to-cdp';

type SmsType = Extract<EngagementType, 'SMS_BUFFERED' | 'SMS_SUCCESS' | 'SMS_FAILURE'>;

/** What becomes of a message, in the service's words. UNKNOWN is said when the carrier has told nothing within 72 hours.
 * @see https://docs.aws.amazon.com/sms-voice/latest/userguide/configuration-sets-event-destinations.html */
const STATUSES: { readonly [K in SmsType]: readonly string[] } = {
  SMS_BUFFERED: ['PENDING', 'QUEUED', 'SENT'],
  SMS_SUCCESS: ['SUCCESSFUL', 'DELIVERED'],
  SMS_FAILURE: [
    'INVALID', 'INVALID_MESSAGE', 'UNREACHABLE', 'CARRIER_UNREACHABLE', 'BLOCKED', 'CARRIER_BLOCKED', 'SPAM', 'UNKNOWN', 'TTL_EXPIRED',
    'PROTECT_BLOCKED', 'FILE_INACCESSIBLE', 'FILE_SIZE_EXCEEDED', 'FILE_TYPE_UNSUPPORTED',
  ],
};

/**
 * Our types by the names of the events: text messages (SMS) and media messages (MMS). Every other name, such as those of voice and RCS
 * messages, is CUSTOM.
 * @see https://docs.aws.amazon.com/pinpoint/latest/apireference_smsvoicev2/API_EventDestination.html
 */
export const SMS_EVENT_TYPES: ReadonlyMap<string, SmsType> = new Map(
  (Object.entries(STATUSES) as [SmsType, readonly string[]][]).flatMap(([type, statuses]) =>
    statuses.flatMap((status) => [[`TEXT_${status}`, type], [`MEDIA_${status}`, type]] as const)),
);
