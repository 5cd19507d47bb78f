import { parseSecret, SecretConfig } from './cdp-destination';
import { CdpFormatConfig, parseCdpFormat } from './cdp-format';
import { CONTRACT_VERSION } from './env';
import { list, object, oneOf, optional, Parser, positive, text, union } from './parse';

/** Segment's `X-Signature`: hexadecimal HMAC-SHA1 of the body, or of the first event of a body that is an array. */
export interface SegmentSignatureConfig {
  readonly kind: 'segmentSignature';
  readonly secret: SecretConfig;
  readonly signed: 'body' | 'firstEvent';
}

/** A header `t=<seconds>,v1=<hexadecimal HMAC-SHA256 of "<t>.<body>">`. */
export interface HmacSha256Config {
  readonly kind: 'hmacSha256';
  readonly secret: SecretConfig;
  /** In lower case. */
  readonly header: string;
  readonly toleranceSeconds: number;
}

/** A header whose value is the secret, after a scheme such as `Bearer` if there is one. */
export interface HeaderConfig {
  readonly kind: 'header';
  readonly secret: SecretConfig;
  /** In lower case. */
  readonly header: string;
  readonly scheme?: string;
}

/** The tracking API of Segment and what is compatible with it: HTTP Basic, the write key as the user name. */
export interface WriteKeyConfig {
  readonly kind: 'writeKey';
  readonly secret: SecretConfig;
}

/** A bearer token, and the handshake by which a sender of CloudEvents asks whether it may send. */
export interface CloudEventsConfig {
  readonly kind: 'cloudEvents';
  readonly secret: SecretConfig;
  /** Left out: every origin. */
  readonly allowedOrigins?: readonly string[];
  /** What the handshake grants. */
  readonly requestsPerMinute: number;
}

/** How a webhook knows that a request comes from the CDP. */
export type WebhookVerificationConfig = SegmentSignatureConfig | HmacSha256Config | HeaderConfig | WriteKeyConfig | CloudEventsConfig;
export type WebhookVerificationKind = WebhookVerificationConfig['kind'];

/** What a webhook hands its handler. */
export interface WebhookConfig {
  readonly version: typeof CONTRACT_VERSION;
  readonly instance: string;
  readonly streamArn: string;
  readonly verification: WebhookVerificationConfig;
  /** The vocabulary in which a message names its user. */
  readonly format: CdpFormatConfig;
  /** Path of the member that names the user, ahead of what the format says. */
  readonly userIdField?: string;
  /** Most bytes of a body, as it comes and when it is decompressed. */
  readonly maxBodyBytes: number;
  /** After which time the caller has its answer. */
  readonly responseSeconds: number;
}

const parseVerification: Parser<WebhookVerificationConfig> = union('kind', {
  segmentSignature: object<SegmentSignatureConfig>({ kind: oneOf(['segmentSignature']), secret: parseSecret, signed: oneOf(['body', 'firstEvent']) }),
  hmacSha256: object<HmacSha256Config>({ kind: oneOf(['hmacSha256']), secret: parseSecret, header: text, toleranceSeconds: positive }),
  header: object<HeaderConfig>({ kind: oneOf(['header']), secret: parseSecret, header: text, scheme: optional(text) }),
  writeKey: object<WriteKeyConfig>({ kind: oneOf(['writeKey']), secret: parseSecret }),
  cloudEvents: object<CloudEventsConfig>({ kind: oneOf(['cloudEvents']), secret: parseSecret, allowedOrigins: optional(list(text)),
    requestsPerMinute: positive }),
});

export const parseWebhook: Parser<WebhookConfig> = object<WebhookConfig>({
  version: oneOf([CONTRACT_VERSION]),
  instance: text,
  streamArn: text,
  verification: parseVerification,
  format: parseCdpFormat,
  userIdField: optional(text),
  maxBodyBytes: positive,
  responseSeconds: positive,
});

/** Name of the stage, and so the first step of every path: that of the tracking APIs. */
export const WEBHOOK_STAGE = 'v1';

/** Path below the stage of every kind but `writeKey`. */
export const WEBHOOK_PATH = 'webhook';

/**
 * Calls of the tracking API that bring several messages. `import` is what Segment's libraries for Java and Ruby send to.
 * @see https://github.com/segmentio/analytics-java/blob/master/analytics-core/src/main/java/com/segment/analytics/http/SegmentService.java
 * @see https://github.com/segmentio/analytics-ruby/blob/master/lib/segment/analytics/defaults.rb
 */
export const BATCH_CALLS = ['batch', 'import'] as const;

/**
 * Calls of the tracking API that bring one message, whose type they name. `merge` is RudderStack's.
 * @see https://segment.com/docs/connections/sources/catalog/libraries/server/http-api/
 * @see https://www.rudderstack.com/docs/api/http-api/
 */
export const MESSAGE_CALLS = ['identify', 'track', 'page', 'screen', 'group', 'alias', 'merge'] as const;

/** Calls of the tracking API, each with a path of its own below the stage. */
export const TRACKING_CALLS = [...BATCH_CALLS, ...MESSAGE_CALLS] as const;

/** Metrics of a webhook, written by its handler and read by the construct's `metricX()`. */
export const WebhookMetric = {
  /** Answered with 200: every message is on the stream. */
  REQUESTS_ACCEPTED: 'RequestsAccepted',
  /** Refused for what they hold or lack; also with the dimension Reason. */
  REQUESTS_REFUSED: 'RequestsRefused',
  /** Answered with 503, to be sent again; also with the dimension Reason. */
  REQUESTS_FAILED: 'RequestsFailed',
  /** Messages that came with accepted requests. */
  MESSAGES_ACCEPTED: 'MessagesAccepted',
  /** Records that the stream refused at first. */
  RECORDS_RETRIED: 'RecordsRetried',
} as const;
