import { createPinpointTarget } from './pinpoint';
import type { EndpointTargetConfig, EndpointTargetKind } from '../../src/contract/endpoint-target';
import type { Channel } from '../../src/contract/trait-mapping';
import type { EndpointIds } from '../mapping/endpoint-id';
import type { Change, Outcome } from '../model';

/** One change, and the message it comes from. Several changes may come from one message. */
export interface Sourced<T extends Change = Change> {
  readonly change: T;
  readonly message: number;
}

/** What a target reports beside outcomes. */
export interface TargetMeter {
  count(metric: TargetMetric, value: number): void;
}
export type TargetMetric = 'EndpointsAccepted' | 'EndpointsCoalesced' | 'EventsAccepted' | 'Requests' | 'RequestsThrottled';

export interface ApplyOptions {
  /** Milliseconds since 1970 by which the outcomes must be there; what is not done by then is to be retried. */
  readonly deadline: number;
  readonly cut: (message: number, reason: string) => void;
  readonly meter: TargetMeter;
}

/** Applies changes in the order of the stream and says for each what became of it. Throws only a DeploymentError. */
export interface EndpointTargetAdapter {
  apply(changes: readonly Sourced[], options: ApplyOptions): Promise<Outcome[]>;
}

export interface EndpointTargetOptions {
  readonly ids: EndpointIds;
  readonly eventChannels: readonly Channel[];
}

const ADAPTERS: {
  readonly [K in EndpointTargetKind]: (config: Extract<EndpointTargetConfig, { kind: K }>, options: EndpointTargetOptions) => EndpointTargetAdapter;
} = {
  pinpoint: createPinpointTarget,
};

export function createEndpointTarget(config: EndpointTargetConfig, options: EndpointTargetOptions): EndpointTargetAdapter {
  return ADAPTERS[config.kind](config, options);
}
