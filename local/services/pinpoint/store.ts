import type { EndpointResponse } from '@aws-sdk/client-pinpoint';

export type Lists = Readonly<Record<string, readonly string[]>>;

/** Everything but the user's attributes, which all endpoints of a user share. Never changed in place, so that an undo is a put. */
export type StoredEndpoint = Readonly<Omit<EndpointResponse, 'Id' | 'User'>> & { readonly Id: string; readonly userId?: string };

/** Endpoint ids are not case-sensitive (API/apps-application-id-endpoints). */
export function keyOf(id: string): string {
  return id.toLowerCase();
}

/** The endpoints of one application, with an undo for requests that are taken whole or not at all. */
export class EndpointStore {
  private readonly endpoints = new Map<string, StoredEndpoint>();
  private readonly users = new Map<string, Lists>();
  private readonly byUser = new Map<string, Set<string>>();
  private readonly byAddress = new Map<string, Set<string>>();
  private readonly names = new Set<string>();
  /** Steps back, newest last; undefined outside of `atomically`. */
  private undo: (() => void)[] | undefined;

  public get(id: string): StoredEndpoint | undefined {
    return this.endpoints.get(keyOf(id));
  }

  public all(): StoredEndpoint[] {
    return [...this.endpoints.values()];
  }

  public ofUser(userId: string): StoredEndpoint[] {
    return this.pick(this.byUser.get(userId));
  }

  public withAddress(address: string): StoredEndpoint[] {
    return this.pick(this.byAddress.get(address));
  }

  public put(endpoint: StoredEndpoint): void {
    this.replace(keyOf(endpoint.Id), endpoint);
  }

  public remove({ Id }: StoredEndpoint): void {
    this.replace(keyOf(Id), undefined);
    this.setAttributes(`endpoint:${keyOf(Id)}`, undefined);
  }

  public userAttributes(endpoint: StoredEndpoint): Lists | undefined {
    return this.users.get(ownerOf(endpoint));
  }

  public mergeUserAttributes(endpoint: StoredEndpoint, attributes: Lists): void {
    this.setAttributes(ownerOf(endpoint), { ...this.userAttributes(endpoint), ...attributes });
  }

  /** How many names there are in the application with these; a name counts once per kind, and for good. */
  public countNames(names: readonly string[]): number {
    for (const name of names.filter((one) => !this.names.has(one))) {
      this.names.add(name);
      this.undo?.push(() => this.names.delete(name));
    }
    return this.names.size;
  }

  /** Undoes what `work` did when it throws. */
  public atomically<T>(work: () => T): T {
    const undo: (() => void)[] = [];
    this.undo = undo;
    try {
      return work();
    } catch (error) {
      undo.reverse().forEach((step) => step());
      throw error;
    } finally {
      this.undo = undefined;
    }
  }

  private replace(key: string, after: StoredEndpoint | undefined): void {
    const before = this.endpoints.get(key);
    this.undo?.push(() => this.write(key, after, before));
    this.write(key, before, after);
    // A user exists through its endpoints: with the last one its attributes go.
    const left = before?.userId;
    if (left !== undefined && this.ofUser(left).length === 0) this.setAttributes(`user:${left}`, undefined);
  }

  private write(key: string, before: StoredEndpoint | undefined, after: StoredEndpoint | undefined): void {
    reindex(this.byUser, key, before?.userId, after?.userId);
    reindex(this.byAddress, key, before?.Address, after?.Address);
    setOrDelete(this.endpoints, key, after);
  }

  private setAttributes(owner: string, attributes: Lists | undefined): void {
    const before = this.users.get(owner);
    this.undo?.push(() => setOrDelete(this.users, owner, before));
    setOrDelete(this.users, owner, attributes);
  }

  private pick(keys: ReadonlySet<string> = new Set()): StoredEndpoint[] {
    return [...keys].flatMap((key) => this.endpoints.get(key) ?? []);
  }
}

/** User attributes without a UserId belong to the one endpoint. */
function ownerOf({ Id, userId }: StoredEndpoint): string {
  return userId === undefined ? `endpoint:${keyOf(Id)}` : `user:${userId}`;
}

function reindex(index: Map<string, Set<string>>, key: string, before: string | undefined, after: string | undefined): void {
  if (before !== undefined) index.get(before)?.delete(key);
  if (after !== undefined) index.set(after, (index.get(after) ?? new Set<string>()).add(key));
}

function setOrDelete<T>(map: Map<string, T>, key: string, value: T | undefined): void {
  if (value === undefined) map.delete(key);
  else map.set(key, value);
}
