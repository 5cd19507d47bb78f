import type { EndpointResponse, Event } from '@aws-sdk/client-pinpoint';
import { checkEndpoint, jsonBytes, namesOf } from './endpoint-limits';
import { EngagementRecord } from './engagement-records';
import { BadRequest } from './errors';
import { ImportJobs } from './import-jobs';
import { ENDPOINT_LIMITS, PUSH_CHANNELS } from './limits';
import { EndpointUpdate, mergeEndpoint } from './merge';
import { EndpointStore, StoredEndpoint } from './store';

export interface StoredEvent {
  readonly endpointId: string;
  readonly eventId: string;
  readonly event: Event;
}

export interface AppOptions {
  readonly id: string;
  readonly name: string;
  readonly arn: string;
  readonly now: () => Date;
}

/** One application (project): its endpoints and the events it was given. */
export class App {
  public readonly events: StoredEvent[] = [];
  /** Event types and keys seen, for the limits per application. */
  public readonly seen = { types: new Set<string>(), attributes: new Set<string>(), metrics: new Set<string>() };
  public readonly imports = new ImportJobs(this);
  public readonly creationDate: string;
  /** Where the application's event stream takes what happens; undefined without one. */
  public publish?: (records: readonly EngagementRecord[]) => void;
  private readonly store = new EndpointStore();

  public constructor(public readonly options: AppOptions) {
    this.creationDate = options.now().toISOString();
  }

  /** By endpoint id, as GetEndpoint answers them. */
  public get endpoints(): Record<string, EndpointResponse> {
    return Object.fromEntries(this.store.all().map((endpoint) => [endpoint.Id, this.view(endpoint)]));
  }

  public find(id: string): EndpointResponse | undefined {
    const endpoint = this.store.get(id);
    return endpoint && this.view(endpoint);
  }

  public ofUser(userId: string): EndpointResponse[] {
    return this.store.ofUser(userId).map((endpoint) => this.view(endpoint));
  }

  public remove(id: string): EndpointResponse | undefined {
    const endpoint = this.store.get(id);
    if (!endpoint) return undefined;
    const removed = this.view(endpoint);
    this.store.remove(endpoint);
    return removed;
  }

  /** All of them or, when one breaks a limit, none. */
  public update(updates: readonly { readonly id: string; readonly update: EndpointUpdate; readonly path: string }[]): void {
    this.store.atomically(() => updates.forEach(({ id, update, path }) => this.updateOne(id, update, path)));
  }

  private updateOne(id: string, update: EndpointUpdate, path: string): void {
    checkEndpoint(id, update, path);
    const before = this.store.get(id);
    const after = mergeEndpoint(before, id, update, { applicationId: this.options.id, now: this.options.now().toISOString() });
    if (after.userId !== undefined && after.userId !== before?.userId) this.makeRoom(after, path);
    this.store.put(after);
    if (update.User?.UserAttributes) this.store.mergeUserAttributes(after, update.User.UserAttributes);
    this.releaseAddress(after);
    this.checkTotals(update, after, path);
  }

  /** DG/audience-define-auto-inactive: above the limit a push endpoint takes the place of the oldest one, any other is refused. */
  private makeRoom({ userId, ChannelType }: StoredEndpoint, path: string): void {
    const endpoints = this.store.ofUser(userId!);
    if (endpoints.length < ENDPOINT_LIMITS.perUser) return;
    const oldest = endpoints.filter((one) => isPush(one.ChannelType)).sort(byEffectiveDate)[0];
    if (!oldest || !isPush(ChannelType)) {
      throw new BadRequest(`${path}: Exceeded maximum endpoint per user count: ${ENDPOINT_LIMITS.perUser}`);
    }
    this.store.put({ ...oldest, EndpointStatus: 'INACTIVE', userId: undefined });
  }

  /** "INACTIVE if you update another endpoint that has the same address": the channel isn't mentioned, so it doesn't count. */
  private releaseAddress({ Id, Address }: StoredEndpoint): void {
    if (Address === undefined) return;
    for (const other of this.store.withAddress(Address)) {
      if (other.Id !== Id) this.store.put({ ...other, EndpointStatus: 'INACTIVE' });
    }
  }

  private checkTotals(update: EndpointUpdate, after: StoredEndpoint, path: string): void {
    if (this.store.countNames(namesOf(update)) > ENDPOINT_LIMITS.namesPerApp) throw new BadRequest(`${path}: Too many custom attributes`);
    // Many small updates add up: what counts is what the sender can fill, not what the service adds.
    const { Address, Attributes, Metrics, Demographic, Location, User } = this.view(after);
    if (jsonBytes({ Address, Attributes, Metrics, Demographic, Location, User }) > ENDPOINT_LIMITS.endpointBytes) {
      throw new BadRequest(`${path}: the endpoint is larger than ${ENDPOINT_LIMITS.endpointBytes} bytes`);
    }
  }

  private view(endpoint: StoredEndpoint): EndpointResponse {
    const { userId, ...fields } = endpoint;
    const UserAttributes = this.store.userAttributes(endpoint) as Record<string, string[]> | undefined;
    if (userId === undefined && !UserAttributes) return fields;
    return { ...fields, User: { ...(UserAttributes ? { UserAttributes } : {}), ...(userId === undefined ? {} : { UserId: userId }) } };
  }
}

function isPush(channelType: string | undefined): boolean {
  return PUSH_CHANNELS.includes(channelType ?? '');
}

function byEffectiveDate(a: StoredEndpoint, b: StoredEndpoint): number {
  return Date.parse(a.EffectiveDate ?? '') - Date.parse(b.EffectiveDate ?? '');
}
