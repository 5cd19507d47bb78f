import { Duration } from 'aws-cdk-lib';

/** An offer that users are given. */
export interface Offer {
  /** How the CDP and whoever honours the offer know it, such as `20_OFF`: 1 to 128 characters. */
  readonly offerId: string;

  /**
   * What people call it: at most 1,024 characters, of which the reply to a journey holds 128.
   *
   * @default - none
   */
  readonly name?: string;

  /**
   * What it is worth, in the words of whoever honours it, such as `20 %`: at most 1,024 characters.
   *
   * @default - none
   */
  readonly discount?: string;

  /**
   * Whatever else the CDP is to be told: names of letters, digits and underscores, at most 50 characters and none that the
   * construct uses itself (`id`, `name`, `discount`, `valid_from`, `valid_until`, `assignment_id`); values of 1 to 1,024 characters.
   *
   * @default - nothing
   */
  readonly attributes?: { [name: string]: string };

  /**
   * From when on it may be used.
   *
   * @default - from its assignment on
   */
  readonly validFrom?: Date;

  /**
   * Until when it may be used. After that it is given to nobody any more: whoever would get it becomes a dead letter.
   *
   * @default - `validFor` tells, or it does not expire
   */
  readonly validUntil?: Date;

  /**
   * How long it may be used after it was given.
   *
   * @default - `validUntil` tells, or it does not expire
   */
  readonly validFor?: Duration;
}

/** What becomes of an endpoint that belongs to no user. */
export enum OfferWithoutUserId {
  /** It gets the offer, and the CDP hears of the endpoint's id as an anonymous id. */
  ANONYMOUS_ID = 'anonymousId',
  /** It gets none, and is kept as a dead letter. */
  DEAD_LETTER = 'deadLetter',
}
