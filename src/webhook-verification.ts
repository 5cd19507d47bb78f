import { Duration } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { SecretConfig } from './contract/cdp-destination';
import { TRACKING_CALLS, WEBHOOK_PATH, WebhookVerificationConfig } from './contract/webhook';
import { grantReadSecret, secretConfig } from './private/secrets';
import { checkDuration, checkText, refuse } from './private/validate';

/** A secret that the CDP and the webhook share. Its current and its previous version are valid, so that it can be rotated without a gap. */
export interface WebhookSecretProps {
  /** The secret. Its value is read at run time and is in no template. */
  readonly secret: secretsmanager.ISecret;

  /**
   * Field of the secret that holds the value, when the secret is a JSON object.
   *
   * @default - the whole secret is the value
   */
  readonly secretField?: string;
}

/** What Segment's signature is made of. */
export enum SegmentSignedContent {
  /** The whole body. What Segment signs while batching is off. */
  BODY = 'body',
  /**
   * The first event of a body that is an array; the whole body where it is none. What Segment signs while batching is on.
   * The other events of the array are not protected: who has seen one request can put events of their own behind its first.
   * A signature of the whole array is as good.
   */
  FIRST_EVENT = 'firstEvent',
}

/** How Segment signs. */
export interface SegmentSignatureProps extends WebhookSecretProps {
  /**
   * What the signature is made of.
   *
   * @default SegmentSignedContent.BODY
   */
  readonly signed?: SegmentSignedContent;
}

/** How a body is signed together with the time. */
export interface HmacSha256Props extends WebhookSecretProps {
  /**
   * Name of the header that holds `t=<seconds since 1970>,v1=<hexadecimal HMAC-SHA256 of "<t>.<body>">`.
   *
   * @default 'x-cdp-signature'
   */
  readonly header?: string;

  /**
   * How far the time of the signature may be from now, either way: whole seconds, at most an hour.
   *
   * @default Duration.minutes(5)
   */
  readonly tolerance?: Duration;
}

/** A header whose value the CDP is told. */
export interface WebhookHeaderProps extends WebhookSecretProps {
  /**
   * Name of the header. The secret is its whole value.
   *
   * @default 'authorization'
   */
  readonly header?: string;
}

/** How senders of CloudEvents are known. */
export interface CloudEventsWebhookProps extends WebhookSecretProps {
  /**
   * Values of `WebHook-Request-Origin` that the handshake allows, such as `eventgrid.azure.net`.
   *
   * @default - every origin: the token decides
   */
  readonly allowedOrigins?: string[];
}

/** Longest and shortest window, in seconds. */
const TOLERANCE = { min: 1, max: 3600, remedy: 'leave it out for 5 minutes' };
const DEFAULT_TOLERANCE = Duration.minutes(5);
const HEADER = /^[\w!#$%&'*+.^`|~-]{1,128}$/;

/**
 * What a webhook tells a verification.
 * @internal
 */
export interface WebhookVerificationBindOptions {
  /** Who reads the secret at run time. */
  readonly grantee: iam.IGrantable;
  readonly requestsPerMinute: number;
}

/** What a kind needs besides its secret. */
interface Kind {
  /** Methods of each path below the stage. */
  readonly routes: { readonly [path: string]: readonly string[] };
  readonly config: (secret: SecretConfig, requestsPerMinute: number) => WebhookVerificationConfig;
}

const HOOK = { [WEBHOOK_PATH]: ['POST'] };

/** How a webhook knows that a request comes from the CDP. Everything is compared in constant time, on the bytes as they came. */
export class WebhookVerification {
  /**
   * Segment's webhooks: header `X-Signature`, the hexadecimal HMAC-SHA1 of the body. It knows no time, so that a request that
   * was seen once can be sent again.
   *
   * @see https://segment.com/docs/connections/destinations/catalog/actions-webhook/
   */
  public static segmentSignature(props: SegmentSignatureProps): WebhookVerification {
    const signed = props.signed ?? SegmentSignedContent.BODY;
    return new WebhookVerification(props, { routes: HOOK, config: (secret) => ({ kind: 'segmentSignature', secret, signed }) });
  }

  /** A signature of the time and the body, as `CdpDestination.http()` writes it. A request is of no use after the tolerance. */
  public static hmacSha256(props: HmacSha256Props): WebhookVerification {
    checkDuration('tolerance', props.tolerance, TOLERANCE);
    const header = headerOf(props.header ?? 'x-cdp-signature');
    const toleranceSeconds = (props.tolerance ?? DEFAULT_TOLERANCE).toSeconds();
    return new WebhookVerification(props, { routes: HOOK, config: (secret) => ({ kind: 'hmacSha256', secret, header, toleranceSeconds }) });
  }

  /** `Authorization: Bearer <secret>`: RudderStack, mParticle, Tealium and whatever else can send a header. */
  public static bearerToken(props: WebhookSecretProps): WebhookVerification {
    const config = (secret: SecretConfig) => ({ kind: 'header', secret, header: 'authorization', scheme: 'Bearer' } as const);
    return new WebhookVerification(props, { routes: HOOK, config });
  }

  /** A header whose whole value is the secret: RudderStack, mParticle, Tealium and whatever else can send a header. */
  public static header(props: WebhookHeaderProps): WebhookVerification {
    const header = headerOf(props.header ?? 'authorization');
    return new WebhookVerification(props, { routes: HOOK, config: (secret) => ({ kind: 'header', secret, header }) });
  }

  /**
   * The tracking API of Segment and RudderStack, for a CDP's own SDK: `/v1/batch`, `/v1/identify`, `/v1/track` and the others,
   * by HTTP Basic with the secret as the user name. The password does not count. gzip bodies are taken.
   *
   * @see https://segment.com/docs/connections/sources/catalog/libraries/server/http-api/
   */
  public static writeKey(props: WebhookSecretProps): WebhookVerification {
    const routes = Object.fromEntries(TRACKING_CALLS.map((call) => [call, ['POST']]));
    return new WebhookVerification(props, { routes, config: (secret) => ({ kind: 'writeKey', secret }) });
  }

  /**
   * CloudEvents by HTTP, structured, binary or in batches: `Authorization: Bearer <secret>`, or the query parameter `access_token`,
   * and the handshake by `OPTIONS`.
   *
   * @see https://github.com/cloudevents/spec/blob/main/cloudevents/http-webhook.md
   */
  public static cloudEvents(props: CloudEventsWebhookProps): WebhookVerification {
    const { allowedOrigins } = props;
    if (allowedOrigins?.length === 0) refuse('allowedOrigins', 'must name an origin', allowedOrigins, 'leave it out for every origin');
    const routes = { [WEBHOOK_PATH]: ['POST', 'OPTIONS'] };
    return new WebhookVerification(props, {
      routes, config: (secret, requestsPerMinute) => ({ kind: 'cloudEvents', secret, allowedOrigins, requestsPerMinute }),
    });
  }

  /**
   * Methods of each path below the stage.
   * @internal
   */
  public get _routes(): { readonly [path: string]: readonly string[] } {
    return this.kind.routes;
  }

  private constructor(private readonly props: WebhookSecretProps, private readonly kind: Kind) {}

  /**
   * Grants what verifying takes, and returns its part of the handler's configuration.
   * @internal
   */
  public _bind({ grantee, requestsPerMinute }: WebhookVerificationBindOptions): WebhookVerificationConfig {
    const { secret, secretField } = this.props;
    grantReadSecret(secret, grantee);
    return this.kind.config(secretConfig('secretField', secret, secretField), requestsPerMinute);
  }
}

function headerOf(name: string): string {
  checkText('header', name, HEADER, 'must be the name of a header', 'take the one that the CDP sends');
  return name.toLowerCase();
}
