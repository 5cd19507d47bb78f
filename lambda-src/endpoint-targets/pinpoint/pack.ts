import type { EventsBatch } from '@aws-sdk/client-pinpoint';
import {
  MAX_ENDPOINT_BYTES, MAX_ENDPOINTS_PER_REQUEST, MAX_ENDPOINTS_REQUEST_BYTES, MAX_EVENTS_PER_REQUEST, MAX_EVENTS_REQUEST_BYTES,
} from './limits';
import type { EndpointWork, EventWork } from './stage';

/** Room for what a request needs around its items: braces, commas, member names. */
const ENVELOPE_BYTES = 1024;

/** Fills requests in order, by number and by bytes. */
function pack<T>(items: readonly T[], maxItems: number, maxBytes: number, bytesOf: (item: T) => number): T[][] {
  const requests: T[][] = [];
  let bytes = Infinity;
  for (const item of items) {
    const last = requests[requests.length - 1];
    const size = bytesOf(item);
    if (!last || last.length >= maxItems || bytes + size > maxBytes) {
      requests.push([item]);
      bytes = ENVELOPE_BYTES + size;
    } else {
      last.push(item);
      bytes += size;
    }
  }
  return requests;
}

/** By number alone: a hundred endpoints of 15 KB are far below the 7 MB of a request. */
export function packEndpoints(work: readonly EndpointWork[], most = MAX_ENDPOINTS_PER_REQUEST): EndpointWork[][] {
  return pack(work, most, MAX_ENDPOINTS_REQUEST_BYTES, () => MAX_ENDPOINT_BYTES);
}

/** Events of one endpoint are put side by side, so that its state travels once. */
export function packEvents(work: readonly EventWork[], most = MAX_EVENTS_PER_REQUEST): EventWork[][] {
  const byEndpoint = new Map<string, EventWork[]>();
  for (const item of work) {
    const same = byEndpoint.get(item.endpointId);
    if (same) same.push(item);
    else byEndpoint.set(item.endpointId, [item]);
  }
  // The key and its quotes are counted with each event, a little more than they take.
  const size = (item: EventWork) => item.bytes + Buffer.byteLength(item.eventId) + 2 * Buffer.byteLength(item.endpointId) + 512;
  return pack([...byEndpoint.values()].flat(), most, MAX_EVENTS_REQUEST_BYTES, size);
}

export function batchOf(work: readonly EventWork[]): Record<string, EventsBatch> {
  // Ids come from outside: `constructor` must not be found where nothing was put.
  const batch = Object.create(null) as Record<string, EventsBatch>;
  for (const { endpointId, endpoint, eventId, event } of work) {
    batch[endpointId] ??= { Endpoint: endpoint, Events: {} };
    batch[endpointId].Events![eventId] = event;
  }
  return batch;
}
