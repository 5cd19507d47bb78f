import type { OfferCallerConfig, OfferCallerKind } from '../../src/contract/offer-caller';
import type { EngagementEvent } from '../engagement';
import { createConnectJourneyCaller } from './connect-journey';
import { createPinpointCaller } from './pinpoint';

/** Who is given an offer. */
export interface Recipient {
  readonly endpointId: string;
  readonly userId?: string;
  readonly channel?: string;
  readonly address?: string;
  /** Tells this time from others that the same step of the same run is for the same recipient; the same when it is tried again. */
  readonly occasion?: string;
}

/** One invocation of the channel, in no service's words. */
export interface OfferInvocation {
  readonly applicationId?: string;
  readonly campaign?: EngagementEvent['campaign'];
  readonly journey?: EngagementEvent['journey'];
  /** What the marketer wrote beside the channel, as it came. */
  readonly data: unknown;
  readonly recipients: readonly Invited[];
}

/** A recipient before it is checked: one that is malformed must not cost the others their offer. */
export interface Invited {
  readonly endpointId: string;
  /** Throws a Rejection when it is malformed. */
  read(): Recipient;
}

/** A service's way of invoking a channel. */
export interface OfferCallerAdapter {
  /** How long it waits for the answer. */
  readonly budgetMillis: number;
  /** Throws a Rejection when that is no invocation of this caller. */
  read(raw: unknown): OfferInvocation;
  /** Ids of those whom a payload names, also one that `read` refuses; none when it names nobody. */
  named(raw: unknown): readonly string[];
  /** The payload as it would be for some of those that it names: what a dead letter keeps. */
  only(raw: unknown): (endpointIds: readonly string[]) => unknown;
  /** The answer to a payload, from what is to be told of each recipient, and from the codes of why others have no offer. */
  reply(raw: unknown, told: ReadonlyMap<string, Readonly<Record<string, string>>>, refused: ReadonlyMap<string, string>): unknown;
}

const ADAPTERS: { readonly [K in OfferCallerKind]: (config: Extract<OfferCallerConfig, { kind: K }>) => OfferCallerAdapter } = {
  'pinpoint': createPinpointCaller,
  'connect-journey': createConnectJourneyCaller,
};

export function createOfferCaller(config: OfferCallerConfig): OfferCallerAdapter {
  return (ADAPTERS[config.kind] as (config: OfferCallerConfig) => OfferCallerAdapter)(config);
}
