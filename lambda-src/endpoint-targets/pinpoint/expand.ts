import type { EndpointPatch, ProfileChange } from '../../model';
import { Rejection } from '../../runtime/errors';
import { Endpoint, endpointOf } from './item';
import { Cut, MAX_ENDPOINTS_PER_USER } from './limits';
import type { Users } from './users';

/** The endpoints that a profile change is for. A patch without an address only ever reaches endpoints that exist, as the service would create the others opted out. */
export function expand(change: ProfileChange, users: Users, cut: Cut): Endpoint[] {
  const { userId } = change;
  const patches = new Map<string, EndpointPatch>();
  for (const patch of change.endpoints) {
    for (const id of idsOf(patch, userId, users, cut)) patches.set(id, patch);
  }
  if (userId !== undefined) spreadCommon(change, userId, patches, users);
  if (patches.size > MAX_ENDPOINTS_PER_USER) {
    throw new Rejection('TooManyEndpoints', `the user has ${patches.size} endpoints, at most ${MAX_ENDPOINTS_PER_USER} are allowed`);
  }
  return [...patches].map(([id, patch]) => endpointOf(id, userId, patch, cut));
}

function idsOf(patch: EndpointPatch, userId: string | undefined, users: Users, cut: Cut): string[] {
  const id = users.idFor(userId, patch);
  if (patch.id !== undefined || typeof patch.address === 'string' || userId === undefined) return [id];
  if (!users.wasLookedUp(userId) && users.of(userId).length === 0) return [id];
  const known = users.of(userId).filter((endpoint) => patch.address === null ? endpoint.Id.toLowerCase() === id.toLowerCase() : endpoint.ChannelType === patch.channel);
  if (known.length === 0) cut('NoEndpointOfChannel');
  return known.map((endpoint) => endpoint.Id);
}

/** What is common goes to the endpoints the message names; if it names none, to those the user has. An opt-out goes to all of them in any case. */
function spreadCommon(change: ProfileChange, userId: string, patches: Map<string, EndpointPatch>, users: Users): void {
  const { common } = change;
  const named = [...patches];
  for (const [id, patch] of named) patches.set(id, combine(common, patch));
  const others = users.of(userId).map((endpoint) => endpoint.Id).filter((id) => !patches.has(id));
  if (named.length === 0 && hasContent(common)) for (const id of others) patches.set(id, common);
  else if (common.optOut === 'ALL') for (const id of others) patches.set(id, { ...EMPTY, optOut: 'ALL' });
  const attributesOnly = hasContent(common) || Object.keys(change.userAttributes).length > 0;
  if (patches.size === 0 && attributesOnly) addCarrier(userId, common, patches, users);
}

/** User attributes belong to all endpoints of a user: one that exists is enough to bring them. */
function addCarrier(userId: string, common: EndpointPatch, patches: Map<string, EndpointPatch>, users: Users): void {
  const [existing] = users.of(userId);
  if (existing) patches.set(existing.Id, common);
  else patches.set(users.idOf(userId, 'CUSTOM'), combine(common, users.placeholder(userId)));
}

const EMPTY: EndpointPatch = { attributes: {}, metrics: {}, location: {}, demographic: {} };

const hasContent = (patch: EndpointPatch): boolean => patch.optOut !== undefined ||
  [patch.attributes, patch.metrics, patch.location, patch.demographic].some((part) => Object.keys(part).length > 0);

/** What is said of one endpoint wins over what is said of all; an opt-out wins over anything. */
function combine(common: EndpointPatch, patch: EndpointPatch): EndpointPatch {
  if (!hasContent(common)) return patch;
  const optOut = common.optOut === 'ALL' ? 'ALL' : patch.optOut ?? common.optOut;
  return { ...patch, optOut, attributes: { ...common.attributes, ...patch.attributes }, metrics: { ...common.metrics, ...patch.metrics },
    location: { ...common.location, ...patch.location }, demographic: { ...common.demographic, ...patch.demographic } };
}
