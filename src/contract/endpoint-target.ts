import { flag, object, oneOf, Parser, positive, text, union } from './parse';

/** Requests per second that one concurrent invocation may make of each operation: its share of the account's quota. */
export interface PinpointRates {
  readonly updateEndpointsBatch: number;
  readonly putEvents: number;
  readonly userEndpoints: number;
}

export interface PinpointEndpointTargetConfig {
  readonly kind: 'pinpoint';
  readonly applicationId: string;
  /** The lane that endpoint changes take. */
  readonly endpointWrites: 'batch' | 'events';
  /** Whether GetUserEndpoints is asked for what a message leaves out. */
  readonly lookUpEndpoints: boolean;
  readonly requestsPerSecond: PinpointRates;
}

/** Where profiles, preferences and events go. */
export type EndpointTargetConfig = PinpointEndpointTargetConfig;
export type EndpointTargetKind = EndpointTargetConfig['kind'];

export const parseEndpointTarget: Parser<EndpointTargetConfig> = union('kind', {
  pinpoint: object<PinpointEndpointTargetConfig>({
    kind: oneOf(['pinpoint']),
    applicationId: text,
    endpointWrites: oneOf(['batch', 'events']),
    lookUpEndpoints: flag,
    requestsPerSecond: object<PinpointRates>({ updateEndpointsBatch: positive, putEvents: positive, userEndpoints: positive }),
  }),
});
