import { Duration } from 'aws-cdk-lib';
import { CdpDestination } from './cdp-destination';
import { DeadLetterOptions } from './dead-letter-options';
import { Offer, OfferWithoutUserId } from './offer';
import { OfferCaller } from './offer-caller';

/** Which offer an OfferCustomChannel gives, at whose word, and who hears of it. */
export interface OfferCustomChannelProps extends DeadLetterOptions {
  /** Who decides that a user is given the offer. */
  readonly caller: OfferCaller;

  /** The offer. */
  readonly offer: Offer;

  /** The CDP, and how it is reached. */
  readonly destination: CdpDestination;

  /**
   * What the marketer may set in the channel's `Data` field: `offerId`, `name`, `discount`, `validFrom`, `validUntil`, and
   * attributes by their names. `Data` is a JSON object of them; where the list holds `data`, plain text becomes the
   * attribute `data`. A name that is not listed costs the invocation its offers: they become dead letters.
   *
   * @default - nothing; plain text is ignored and counted
   */
  readonly dataFields?: string[];

  /**
   * What becomes of an endpoint that belongs to no user.
   *
   * @default OfferWithoutUserId.ANONYMOUS_ID
   */
  readonly withoutUserId?: OfferWithoutUserId;

  /**
   * What the event is called that the CDP receives.
   *
   * @default 'Offer Assigned'
   */
  readonly eventName?: string;

  /**
   * How long it is tried to tell the CDP of an offer before it is kept as a dead letter: whole seconds, from 60 seconds to
   * 5 days. It must be known at synthesis.
   *
   * @default Duration.days(3)
   */
  readonly maxDeliveryAge?: Duration;
}
