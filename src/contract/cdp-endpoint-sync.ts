import { CdpFormatConfig, parseCdpFormat } from './cdp-format';
import { DeadLettersConfig, parseDeadLetters } from './dead-letters';
import { EndpointTargetConfig, parseEndpointTarget } from './endpoint-target';
import { CONTRACT_VERSION } from './env';
import { StreamMetric } from './metrics';
import { object, oneOf, Parser, text } from './parse';
import { parseTraitMapping, TraitMappingConfig } from './trait-mapping';

/** What CdpEndpointSync hands its handler. */
export interface CdpEndpointSyncConfig {
  readonly version: typeof CONTRACT_VERSION;
  /** Value of the metrics' dimension and of the logs' service: tells two instances apart. */
  readonly instance: string;
  readonly format: CdpFormatConfig;
  readonly mapping: TraitMappingConfig;
  readonly target: EndpointTargetConfig;
  readonly deadLetters: DeadLettersConfig;
}

export const parseCdpEndpointSync: Parser<CdpEndpointSyncConfig> = object<CdpEndpointSyncConfig>({
  version: oneOf([CONTRACT_VERSION]),
  instance: text,
  format: parseCdpFormat,
  mapping: parseTraitMapping,
  target: parseEndpointTarget,
  deadLetters: parseDeadLetters,
});

/** Metrics of CdpEndpointSync, written by the handler and read by the construct's `metricX()`. */
export const EndpointSyncMetric = {
  ...StreamMetric,
  /** Values, names or addresses that were left out to stay within a limit; also with the dimension Reason. */
  VALUES_CUT: 'ValuesCut',
  ENDPOINTS_ACCEPTED: 'EndpointsAccepted',
  /** Endpoint changes that were merged into a later one of the same batch. */
  ENDPOINTS_COALESCED: 'EndpointsCoalesced',
  EVENTS_ACCEPTED: 'EventsAccepted',
  /** Changes that a target which only follows did not take; also with the dimension Reason. */
  CHANGES_MISSED: 'ChangesMissed',
  REQUESTS: 'Requests',
  REQUESTS_THROTTLED: 'RequestsThrottled',
} as const;
