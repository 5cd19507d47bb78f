import { createAllTargets } from './all';
import type { EndpointTargetConfig, ServiceEndpointTargetConfig, ServiceEndpointTargetKind } from '../../src/contract/endpoint-target';
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
  countReason(metric: 'ChangesMissed', reason: string, value: number): void;
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

type Create<K extends ServiceEndpointTargetKind> =
  (config: Extract<ServiceEndpointTargetConfig, { kind: K }>, options: EndpointTargetOptions) => EndpointTargetAdapter;

/** Imported lazily: a function that writes to one service does not load the client of another. */
const ADAPTERS: { readonly [K in ServiceEndpointTargetKind]: () => Promise<Create<K>> } = {
  pinpoint: async () => (await import('./pinpoint/index.js')).createPinpointTarget,
  customerProfiles: async () => (await import('./customer-profiles/index.js')).createCustomerProfilesTarget,
};

export async function createEndpointTarget(config: EndpointTargetConfig, options: EndpointTargetOptions): Promise<EndpointTargetAdapter> {
  if (config.kind !== 'all') return createService(config, options);
  const [leading, ...following] = await Promise.all(config.targets.map((target) => createService(target, options)));
  return createAllTargets(leading, following);
}

async function createService(config: ServiceEndpointTargetConfig, options: EndpointTargetOptions): Promise<EndpointTargetAdapter> {
  const create = await ADAPTERS[config.kind]() as (c: ServiceEndpointTargetConfig, o: EndpointTargetOptions) => EndpointTargetAdapter;
  return create(config, options);
}
