import type { EndpointResponse, PublicEndpoint } from '@aws-sdk/client-pinpoint';
import type { Change, ProfileChange } from '../../model';
import type { Sourced } from '../index';
import type { Endpoint } from './item';
import { isValidId } from './limits';

/** What decides whether an event-triggered journey takes an endpoint, as far as it is known. */
export type KnownEndpoint = Pick<Endpoint, 'Id' | 'Address' | 'ChannelType' | 'OptOut' | 'EndpointStatus'>;

/** The endpoints of each user that was asked for; undefined where the answer could not be had. */
export type KnownEndpoints = ReadonlyMap<string, readonly KnownEndpoint[] | undefined>;

export function knownEndpoint({ Id, Address, ChannelType, OptOut, EndpointStatus }: EndpointResponse): KnownEndpoint {
  return { Id: Id ?? '', Address, ChannelType, OptOut, EndpointStatus };
}

/** Users of whom a message leaves out what the request needs: an event's endpoint, or the endpoints that a trait without an address is for. */
export function usersToLookUp(changes: readonly Sourced[]): string[] {
  const users = new Set<string>();
  for (const { change } of changes) {
    if (change.kind === 'delete' || change.userId === undefined || users.has(change.userId)) continue;
    if (leavesOut(change) && isValidId(change.userId)) users.add(change.userId);
  }
  return [...users];
}

function leavesOut(change: Exclude<Change, { kind: 'delete' }>): boolean {
  if (change.kind === 'profile') return needsKnown(change);
  return change.carrier === undefined && !change.endpoints.some((endpoint) => endpoint.address && endpoint.optOut);
}

/** Whether a profile change is also for endpoints that it does not name by an address or an id. */
export function needsKnown({ endpoints, common }: ProfileChange): boolean {
  if (common?.optOut === 'ALL' || endpoints.length === 0) return true;
  return endpoints.some((endpoint) => endpoint.id === undefined && typeof endpoint.address !== 'string');
}

const REMEMBERED_MILLIS = 60_000;
const MAX_REMEMBERED = 10_000;

/**
 * What this instance wrote in the last minute. The service accepts first and applies later, so an answer to GetUserEndpoints can be
 * older than our own last write; without this a stale address could be sent along with an event and undo the newer one.
 */
export class RecentWrites {
  private readonly writes = new Map<string, { readonly endpoint: KnownEndpoint; readonly userId?: string; readonly at: number }>();

  public add(endpoint: Endpoint, now: number): void {
    const id = endpoint.Id.toLowerCase();
    const before = this.get(id, now);
    const { Id, Address, ChannelType, OptOut, EndpointStatus } = endpoint;
    this.writes.delete(id);
    const known = overlay(before ?? { Id }, { Id, Address, ChannelType, OptOut, EndpointStatus });
    this.writes.set(id, { endpoint: known, userId: endpoint.User?.UserId, at: now });
    if (this.writes.size > MAX_REMEMBERED) this.writes.delete(this.writes.keys().next().value!);
  }

  /** An event writes its endpoint as well. Its opt-in is only what was known, which must not hide that the user has opted out since. */
  public addCarried(Id: string, endpoint: PublicEndpoint, now: number): void {
    const { EndpointStatus = 'ACTIVE', OptOut } = endpoint;
    this.add({ ...endpoint, Id, EndpointStatus, OptOut: OptOut === 'ALL' ? OptOut : undefined }, now);
  }

  /** What is written after the user's deletion starts anew. */
  public forgetUser(userId: string): void {
    for (const [id, write] of this.writes) if (write.userId === userId) this.writes.delete(id);
  }

  public get(id: string, now: number): KnownEndpoint | undefined {
    const write = this.writes.get(id.toLowerCase());
    return write && now - write.at < REMEMBERED_MILLIS ? write.endpoint : undefined;
  }
}

/** The newer one's members where it has them. */
export function overlay(older: KnownEndpoint, newer: KnownEndpoint | undefined): KnownEndpoint {
  if (!newer) return older;
  return { Id: older.Id, Address: newer.Address ?? older.Address, ChannelType: newer.ChannelType ?? older.ChannelType,
    OptOut: newer.OptOut ?? older.OptOut, EndpointStatus: newer.EndpointStatus ?? older.EndpointStatus };
}
