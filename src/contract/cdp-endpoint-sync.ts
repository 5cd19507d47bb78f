import { CdpFormatConfig, parseCdpFormat } from './cdp-format';
import { DeadLettersConfig, parseDeadLetters } from './dead-letters';
import { EndpointTargetConfig, parseEndpointTarget } from './endpoint-target';
import { CONTRACT_VERSION } from './env';
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
  /** Records that left the stream: done, dropped or dead-lettered. */
  RECORDS: 'Records',
  MESSAGES_RECEIVED: 'MessagesReceived',
  MESSAGES_ACCEPTED: 'MessagesAccepted',
  /** Also with the dimension Reason. */
  MESSAGES_DROPPED: 'MessagesDropped',
  /** Also with the dimension Reason. */
  MESSAGES_DEAD_LETTERED: 'MessagesDeadLettered',
  /** Values, names or addresses that were left out to stay within a limit; also with the dimension Reason. */
  VALUES_CUT: 'ValuesCut',
  ENDPOINTS_ACCEPTED: 'EndpointsAccepted',
  /** Endpoint changes that were merged into a later one of the same batch. */
  ENDPOINTS_COALESCED: 'EndpointsCoalesced',
  EVENTS_ACCEPTED: 'EventsAccepted',
  REQUESTS: 'Requests',
  REQUESTS_THROTTLED: 'RequestsThrottled',
  /** Milliseconds from a record's arrival on the stream to its outcome; the oldest record of a batch. */
  LAG: 'Lag',
} as const;
