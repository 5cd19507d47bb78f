import { DestinationAdapter, itemOf, joined, Limits } from './destination';
import type { DestinationDeps } from './index';
import type { HttpDestinationConfig } from '../../src/contract/cdp-destination';
import { genericEvent } from '../formats/outbound/generic';
import { Authorize, createApi } from '../transports/api';
import { SIGNATURE_HEADER, signatureOf } from '../transports/signature';

/** Ours, as nobody else's is known: what most servers take by default. */
export const HTTP_LIMITS: Omit<Limits, 'items'> = { bytes: 1_000_000, itemBytes: 256_000, envelopeBytes: 2, perItemBytes: 1, inFlight: 4 };

/** A JSON array of events; where one at a time is asked for, the event alone. */
export function httpDestination(config: HttpDestinationConfig, deps: DestinationDeps): DestinationAdapter {
  const post = createApi({ name: 'the webhook', url: config.url, headers: config.headers, authorize: authorizeBy(config) }, deps);
  const single = config.maxBatchSize === 1;
  return {
    limits: { ...HTTP_LIMITS, items: config.maxBatchSize },
    encode: (event) => itemOf(event, genericEvent(event)),
    send: (items, deadline) => post(single ? items[0].text : `[${joined(items)}]`, deadline),
  };
}

function authorizeBy({ secretHeader, signingSecret }: HttpDestinationConfig): Authorize {
  return async (secret, body) => {
    const headers: Record<string, string> = {};
    if (secretHeader) headers[secretHeader.name] = await secret(secretHeader.secret);
    if (signingSecret) headers[SIGNATURE_HEADER] = signatureOf(body, await secret(signingSecret), Date.now());
    return headers;
  };
}
