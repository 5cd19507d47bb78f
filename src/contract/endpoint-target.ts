import { flag, list, object, oneOf, Parser, positive, text, union } from './parse';

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

/** Requests per second that one concurrent invocation may make of each operation: its share of the account's quota. */
export interface CustomerProfilesRates {
  readonly putProfileObject: number;
  readonly searchProfiles: number;
  readonly deleteProfile: number;
}

export interface CustomerProfilesEndpointTargetConfig {
  readonly kind: 'customerProfiles';
  readonly domainName: string;
  readonly userObjectType: string;
  readonly eventObjectType: string;
  /** Attributes that the object type of the users has a field for; others have no place in a profile. */
  readonly attributes: readonly string[];
  /** Metrics that it has a field for. */
  readonly metrics: readonly string[];
  readonly requestsPerSecond: CustomerProfilesRates;
}

/** One service. */
export type ServiceEndpointTargetConfig = PinpointEndpointTargetConfig | CustomerProfilesEndpointTargetConfig;

/** Several services: the first one decides, the others follow. */
export interface AllEndpointTargetsConfig {
  readonly kind: 'all';
  readonly targets: readonly ServiceEndpointTargetConfig[];
}

/** Where profiles, preferences and events go. */
export type EndpointTargetConfig = ServiceEndpointTargetConfig | AllEndpointTargetsConfig;
export type EndpointTargetKind = EndpointTargetConfig['kind'];
export type ServiceEndpointTargetKind = ServiceEndpointTargetConfig['kind'];

const SERVICES: { readonly [K in ServiceEndpointTargetKind]: Parser<Extract<ServiceEndpointTargetConfig, { kind: K }>> } = {
  pinpoint: object<PinpointEndpointTargetConfig>({
    kind: oneOf(['pinpoint']),
    applicationId: text,
    endpointWrites: oneOf(['batch', 'events']),
    lookUpEndpoints: flag,
    requestsPerSecond: object<PinpointRates>({ updateEndpointsBatch: positive, putEvents: positive, userEndpoints: positive }),
  }),
  customerProfiles: object<CustomerProfilesEndpointTargetConfig>({
    kind: oneOf(['customerProfiles']),
    domainName: text,
    userObjectType: text,
    eventObjectType: text,
    attributes: list(text),
    metrics: list(text),
    requestsPerSecond: object<CustomerProfilesRates>({ putProfileObject: positive, searchProfiles: positive, deleteProfile: positive }),
  }),
};

const parseService: Parser<ServiceEndpointTargetConfig> = union('kind', SERVICES);

export const parseEndpointTarget: Parser<EndpointTargetConfig> = union('kind', {
  ...SERVICES,
  all: object<AllEndpointTargetsConfig>({ kind: oneOf(['all']), targets: list(parseService) }),
});
