import { DestinationAdapter, itemOf, joined, Limits } from './destination';
import type { DestinationDeps } from './index';
import type { RudderStackDestinationConfig } from '../../src/contract/cdp-destination';
import { rudderStackTrack } from '../formats/outbound/rudderstack';
import { basic, createApi, urlOf } from '../transports/api';

/** No number of items is documented; the bytes keep it. @see https://www.rudderstack.com/docs/api/http-api/#size-limits */
export const RUDDERSTACK_LIMITS: Limits = { items: 10_000, bytes: 4_000_000, itemBytes: 32_000, envelopeBytes: 64, perItemBytes: 1, inFlight: 2 };

export function rudderStackDestination({ url, writeKey }: RudderStackDestinationConfig, deps: DestinationDeps): DestinationAdapter {
  const post = createApi({
    name: 'RudderStack', url: urlOf(url, '/v1/batch'), authorize: async (secret) => ({ authorization: basic(await secret(writeKey)) }),
  }, deps);
  return {
    limits: RUDDERSTACK_LIMITS,
    encode: (event) => itemOf(event, rudderStackTrack(event)),
    send: (items, deadline) => post(`{"batch":[${joined(items)}]}`, deadline),
  };
}
