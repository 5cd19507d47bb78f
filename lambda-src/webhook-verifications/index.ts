import { cloudEvents } from './cloud-events';
import { header } from './header';
import { hmacSha256 } from './hmac-sha256';
import { segmentSignature } from './segment-signature';
import { writeKey } from './write-key';
import type { WebhookVerificationConfig, WebhookVerificationKind } from '../../src/contract/webhook';
import type { Refusal, WebhookRequest } from '../webhook/request';

/** How requests of a kind are known. Pure. */
export interface Verification {
  /** Undefined when one of the secrets proves where the request comes from. */
  verify(request: WebhookRequest, secrets: readonly string[], nowMillis: number): Refusal | undefined;
  /** Answers a request that brings nothing; undefined for a method that the kind does not know. */
  handshake?(request: WebhookRequest): Readonly<Record<string, string>>;
}

type ConfigOf<K> = Extract<WebhookVerificationConfig, { kind: K }>;

const ADAPTERS: { readonly [K in WebhookVerificationKind]: (config: ConfigOf<K>) => Verification } = {
  segmentSignature, hmacSha256, header, writeKey, cloudEvents,
};

export function createVerification(config: WebhookVerificationConfig): Verification {
  return (ADAPTERS[config.kind] as (config: WebhookVerificationConfig) => Verification)(config);
}
