import { flag, object, oneOf, optional, Parser, positive, text, union } from './parse';

/** Amazon Pinpoint's event stream. */
export interface PinpointEngagementSourceConfig {
  readonly kind: 'pinpoint';
  readonly applicationId: string;
  /** Template of CdpEndpointSync's endpoint ids, read in reverse to find the user of an event. */
  readonly endpointId?: string;
  /** Whether GetEndpoint is asked for a user that neither the event nor the endpoint id names. */
  readonly lookUpEndpoints: boolean;
  /** This invocation's share of the GetEndpoint quota. */
  readonly getEndpointPerSecond: number;
}

/** Where engagement events come from. */
export type EngagementSourceConfig = PinpointEngagementSourceConfig;
export type EngagementSourceKind = EngagementSourceConfig['kind'];

export const parseEngagementSource: Parser<EngagementSourceConfig> = union('kind', {
  pinpoint: object<PinpointEngagementSourceConfig>({
    kind: oneOf(['pinpoint']), applicationId: text, endpointId: optional(text), lookUpEndpoints: flag, getEndpointPerSecond: positive,
  }),
});
