import type { EndpointBatchItem, PublicEndpoint } from '@aws-sdk/client-pinpoint';
import type { Attributes, EndpointPatch } from '../../model';
import { Rejection } from '../../runtime/errors';
import { checkId, Cut, fitAttributes, fitDemographic, fitLocation, fitMetrics, MAX_ENDPOINT_BYTES, MAX_NAMES } from './limits';

/** An endpoint with the id it is stored under. */
export type Endpoint = EndpointBatchItem & { Id: string };

const isFilled = (part: object): boolean => {
  for (const _ in part) return true;
  return false;
};

/** A patch in the service's shape; only what is known is set, since everything set is overwritten. */
export function endpointOf(id: string, userId: string | undefined, patch: EndpointPatch, cut: Cut): Endpoint {
  checkId(id, 'the endpoint id');
  const endpoint: Endpoint = { Id: id };
  if (typeof patch.address === 'string') endpoint.Address = patch.address;
  if (patch.channel) endpoint.ChannelType = patch.channel;
  if (patch.optOut) endpoint.OptOut = patch.optOut;
  const status = statusOf(patch);
  if (status) endpoint.EndpointStatus = status;
  if (isFilled(patch.attributes)) endpoint.Attributes = fitAttributes(patch.attributes, cut);
  if (isFilled(patch.metrics)) endpoint.Metrics = fitMetrics(patch.metrics, cut);
  if (isFilled(patch.location)) endpoint.Location = fitLocation(patch.location as Record<string, string | number>, cut);
  if (isFilled(patch.demographic)) endpoint.Demographic = fitDemographic(patch.demographic as Record<string, string>, cut);
  if (userId !== undefined) endpoint.User = { UserId: userId };
  return endpoint;
}

/** An address that came (back) makes the endpoint active; a deleted address can't be cleared, so the endpoint is made inactive. */
function statusOf(patch: EndpointPatch): EndpointPatch['status'] {
  if (patch.status) return patch.status;
  if (typeof patch.address === 'string') return 'ACTIVE';
  return patch.address === null ? 'INACTIVE' : undefined;
}

const MERGED_BY_KEY = ['Attributes', 'Metrics', 'Location', 'Demographic'] as const;

/** The newer change wins: per name in maps, as a whole elsewhere. Changes `older` in place. */
export function mergeEndpoint(older: Endpoint, newer: Endpoint): void {
  for (const part of MERGED_BY_KEY) {
    const into = older[part];
    const from = newer[part];
    if (into && from) Object.assign(into, from);
    else if (from) Object.assign(older, { [part]: { ...from } });
  }
  if (newer.Address !== undefined) older.Address = newer.Address;
  if (newer.ChannelType !== undefined) older.ChannelType = newer.ChannelType;
  if (newer.OptOut !== undefined) older.OptOut = newer.OptOut;
  if (newer.EndpointStatus !== undefined) older.EndpointStatus = newer.EndpointStatus;
  if (newer.User !== undefined) older.User = { ...older.User, ...newer.User };
}

/** User attributes are shared by all endpoints of a user, so every endpoint carries the user's newest. */
export function withUserAttributes(endpoint: Endpoint, attributes: Attributes | undefined): Endpoint {
  if (!attributes || !isFilled(attributes)) return endpoint;
  return { ...endpoint, User: { ...endpoint.User, UserAttributes: attributes } };
}

/** Refuses what the service would refuse, so that one endpoint never costs a batch. Returns the size in bytes. */
export function checkEndpoint(endpoint: Endpoint): number {
  const names = [endpoint.Attributes, endpoint.Metrics, endpoint.User?.UserAttributes].reduce((sum, part) => sum + Object.keys(part ?? {}).length, 0);
  if (names > MAX_NAMES) throw new Rejection('TooManyAttributes', `the endpoint has ${names} attribute names, at most ${MAX_NAMES} are allowed`);
  const bytes = Buffer.byteLength(JSON.stringify(endpoint));
  if (bytes > MAX_ENDPOINT_BYTES) throw new Rejection('EndpointTooLarge', `the endpoint has ${bytes} bytes, at most ${MAX_ENDPOINT_BYTES} are allowed`);
  return bytes;
}

/** An endpoint as PutEvents takes it: its id is the key there. */
export function publicEndpoint({ Id: _, ...endpoint }: Endpoint): PublicEndpoint {
  return endpoint;
}
