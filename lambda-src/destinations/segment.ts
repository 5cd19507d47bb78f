import { DestinationAdapter, itemOf, joined, Limits } from './destination';
import type { DestinationDeps } from './index';
import type { SegmentDestinationConfig } from '../../src/contract/cdp-destination';
import { segmentTrack } from '../formats/outbound/segment';
import { basic, createApi, urlOf } from '../transports/api';

/** Kilobytes are taken as 1,000 bytes, which every reading of the documentation allows.
 * @see https://segment.com/docs/connections/sources/catalog/libraries/server/http-api/#batch */
export const SEGMENT_LIMITS: Limits = { items: 2_500, bytes: 500_000, itemBytes: 32_000, envelopeBytes: 64, perItemBytes: 1, inFlight: 4 };

export function segmentDestination({ url, writeKey }: SegmentDestinationConfig, deps: DestinationDeps): DestinationAdapter {
  const post = createApi({
    name: 'Segment',
    url: urlOf(url, '/v1/batch'),
    authorize: async (secret) => ({ authorization: basic(await secret(writeKey)) }),
    // 200 says that the request came, not that its content was taken.
    refusal: ({ json }) => json?.success === false ? 'NotAccepted' : undefined,
  }, deps);
  return {
    limits: SEGMENT_LIMITS,
    encode: (event) => itemOf(event, segmentTrack(event)),
    send: (items, deadline) => post(`{"batch":[${joined(items)}]}`, deadline),
  };
}
