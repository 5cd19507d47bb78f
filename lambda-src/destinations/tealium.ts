import { DestinationAdapter, itemOf, joined, Limits } from './destination';
import type { DestinationDeps } from './index';
import type { TealiumDestinationConfig } from '../../src/contract/cdp-destination';
import { tealiumEvent } from '../formats/outbound/tealium';
import { createApi, urlOf } from '../transports/api';

/** One request at a time: 100 events per second are allowed. @see https://docs.tealium.com/api/v3/http-api/about/ */
export const TEALIUM_LIMITS: Limits = { items: 10, bytes: 1_000_000, itemBytes: 990_000, envelopeBytes: 1_000, perItemBytes: 1, inFlight: 1 };

export function tealiumDestination(config: TealiumDestinationConfig, deps: DestinationDeps): DestinationAdapter {
  const { url, account, profile, dataSource, token } = config;
  const shared = JSON.stringify({ tealium_account: account, tealium_profile: profile, tealium_datasource: dataSource });
  const post = createApi({
    name: 'Tealium',
    url: urlOf(url, token ? '/v3/collect/bulk-event' : '/bulk-event'),
    authorize: async (secret): Promise<Record<string, string>> => token ? { authorization: `Bearer ${await secret(token)}` } : {},
    // Some of its refusals come with 200.
    refusal: ({ headers }) => headers.has('x-error') ? 'XError' : undefined,
  }, deps);
  return {
    limits: TEALIUM_LIMITS,
    encode: (event) => itemOf(event, tealiumEvent(event)),
    send: (items, deadline) => post(`{"shared":${shared},"events":[${joined(items)}]}`, deadline),
  };
}
