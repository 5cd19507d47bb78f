import { CdpDestinationConfig, parseCdpDestination } from './cdp-destination';
import { DeadLettersConfig, parseDeadLetters } from './dead-letters';
import { CONTRACT_VERSION } from './env';
import { DeliveryMetric } from './metrics';
import { OfferRulesConfig, parseOfferRules } from './offer';
import { OfferCallerConfig, parseOfferCaller } from './offer-caller';
import { object, oneOf, Parser, positive, text } from './parse';

/** What OfferCustomChannel hands the function that campaigns and journeys invoke. */
export interface OfferCustomChannelConfig {
  readonly version: typeof CONTRACT_VERSION;
  readonly instance: string;
  readonly caller: OfferCallerConfig;
  readonly rules: OfferRulesConfig;
  /** The queue of assignments on their way to the CDP. */
  readonly queueUrl: string;
  readonly deadLetters: DeadLettersConfig;
}

/** What it hands the function behind the queue. */
export interface OfferDeliveryConfig extends OfferCustomChannelConfig {
  readonly destination: CdpDestinationConfig;
  /** Seconds after which an assignment that the CDP does not take is given up. */
  readonly maxDeliverySeconds: number;
}

const COMMON = {
  version: oneOf([CONTRACT_VERSION]),
  instance: text,
  caller: parseOfferCaller,
  rules: parseOfferRules,
  queueUrl: text,
  deadLetters: parseDeadLetters,
};

export const parseOfferCustomChannel: Parser<OfferCustomChannelConfig> = object<OfferCustomChannelConfig>(COMMON);
export const parseOfferDelivery: Parser<OfferDeliveryConfig> = object<OfferDeliveryConfig>({
  ...COMMON, destination: parseCdpDestination, maxDeliverySeconds: positive,
});

/** Metrics of OfferCustomChannel, written by its functions and read by the construct's `metricX()`. */
export const OfferMetric = {
  ...DeliveryMetric,
  /** Endpoints that invocations named. */
  ENDPOINTS_RECEIVED: 'EndpointsReceived',
  /** Offers that were given: they are on the queue, and in the reply. */
  OFFERS_ASSIGNED: 'OffersAssigned',
  /** Invocations whose Data is text that nothing is made of. */
  DATA_IGNORED: 'DataIgnored',
  /** Milliseconds that were left of the caller's time when the answer was ready. */
  TIME_LEFT: 'TimeLeft',
  /** Milliseconds from the assignment to its delivery; the oldest of a batch. */
  DELIVERY_LAG: 'DeliveryLag',
} as const;
