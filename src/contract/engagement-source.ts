import { flag, list, object, oneOf, optional, Parser, positive, text, union } from './parse';

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

/** Events of an Amazon SES configuration set, as EventBridge delivers them. */
export interface SesEngagementSourceConfig {
  readonly kind: 'ses';
  /** The message tag that names the user. */
  readonly userIdTag: string;
}

/** Events of a configuration set of AWS End User Messaging SMS. */
export interface SmsEngagementSourceConfig {
  readonly kind: 'sms';
  /** The key of a message's context that names the user. */
  readonly userIdContextKey: string;
}

/** The event stream of a domain of Amazon Connect Customer Profiles. */
export interface CustomerProfilesEngagementSourceConfig {
  readonly kind: 'customerProfiles';
  readonly domainName: string;
  /** The types of the objects that campaigns write; no other is read. */
  readonly objectTypeNames: readonly string[];
  /** This invocation's share of the BatchGetProfile quota. */
  readonly batchGetProfilePerSecond: number;
}

/** Where engagement events come from. */
export type EngagementSourceConfig =
  | PinpointEngagementSourceConfig | SesEngagementSourceConfig | SmsEngagementSourceConfig | CustomerProfilesEngagementSourceConfig;
export type EngagementSourceKind = EngagementSourceConfig['kind'];

export const parseEngagementSource: Parser<EngagementSourceConfig> = union('kind', {
  pinpoint: object<PinpointEngagementSourceConfig>({
    kind: oneOf(['pinpoint']), applicationId: text, endpointId: optional(text), lookUpEndpoints: flag, getEndpointPerSecond: positive,
  }),
  ses: object<SesEngagementSourceConfig>({ kind: oneOf(['ses']), userIdTag: text }),
  sms: object<SmsEngagementSourceConfig>({ kind: oneOf(['sms']), userIdContextKey: text }),
  customerProfiles: object<CustomerProfilesEngagementSourceConfig>({
    kind: oneOf(['customerProfiles']), domainName: text, objectTypeNames: list(text), batchGetProfilePerSecond: positive,
  }),
});
