import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';

/** Where a Segment workspace keeps its data. */
export enum SegmentRegion {
  /** Oregon: `api.segment.io`. */
  US = 'US',
  /** Dublin: `events.eu1.segmentapis.com`. */
  EU = 'EU',
}

/** A source of a Segment workspace. */
export interface SegmentDestinationProps {
  /** Write key of the source, as a secret. */
  readonly writeKey: secretsmanager.ISecret;

  /**
   * Field of the secret that holds the write key, when the secret is a JSON object.
   *
   * @default - the whole secret is the write key
   */
  readonly secretField?: string;

  /**
   * Where the workspace keeps its data.
   *
   * @default SegmentRegion.US
   */
  readonly region?: SegmentRegion;

  /**
   * Base address of a proxy, a gateway or a service that is compatible with Segment: `https` only, save for the machine
   * itself (`http://localhost`), and without `/v1/batch`, which the handler adds. It takes the place of `region`.
   *
   * @default - the address of the region
   */
  readonly url?: string;
}

/** A source of RudderStack. */
export interface RudderStackDestinationProps {
  /** Address of the data plane, such as `https://example.dataplane.rudderstack.com`: `https` only, save for the machine itself. */
  readonly dataPlaneUrl: string;

  /** Write key of the source, as a secret. */
  readonly writeKey: secretsmanager.ISecret;

  /**
   * Field of the secret that holds the write key, when the secret is a JSON object.
   *
   * @default - the whole secret is the write key
   */
  readonly secretField?: string;
}

/**
 * The data center of an mParticle organization.
 *
 * @see https://docs.mparticle.com/developers/guides/data-localization/
 */
export enum MParticlePod {
  /** United States 1. */
  US1 = 'us1',
  /** United States 2. */
  US2 = 'us2',
  /** European Union 1. */
  EU1 = 'eu1',
  /** Australia 1. */
  AU1 = 'au1',
}

/** Which of an mParticle workspace's two sets of data the events belong to. */
export enum MParticleEnvironment {
  /** What really happened. */
  PRODUCTION = 'production',
  /** What was tried out. */
  DEVELOPMENT = 'development',
}

/** A server-to-server input of mParticle. */
export interface MParticleDestinationProps {
  /** Key and secret of the input: a secret that is a JSON object with the fields `key` and `secret`. */
  readonly credentials: secretsmanager.ISecret;

  /**
   * The data center of the organization.
   *
   * @default MParticlePod.US1
   */
  readonly pod?: MParticlePod;

  /**
   * Which set of data the events belong to.
   *
   * @default MParticleEnvironment.PRODUCTION
   */
  readonly environment?: MParticleEnvironment;

  /**
   * Base address of a proxy or a gateway: `https` only, save for the machine itself, and without the path, which the
   * handler adds. It takes the place of `pod`.
   *
   * @default - the address of the pod
   */
  readonly url?: string;
}

/** A profile of a Tealium account. */
export interface TealiumDestinationProps {
  /** Name of the account. */
  readonly account: string;

  /** Name of the profile. */
  readonly profile: string;

  /**
   * Key of the data source that the events are counted for.
   *
   * @default - none
   */
  readonly dataSource?: string;

  /**
   * Bearer token of the authenticated API, as a secret.
   *
   * @default - the public API is called, which asks for no token
   */
  readonly token?: secretsmanager.ISecret;

  /**
   * Field of the secret that holds the token, when the secret is a JSON object.
   *
   * @default - the whole secret is the token
   */
  readonly secretField?: string;

  /**
   * The Region of the profile, such as `eu-central-1`, to send events there and nowhere else.
   *
   * @default - the events go to the nearest server
   */
  readonly region?: string;

  /**
   * Base address of a proxy or a gateway: `https` only, save for the machine itself, and without the path, which the
   * handler adds. It takes the place of `region`.
   *
   * @default - the address of Tealium
   */
  readonly url?: string;
}

/** A header whose value is a secret. */
export interface SecretHeader {
  /**
   * Name of the header.
   *
   * @default 'authorization'
   */
  readonly name?: string;

  /** The whole value of the header, such as `Bearer …`, as a secret. */
  readonly secret: secretsmanager.ISecret;

  /**
   * Field of the secret that holds the value, when the secret is a JSON object.
   *
   * @default - the whole secret is the value
   */
  readonly secretField?: string;
}

/** A webhook. */
export interface HttpDestinationProps {
  /** Address of the webhook: `https` only, save for the machine itself. */
  readonly url: string;

  /**
   * Headers of every request. They are part of the template, so that nothing secret belongs here.
   *
   * @default - none besides those of the content
   */
  readonly headers?: { [name: string]: string };

  /**
   * A header whose value is a secret, such as `authorization`.
   *
   * @default - none
   */
  readonly secretHeader?: SecretHeader;

  /**
   * Key of a signature by which the receiver knows the sender. The header `x-cdp-signature` is
   * `t=<seconds since 1970>,v1=<hexadecimal HMAC-SHA256 of "<t>.<body>">`. A receiver compares in constant time, and
   * refuses what is older than some minutes.
   *
   * @default - requests are not signed
   */
  readonly signingSecret?: secretsmanager.ISecret;

  /**
   * Field of the secret that holds the key of the signature, when the secret is a JSON object.
   *
   * @default - the whole secret is the key
   */
  readonly signingSecretField?: string;

  /**
   * Most events in one request, from 1 to 1,000.
   *
   * @default 100
   */
  readonly maxBatchSize?: number;
}

/** How a function is invoked. */
export interface FunctionDestinationOptions {
  /**
   * Most events in one invocation, from 1 to 1,000. The handler sends fewer where they would exceed the 6 MB of a payload.
   *
   * @default 100
   */
  readonly maxBatchSize?: number;
}
