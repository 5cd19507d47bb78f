import type { EngagementType } from '../src/contract/engagement-stream-to-cdp';

/** One thing that happened to a message or in an application, whatever service says it. Left out: not known. */
export interface EngagementEvent {
  /** The same at every delivery of the same event, so that a CDP that removes duplicates sees it once. */
  readonly id: string;
  readonly type: EngagementType;
  /** The service's own name of the event, such as `_email.hardbounce`. */
  readonly sourceType: string;
  /** When it happened, ISO 8601: for opens and clicks the arrival, as the service dates them by the sending of the message. */
  readonly at: string;
  readonly userId?: string;
  /** The endpoint or the profile; names the user when nothing else does. */
  readonly endpointId?: string;
  readonly channel?: string;
  /** E-mail address or telephone number. */
  readonly address?: string;
  readonly messageId?: string;
  readonly subject?: string;
  readonly campaign?: { readonly id?: string; readonly activityId?: string; readonly treatmentId?: string };
  readonly journey?: { readonly id?: string; readonly runId?: string; readonly activityId?: string };
  /** Result of a send or of an SMS, in the service's words. */
  readonly status?: string;
  readonly link?: string;
  readonly bounce?: { readonly type?: string; readonly subType?: string; readonly diagnostic?: string };
  readonly complaint?: { readonly type?: string };
  readonly userAgent?: string;
  readonly ip?: string;
  /** The application's own attributes and metrics, and what the service adds that has no field here. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly metrics: Readonly<Record<string, number>>;
}
