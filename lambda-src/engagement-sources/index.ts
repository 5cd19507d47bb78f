import type { EngagementSourceConfig, EngagementSourceKind } from '../../src/contract/engagement-source';
import type { EngagementType } from '../../src/contract/engagement-stream-to-cdp';
import type { EngagementEvent } from '../engagement';
import type { Outcome } from '../model';
import { createCustomerProfilesSource } from './customer-profiles';
import { createPinpointSource } from './pinpoint';
import { createSesSource } from './ses';
import { createSmsSource } from './sms';
import type { Arrival } from '../runtime/stream-batch';

/** What a source reports beside outcomes. */
export interface SourceMeter {
  count(metric: 'Requests' | 'RequestsThrottled' | 'RequestsFailed', value: number): void;
}

export interface CompleteOptions {
  /** Milliseconds since 1970 by which the answer must be there. */
  readonly deadline: number;
  readonly meter: SourceMeter;
}

/** One of several events that one message tells of. */
export interface OneOfSeveral {
  readonly event: EngagementEvent;
  /** The message as it would be if it told of this event alone; read again, it gives the same event. */
  alone(): unknown;
}

/** A service's way of telling what happened. */
export interface EngagementSourceAdapter {
  /**
   * One message as an event, or as one for each of its recipients, or the reason for which it is dropped. Pure: the same message gives
   * the same events. Throws a Rejection when it can't be understood. Without `wanted` every type is. `text` is the message as it was
   * written, where it stands alone.
   */
  read(
    body: Readonly<Record<string, unknown>>, arrival: Arrival, wanted?: ReadonlySet<EngagementType>, text?: string,
  ): EngagementEvent | readonly OneOfSeveral[] | string;
  /** Asks the service for what the events themselves don't tell. An event without an answer in time is to be retried. */
  complete?(events: readonly EngagementEvent[], options: CompleteOptions): Promise<readonly (EngagementEvent | Outcome)[]>;
}

const ADAPTERS: { readonly [K in EngagementSourceKind]: (config: Extract<EngagementSourceConfig, { kind: K }>) => EngagementSourceAdapter } = {
  customerProfiles: createCustomerProfilesSource,
  pinpoint: createPinpointSource,
  ses: createSesSource,
  sms: createSmsSource,
};

export function createEngagementSource(config: EngagementSourceConfig): EngagementSourceAdapter {
  return (ADAPTERS[config.kind] as (config: EngagementSourceConfig) => EngagementSourceAdapter)(config);
}
