import type { PublicEndpoint } from '@aws-sdk/client-pinpoint';
import type { Channel } from '../../../src/contract/trait-mapping';
import type { EndpointPatch, ProfileChange } from '../../model';
import type { EndpointTargetOptions } from '../index';
import type { Endpoint } from './item';
import { KnownEndpoint, KnownEndpoints, overlay } from './known';

/** The endpoints of the users in a batch: what the service said, and what the batch itself has brought since. */
export class Users {
  private readonly endpoints = new Map<string, Map<string, KnownEndpoint>>();

  public constructor(private readonly lookedUp: KnownEndpoints, private readonly options: EndpointTargetOptions) {}

  /** The service was asked and did not answer, so nothing of this user can be decided now. */
  public isUnknown(userId: string | undefined): boolean {
    return userId !== undefined && this.lookedUp.has(userId) && this.lookedUp.get(userId) === undefined;
  }

  /** Whether the service was asked: only then is an empty answer one. */
  public wasLookedUp(userId: string): boolean {
    return this.lookedUp.has(userId);
  }

  public of(userId: string): readonly KnownEndpoint[] {
    return [...this.mapOf(userId).values()];
  }

  public idOf(userId: string, channel: Channel, slot?: string): string {
    return this.options.ids.idOf(userId, channel, slot);
  }

  /** The endpoint of a patch, named by the CDP or following from user, channel and slot. */
  public idFor(userId: string | undefined, patch: EndpointPatch): string {
    return patch.id ?? this.idOf(userId!, patch.channel!, patch.slot);
  }

  /** A user of whom no address is known still has attributes and events: they are kept on an endpoint of the CUSTOM channel. */
  public placeholder(userId: string): EndpointPatch {
    return { channel: 'CUSTOM', address: userId };
  }

  /** Every update makes an endpoint active, unless it says otherwise: one whose address was deleted has to stay as it is. */
  public asInactive(userId: string | undefined, id: string, { address, status }: EndpointPatch = {}): EndpointPatch[] {
    const isKept = userId !== undefined && address === undefined && status === undefined;
    return isKept && this.mapOf(userId).get(id.toLowerCase())?.EndpointStatus === 'INACTIVE' ? [{ status: 'INACTIVE' }] : [];
  }

  public learn(endpoint: Endpoint): void {
    const userId = endpoint.User?.UserId;
    if (userId === undefined) return;
    const map = this.mapOf(userId);
    const { Id, Address, ChannelType, OptOut, EndpointStatus } = endpoint;
    const key = Id.toLowerCase();
    map.set(key, overlay(map.get(key) ?? { Id, OptOut: this.optOutOfNew(userId, Address) }, { Id, Address, ChannelType, OptOut, EndpointStatus }));
  }

  /** The addresses that a batch is going to bring: what comes before them in the batch is for the same endpoints. */
  public foresee({ userId, endpoints }: ProfileChange): void {
    if (userId === undefined) return;
    for (const patch of endpoints) if (patch.address) this.learnAddress(userId, patch);
  }

  public forget(userId: string): void {
    this.endpoints.set(userId, new Map());
  }

  /** The endpoint that carries a user's event: of those with an address, the one whose channel comes first. */
  public carrierOf(userId: string, addresses: readonly EndpointPatch[]): string {
    for (const patch of addresses) this.learnAddress(userId, patch);
    const reachable = this.of(userId).filter((endpoint) => endpoint.Address !== undefined && endpoint.EndpointStatus !== 'INACTIVE');
    const best = reachable.sort((a, b) => this.preference(a) - this.preference(b))[0];
    if (best) return best.Id;
    if (!this.wasLookedUp(userId)) return this.idOf(userId, this.options.eventChannels[0]);
    this.learnAddress(userId, this.placeholder(userId));
    return this.idOf(userId, 'CUSTOM');
  }

  /** What PutEvents carries of an endpoint that is written elsewhere: what a journey needs to take it, nothing that could undo a change. */
  public eventEndpoint(endpointId: string, userId: string | undefined): PublicEndpoint {
    if (userId === undefined) return {};
    const { Address, ChannelType, OptOut } = this.mapOf(userId).get(endpointId.toLowerCase()) ?? {};
    const endpoint: PublicEndpoint = { User: { UserId: userId } };
    if (Address !== undefined) endpoint.Address = Address;
    if (ChannelType !== undefined) endpoint.ChannelType = ChannelType;
    if (OptOut !== undefined) endpoint.OptOut = OptOut;
    return endpoint;
  }

  /** An address that comes makes its endpoint active (again), whatever message it comes with. */
  private learnAddress(userId: string, { address, channel, optOut, ...patch }: EndpointPatch): void {
    const Id = this.idFor(userId, { ...patch, channel });
    const said = address ? { Address: address, EndpointStatus: 'ACTIVE' } : {};
    this.learn({ Id, ChannelType: channel, OptOut: optOut, ...said, User: { UserId: userId } });
  }

  /** An endpoint that is created with an address is opted in, as the service does it; without an answer nothing is claimed. */
  private optOutOfNew(userId: string, address: string | undefined): 'NONE' | undefined {
    return address !== undefined && this.lookedUp.get(userId) !== undefined ? 'NONE' : undefined;
  }

  private preference({ ChannelType }: KnownEndpoint): number {
    const position = this.options.eventChannels.indexOf(ChannelType as Channel);
    return position < 0 ? this.options.eventChannels.length : position;
  }

  private mapOf(userId: string): Map<string, KnownEndpoint> {
    let map = this.endpoints.get(userId);
    if (!map) {
      map = new Map((this.lookedUp.get(userId) ?? []).map((endpoint) => [endpoint.Id.toLowerCase(), endpoint]));
      this.endpoints.set(userId, map);
    }
    return map;
  }
}
