import type { DestinationAdapter } from './destination';
import { eventBusDestination } from './event-bus';
import { functionDestination } from './function';
import { httpDestination } from './http';
import { mParticleDestination } from './mparticle';
import { rudderStackDestination } from './rudderstack';
import { segmentDestination } from './segment';
import { streamDestination } from './stream';
import { tealiumDestination } from './tealium';
import type { CdpDestinationConfig, CdpDestinationKind } from '../../src/contract/cdp-destination';
import type { Secrets } from '../runtime/secrets';
import type { SendHttp } from '../transports/http';

export interface DestinationDeps {
  readonly secrets: Secrets;
  readonly send: SendHttp;
}

const ADAPTERS: {
  readonly [K in CdpDestinationKind]: (config: Extract<CdpDestinationConfig, { kind: K }>, deps: DestinationDeps) => DestinationAdapter;
} = {
  segment: segmentDestination,
  rudderstack: rudderStackDestination,
  mparticle: mParticleDestination,
  tealium: tealiumDestination,
  http: httpDestination,
  eventBus: (config) => eventBusDestination(config),
  stream: (config) => streamDestination(config),
  function: (config) => functionDestination(config),
};

export function createDestination(config: CdpDestinationConfig, deps: DestinationDeps): DestinationAdapter {
  return (ADAPTERS[config.kind] as (c: CdpDestinationConfig, d: DestinationDeps) => DestinationAdapter)(config, deps);
}
