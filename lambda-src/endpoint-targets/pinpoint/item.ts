import type { EndpointBatchItem, PublicEndpoint } from '@aws-sdk/client-pinpoint';
import { maxBytes } from './bytes';
import { checkId, Cut, fitAttributes, fitDemographic, fitLocation, fitMetrics, MAX_ENDPOINT_BYTES, MAX_NAMES } from './limits';
import type { Attributes, EndpointPatch } from '../../model';
import { Rejection } from '../../runtime/errors';

/** An endpoint with the id it is stored under. */
export type Endpoint = EndpointBatchItem & { Id: string };

export const isFilled = (part: object | undefined): boolean => {
  for (const _ in part) return true;
  return false;
};

/** Patches of one endpoint, oldest first, as one endpoint in the service's shape. Only what is known is set, since everything set is overwritten. */
export function endpointOf(id: string, userId: string | undefined, patches: readonly EndpointPatch[], cut: Cut): Endpoint {
  checkId(id, 'the endpoint id');
  const patch = patches.length === 1 ? patches[0] : mergePatches(patches);
  const endpoint: Endpoint = { Id: id };
  if (typeof patch.address === 'string') endpoint.Address = patch.address;
  if (patch.channel) endpoint.ChannelType = patch.channel;
  if (patch.optOut) endpoint.OptOut = patch.optOut;
  const status = statusOf(patch);
  if (status) endpoint.EndpointStatus = status;
  if (isFilled(patch.attributes)) endpoint.Attributes = fitAttributes(patch.attributes!, cut);
  if (isFilled(patch.metrics)) endpoint.Metrics = fitMetrics(patch.metrics!, cut);
  if (isFilled(patch.location)) endpoint.Location = fitLocation(patch.location as Record<string, string | number>, cut);
  if (isFilled(patch.demographic)) endpoint.Demographic = fitDemographic(patch.demographic as Record<string, string>, cut);
  if (userId !== undefined) endpoint.User = { UserId: userId };
  return endpoint;
}

/** The newer patch wins: per name in maps, as a whole elsewhere. */
function mergePatches(patches: readonly EndpointPatch[]): EndpointPatch {
  const merged: { -readonly [K in keyof EndpointPatch]: EndpointPatch[K] } = {};
  for (const patch of patches) {
    if (patch.channel !== undefined) merged.channel = patch.channel;
    if (patch.optOut !== undefined) merged.optOut = patch.optOut;
    // A deleted address is sent along: without any the service would create the endpoint opted out for good.
    if (typeof patch.address === 'string') merged.address = patch.address;
    if (patch.status !== undefined || patch.address !== undefined) merged.status = statusOf(patch);
    merged.attributes = join(merged.attributes, patch.attributes);
    merged.metrics = join(merged.metrics, patch.metrics);
    merged.location = join(merged.location, patch.location);
    merged.demographic = join(merged.demographic, patch.demographic);
  }
  return merged;
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
