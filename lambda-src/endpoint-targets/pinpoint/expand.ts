import { needsKnown } from './known';
import { Cut, MAX_ENDPOINTS_PER_USER } from './limits';
import type { Users } from './users';
import type { EndpointPatch, ProfileChange } from '../../model';
import { Rejection } from '../../runtime/errors';

/** Takes patches of one endpoint, oldest first. */
export type Put = (id: string, patches: EndpointPatch[]) => void;

/**
 * Puts a profile change on the endpoints that it is for. A patch without an address only ever reaches endpoints that exist, as the
 * service would create the others opted out. Returns false when no endpoint is concerned.
 */
export function expand(change: ProfileChange, users: Users, put: Put, cut: Cut): boolean {
  const { userId, common } = change;
  if (change.endpoints.length > MAX_ENDPOINTS_PER_USER) {
    throw new Rejection('TooManyEndpoints', `the user has ${change.endpoints.length} endpoints, at most ${MAX_ENDPOINTS_PER_USER} are allowed`);
  }
  if (isAddressed(change)) {
    for (const patch of change.endpoints) put(users.idFor(userId, patch), withCommon(common, patch));
    return true;
  }
  const named = new Set<string>();
  for (const patch of change.endpoints) {
    for (const id of idsOf(patch, userId, users, cut)) {
      put(id, [...withCommon(common, patch), ...users.asInactive(userId, id, patch)]);
      named.add(id.toLowerCase());
    }
  }
  if (userId !== undefined && needsKnown(change)) putOnOthers(change, userId, named, users, put);
  return named.size > 0;
}

/** The usual case: the message itself brings every address that it is for. */
function isAddressed(change: ProfileChange): boolean {
  for (const { address } of change.endpoints) if (typeof address !== 'string') return false;
  return !needsKnown(change);
}

/** What is said of one endpoint wins over what is said of all; an opt-out wins over anything. */
function withCommon(common: EndpointPatch | undefined, patch: EndpointPatch): EndpointPatch[] {
  if (!common) return [patch];
  return common.optOut === 'ALL' && patch.optOut === 'NONE' ? [common, patch, { optOut: 'ALL' }] : [common, patch];
}

function idsOf(patch: EndpointPatch, userId: string | undefined, users: Users, cut: Cut): string[] {
  const id = users.idFor(userId, patch);
  if (patch.id !== undefined || typeof patch.address === 'string' || userId === undefined) return [id];
  const known = users.of(userId);
  if (known.length === 0 && !users.wasLookedUp(userId)) return [id];
  const existing = patch.address === null ? known.filter((endpoint) => endpoint.Id.toLowerCase() === id.toLowerCase())
    : known.filter((endpoint) => endpoint.ChannelType === patch.channel);
  if (existing.length === 0 && isForFirst(patch)) return [id];
  if (existing.length === 0) cut('NoEndpointOfChannel');
  return existing.map((endpoint) => endpoint.Id);
}

/** Channels whose first address has an id that follows from the user alone. */
const FIRST_CHANNELS = ['EMAIL', 'SMS'] as const;

/**
 * An opt-out for which there is no endpoint yet is kept for the first address to come: the service makes an endpoint without an address,
 * and opted out it stays when the address comes.
 */
function isForFirst({ channel, slot, address, optOut }: EndpointPatch): boolean {
  return optOut === 'ALL' && address === undefined && slot === undefined && FIRST_CHANNELS.some((first) => first === channel);
}

/** What is common goes to the endpoints the message names; if it names none, to those the user has. An opt-out goes to all of them in any case. */
function putOnOthers({ endpoints, common, userAttributes }: ProfileChange, userId: string, named: Set<string>, users: Users, put: Put): void {
  const others = users.of(userId).filter((endpoint) => !named.has(endpoint.Id.toLowerCase()));
  const reached = common && endpoints.length === 0 ? others : common?.optOut === 'ALL' ? others : [];
  for (const { Id } of reached) {
    put(Id, [endpoints.length === 0 ? common! : { optOut: 'ALL' }, ...users.asInactive(userId, Id)]);
    named.add(Id.toLowerCase());
  }
  const isKnown = named.size > 0;
  if (common?.optOut === 'ALL' && !(isKnown && users.wasLookedUp(userId))) putOnFirst(userId, named, users, put);
  if (isKnown || (!common && Object.keys(userAttributes).length === 0)) return;
  // User attributes belong to all endpoints of a user: one that exists is enough to bring them.
  const carrier = others.find((endpoint) => endpoint.EndpointStatus !== 'INACTIVE') ?? others[0];
  const id = carrier?.Id ?? users.idOf(userId, 'CUSTOM');
  put(id, [...withCommon(common, carrier ? {} : users.placeholder(userId)), ...users.asInactive(userId, id)]);
  named.add(id.toLowerCase());
}

/** The opt-out from everything of a user whose endpoints are not known goes to where the first addresses are or will be. */
function putOnFirst(userId: string, named: Set<string>, users: Users, put: Put): void {
  for (const channel of FIRST_CHANNELS) {
    const id = users.idOf(userId, channel);
    if (!named.has(id.toLowerCase())) put(id, [{ channel, optOut: 'ALL' }]);
    named.add(id.toLowerCase());
  }
}
