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
  /** Endpoints that invocations named: those with an offer and those without. */
  ENDPOINTS_RECEIVED: 'EndpointsReceived',
  /** Offers that were given: they are on the queue, and in the reply. */
  OFFERS_ASSIGNED: 'OffersAssigned',
  /** Endpoints that got none: each is in a dead letter of the channel. */
  ENDPOINTS_REFUSED: 'EndpointsRefused',
  /** Invocations in which no endpoints can be told apart: each is one dead letter. */
  INVOCATIONS_REFUSED: 'InvocationsRefused',
  /** Offers whose invocation does not say of which run of a journey or campaign it is: a later run gives the same id. */
  OFFERS_WITHOUT_RUN: 'OffersWithoutRun',
  /** Invocations whose Data is text that nothing is made of. */
  DATA_IGNORED: 'DataIgnored',
  /** Milliseconds that were left of the caller's time when the answer was ready. */
  TIME_LEFT: 'TimeLeft',
  /** Milliseconds from the assignment to its delivery; the oldest of a batch. */
  DELIVERY_LAG: 'DeliveryLag',
  /** Milliseconds that the oldest message of a batch has been waiting which is to be tried again. */
  RETRIED_AGE: 'RetriedAge',
  /** Messages whose next attempt comes at the queue's own time, as it could not be set. */
  POSTPONEMENTS_FAILED: 'PostponementsFailed',
  /** Batches of which the CDP refused some or all for the credentials, the address or a permission: no offer gets there. */
  DELIVERIES_REFUSED: 'DeliveriesRefused',
} as const;
