import { object, oneOf, optional, Parser, positive, record, text, union } from './parse';

/** A secret, by its ARN only; `field` picks a key when the secret is a JSON object. */
export interface SecretConfig {
  readonly secretArn: string;
  readonly field?: string;
}

/** Segment's tracking API, and what is compatible with it. */
export interface SegmentDestinationConfig {
  readonly kind: 'segment';
  readonly url: string;
  readonly writeKey: SecretConfig;
}

export interface RudderStackDestinationConfig {
  readonly kind: 'rudderstack';
  /** Address of the data plane. */
  readonly url: string;
  readonly writeKey: SecretConfig;
}

export interface MParticleDestinationConfig {
  readonly kind: 'mparticle';
  readonly url: string;
  /** A JSON secret with the fields `key` and `secret`. */
  readonly credentials: SecretConfig;
  readonly environment: 'production' | 'development';
}

export interface TealiumDestinationConfig {
  readonly kind: 'tealium';
  readonly url: string;
  readonly account: string;
  readonly profile: string;
  readonly dataSource?: string;
  /** Bearer token of the authenticated endpoint; left out for the public one. */
  readonly token?: SecretConfig;
}

/** Any webhook. */
export interface HttpDestinationConfig {
  readonly kind: 'http';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent whole as the value of a header, `authorization` unless named. */
  readonly secretHeader?: { readonly name: string; readonly secret: SecretConfig };
  /** Key of the HMAC-SHA256 signature. */
  readonly signingSecret?: SecretConfig;
  readonly maxBatchSize: number;
}

export interface EventBusDestinationConfig {
  readonly kind: 'eventBus';
  readonly eventBusName: string;
}

export interface StreamDestinationConfig {
  readonly kind: 'stream';
  readonly streamArn: string;
}

export interface FunctionDestinationConfig {
  readonly kind: 'function';
  readonly functionArn: string;
  readonly maxBatchSize: number;
}

/** How and in which vocabulary events reach the CDP. */
export type CdpDestinationConfig =
  | SegmentDestinationConfig | RudderStackDestinationConfig | MParticleDestinationConfig | TealiumDestinationConfig
  | HttpDestinationConfig | EventBusDestinationConfig | StreamDestinationConfig | FunctionDestinationConfig;
export type CdpDestinationKind = CdpDestinationConfig['kind'];

export const parseSecret: Parser<SecretConfig> = object<SecretConfig>({ secretArn: text, field: optional(text) });
const secret = parseSecret;

export const parseCdpDestination: Parser<CdpDestinationConfig> = union('kind', {
  segment: object<SegmentDestinationConfig>({ kind: oneOf(['segment']), url: text, writeKey: secret }),
  rudderstack: object<RudderStackDestinationConfig>({ kind: oneOf(['rudderstack']), url: text, writeKey: secret }),
  mparticle: object<MParticleDestinationConfig>({
    kind: oneOf(['mparticle']), url: text, credentials: secret, environment: oneOf(['production', 'development']),
  }),
  tealium: object<TealiumDestinationConfig>({
    kind: oneOf(['tealium']), url: text, account: text, profile: text, dataSource: optional(text), token: optional(secret),
  }),
  http: object<HttpDestinationConfig>({
    kind: oneOf(['http']), url: text, headers: optional(record(text)),
    secretHeader: optional(object<{ readonly name: string; readonly secret: SecretConfig }>({ name: text, secret })),
    signingSecret: optional(secret), maxBatchSize: positive,
  }),
  eventBus: object<EventBusDestinationConfig>({ kind: oneOf(['eventBus']), eventBusName: text }),
  stream: object<StreamDestinationConfig>({ kind: oneOf(['stream']), streamArn: text }),
  function: object<FunctionDestinationConfig>({ kind: oneOf(['function']), functionArn: text, maxBatchSize: positive }),
});
