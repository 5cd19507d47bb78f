import { CdpDestinationConfig, parseCdpDestination } from './cdp-destination';
import { DeadLettersConfig, parseDeadLetters } from './dead-letters';
import { EngagementSourceConfig, parseEngagementSource } from './engagement-source';
import { CONTRACT_VERSION } from './env';
import { DeliveryMetric, StreamMetric } from './metrics';
import { list, object, oneOf, optional, Parser, text } from './parse';

/** What happened, whatever service says it. The names are ours; `CUSTOM` stands for the application's own events. */
export const ENGAGEMENT_EVENT_TYPES = [
  'EMAIL_SEND', 'EMAIL_DELIVERED', 'EMAIL_HARD_BOUNCE', 'EMAIL_SOFT_BOUNCE', 'EMAIL_COMPLAINT', 'EMAIL_OPEN', 'EMAIL_CLICK', 'EMAIL_REJECTED',
  'EMAIL_UNSUBSCRIBE', 'EMAIL_RENDERING_FAILURE', 'EMAIL_DELIVERY_DELAY',
  'SMS_BUFFERED', 'SMS_SUCCESS', 'SMS_FAILURE', 'SMS_OPT_OUT', 'CAMPAIGN_SEND',
  'CAMPAIGN_OPENED_NOTIFICATION', 'CAMPAIGN_RECEIVED_FOREGROUND', 'CAMPAIGN_RECEIVED_BACKGROUND', 'JOURNEY_SEND', 'SESSION_START', 'SESSION_STOP',
  'SESSION_PAUSE', 'SESSION_RESUME', 'USER_SIGN_IN', 'USER_SIGN_UP', 'USER_AUTH_FAIL', 'PURCHASE', 'CUSTOM',
] as const;
export type EngagementType = typeof ENGAGEMENT_EVENT_TYPES[number];

/** What EngagementStreamToCdp hands its handler. */
export interface EngagementStreamToCdpConfig {
  readonly version: typeof CONTRACT_VERSION;
  readonly instance: string;
  readonly source: EngagementSourceConfig;
  readonly destination: CdpDestinationConfig;
  /** The types that are handed on; left out, all of them. */
  readonly events?: readonly EngagementType[];
  readonly deadLetters: DeadLettersConfig;
}

export const parseEngagementStreamToCdp: Parser<EngagementStreamToCdpConfig> = object<EngagementStreamToCdpConfig>({
  version: oneOf([CONTRACT_VERSION]),
  instance: text,
  source: parseEngagementSource,
  destination: parseCdpDestination,
  events: optional(list(oneOf(ENGAGEMENT_EVENT_TYPES))),
  deadLetters: parseDeadLetters,
});

/** Metrics of EngagementStreamToCdp, written by the handler and read by the construct's `metricX()`. */
export const EngagementStreamMetric = { ...StreamMetric, ...DeliveryMetric } as const;
