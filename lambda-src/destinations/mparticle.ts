import { DestinationAdapter, Item, itemOf, Limits } from './destination';
import type { DestinationDeps } from './index';
import type { MParticleDestinationConfig } from '../../src/contract/cdp-destination';
import { mParticleEvent, mParticleIdentities } from '../formats/outbound/mparticle';
import { basic, createApi, urlOf } from '../transports/api';

const MAX_BATCH_BYTES = 128_000;
/** What closes a batch and parts it from others. */
const ENVELOPE_BYTES = 16;

/**
 * A request has at most 100 batches; one page says 100 events, so no more than that are put in, and both are kept.
 * @see https://docs.mparticle.com/guides/default-service-limits/
 */
export const MPARTICLE_LIMITS: Limits = {
  items: 100, bytes: 256_000, itemBytes: MAX_BATCH_BYTES - ENVELOPE_BYTES, envelopeBytes: 2, perItemBytes: ENVELOPE_BYTES, inFlight: 4,
};

/** Needs a batch per user: its events say nothing of whose they are. */
export function mParticleDestination({ url, credentials, environment }: MParticleDestinationConfig, deps: DestinationDeps): DestinationAdapter {
  const { secretArn } = credentials;
  const post = createApi({
    name: 'mParticle',
    url: urlOf(url, '/v2/bulkevents'),
    authorize: async (secret) => ({
      authorization: basic(await secret({ secretArn, field: 'key' }), await secret({ secretArn, field: 'secret' })),
    }),
    // 202 comes even when batches failed; when it names errors, the guilty ones are looked for.
    refusal: ({ json }) => Array.isArray(json?.errors) && json.errors.length > 0 ? 'PartlyAccepted' : undefined,
  }, deps);
  const common = `"environment":${JSON.stringify(environment)},"schema_version":2`;
  return {
    limits: MPARTICLE_LIMITS,
    encode: (event) => itemOf(event, mParticleEvent(event), `{${common},"user_identities":${JSON.stringify(mParticleIdentities(event))},"events":[`),
    send: (items, deadline) => post(`[${batchesOf(items).join(',')}]`, deadline),
  };
}

/** The events of a user in one batch, or in several where they are too many bytes for one; both in the order of the stream. */
export function batchesOf(items: readonly Item[]): string[] {
  const open = new Map<string, { text: string; bytes: number }>();
  const full: string[] = [];
  for (const { head = '', text, bytes } of items) {
    const batch = open.get(head);
    if (batch && batch.bytes + bytes + ENVELOPE_BYTES <= MAX_BATCH_BYTES) {
      batch.text += `,${text}`;
      batch.bytes += bytes;
    } else {
      if (batch) full.push(`${batch.text}]}`);
      open.set(head, { text: head + text, bytes: bytes + ENVELOPE_BYTES });
    }
  }
  return [...full, ...[...open.values()].map(({ text }) => `${text}]}`)];
}
