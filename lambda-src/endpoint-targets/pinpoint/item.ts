import type { EndpointBatchItem, PublicEndpoint } from '@aws-sdk/client-pinpoint';
import { maxBytes } from './bytes';
import { checkId, Cut, fitAttributes, fitDemographic, fitLocation, fitMetrics, MAX_ENDPOINT_BYTES, MAX_NAMES } from './limits';
import type { Attributes, EndpointPatch } from '../../model';
import { Rejection } from '../../runtime/errors';

/** An endpoint with the id it is stored under. */
export type Endpoint = EndpointBatchItem & { Id: string };

export function isFilled<T extends object>(part: T | undefined): part is T {
  for (const _ in part) return true;
  return false;
}

/**
 * Patches of one endpoint, oldest first, as one endpoint in the service's shape. What is not known is undefined and not written,
 * since everything that is written is overwritten.
 */
export function endpointOf(id: string, userId: string | undefined, patches: readonly EndpointPatch[], cut: Cut): Endpoint {
  checkId(id, 'the endpoint id');
  const patch = patches.length === 1 ? patches[0] : patches.reduce(newest);
  return {
    Id: id, Address: patch.address ?? undefined, ChannelType: patch.channel, OptOut: patch.optOut, EndpointStatus: statusOf(patch),
    Attributes: isFilled(patch.attributes) ? fitAttributes(patch.attributes, cut) : undefined,
    Metrics: isFilled(patch.metrics) ? fitMetrics(patch.metrics, cut) : undefined,
    Location: isFilled(patch.location) ? fitLocation(patch.location, cut) : undefined,
    Demographic: isFilled(patch.demographic) ? fitDemographic(patch.demographic, cut) : undefined,
    User: userId === undefined ? undefined : { UserId: userId },
  };
}

/** The newer patch wins: per name in maps, as a whole elsewhere. */
function newest(older: EndpointPatch, newer: EndpointPatch): EndpointPatch {
  return {
    channel: newer.channel ?? older.channel,
    // A deleted address is sent along: without any the service would create the endpoint opted out for good.
    address: newer.address ?? older.address,
    optOut: newer.optOut ?? older.optOut,
    status: newer.status === undefined && newer.address === undefined ? statusOf(older) : statusOf(newer),
    attributes: join(older.attributes, newer.attributes),
    metrics: join(older.metrics, newer.metrics),
    location: join(older.location, newer.location),
    demographic: join(older.demographic, newer.demographic),
  };
}

function join<T extends object>(older: T | undefined, newer: T | undefined): T | undefined {
  return older && newer ? { ...older, ...newer } : newer ?? older;
}

/** An address that came (back) makes the endpoint active; a deleted address can't be cleared, so the endpoint is made inactive. */
function statusOf({ status, address }: EndpointPatch): EndpointPatch['status'] {
  if (status) return status;
  if (typeof address === 'string') return 'ACTIVE';
  return address === null ? 'INACTIVE' : undefined;
}

/** User attributes are shared by all endpoints of a user, so every endpoint carries the user's newest. */
export function addUserAttributes(endpoint: Endpoint, attributes: Attributes | undefined): void {
  if (isFilled(attributes)) endpoint.User = { UserId: endpoint.User?.UserId, UserAttributes: attributes };
}

/** Refuses what the service would refuse, so that one endpoint never costs a batch. */
export function checkEndpoint(endpoint: Endpoint): void {
  const names = countKeys(endpoint.Attributes) + countKeys(endpoint.Metrics) + countKeys(endpoint.User?.UserAttributes);
  if (names > MAX_NAMES) throw new Rejection('TooManyAttributes', `the endpoint has ${names} attribute names, at most ${MAX_NAMES} are allowed`);
  if (maxBytes(endpoint) <= MAX_ENDPOINT_BYTES) return;
  const bytes = Buffer.byteLength(JSON.stringify(endpoint));
  if (bytes > MAX_ENDPOINT_BYTES) throw new Rejection('EndpointTooLarge', `the endpoint has ${bytes} bytes, at most ${MAX_ENDPOINT_BYTES} are allowed`);
}

const countKeys = (map: object | undefined): number => map ? Object.keys(map).length : 0;

/** An endpoint as PutEvents takes it: its id is the key there. */
export function publicEndpoint({ Id: _, ...endpoint }: Endpoint): PublicEndpoint {
  return endpoint;
}
