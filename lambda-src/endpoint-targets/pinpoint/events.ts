import { createHash } from 'node:crypto';
import type { Event, PublicEndpoint } from '@aws-sdk/client-pinpoint';
import { maxBytes } from './bytes';
import { checkEvent } from './event';
import { Endpoint, publicEndpoint } from './item';
import type { EndpointWork, EventWork } from './stage';
import type { Users } from './users';
import type { EndpointPatch, TrackedEvent } from '../../model';

interface Sized {
  readonly endpoint: PublicEndpoint;
  readonly bytes: number;
}

/** The events of a stage, each on its endpoint. */
export class Events {
  private readonly works: Omit<EventWork, 'endpoint'>[] = [];
  private readonly byKey = new Map<string, Event>();
  private byUser?: Map<string, EndpointWork[]>;
  private readonly learned = new Set<string>();
  private readonly endpoints = new Map<string, Sized>();

  public constructor(private readonly users: Users, private readonly written: readonly EndpointWork[]) {}

  /** false: the same event is there already. */
  public add(change: TrackedEvent, event: Event, index: number, carried?: Endpoint): boolean {
    const { userId } = change;
    this.learn(userId);
    const endpointId = carried?.Id ?? this.users.carrierOf(userId!, change.endpoints.map((patch) => this.withoutOutdated(patch, userId!, index)));
    if (carried) this.endpoints.set(endpointId, sized(publicEndpoint(carried)));
    const bytes = checkEvent(event);
    const eventId = this.freeId(endpointId.toLowerCase(), change.id, event);
    if (eventId === undefined) return false;
    this.works.push({ endpointId, eventId, event, changes: [index], userId, bytes });
    return true;
  }

  /** Each with its endpoint as all of the stage leaves it: the newest address goes with the oldest event. */
  public finish(): EventWork[] {
    return this.works.map(({ endpointId, eventId, event, changes, userId, bytes }) => {
      const carried = this.endpointOf(endpointId, userId);
      return { endpointId, eventId, event, changes, userId, endpoint: carried.endpoint, bytes: bytes + carried.bytes };
    });
  }

  /** What the stage itself writes of the user is newer than anything else known. */
  private learn(userId: string | undefined): void {
    if (userId === undefined || this.learned.has(userId)) return;
    this.learned.add(userId);
    this.byUser ??= groupByUser(this.written);
    for (const { endpoint } of this.byUser.get(userId) ?? []) this.users.learn(endpoint);
  }

  /** What the stage writes is written before its events, so an event must not undo what came after it. */
  private withoutOutdated(patch: EndpointPatch, userId: string, index: number): EndpointPatch {
    const key = this.users.idFor(userId, patch).toLowerCase();
    const { address = -1, optOut = -1 } = this.byUser?.get(userId)?.find(({ endpoint }) => endpoint.Id.toLowerCase() === key)?.said ?? {};
    if (address <= index && optOut <= index) return patch;
    return { ...patch, address: address > index ? undefined : patch.address, optOut: optOut > index ? undefined : patch.optOut };
  }

  private endpointOf(endpointId: string, userId: string | undefined): Sized {
    const found = this.endpoints.get(endpointId) ?? sized(this.users.eventEndpoint(endpointId, userId));
    this.endpoints.set(endpointId, found);
    return found;
  }

  /**
   * Event ids are keys of a map, where a second event of the same id would replace the first: the same event is sent once, another gets
   * its own id.
   */
  private freeId(endpointKey: string, id: string, event: Event): string | undefined {
    const keyOf = (eventId: string) => `${endpointKey.length} ${endpointKey} ${eventId}`;
    const other = this.byKey.get(keyOf(id));
    const content = other && JSON.stringify(event);
    if (other && JSON.stringify(other) === content) return undefined;
    const eventId = content === undefined && !UNUSABLE_IDS.includes(id) ? id : `${id}-${digestOf(content ?? JSON.stringify(event))}`;
    if (this.byKey.has(keyOf(eventId))) return undefined;
    this.byKey.set(keyOf(eventId), event);
    return eventId;
  }
}

/** `__proto__` is lost as a key. */
const UNUSABLE_IDS = ['', '__proto__'];

const digestOf = (content: string): string => createHash('sha256').update(content).digest('hex').slice(0, 16);

const sized = (endpoint: PublicEndpoint): Sized => ({ endpoint, bytes: maxBytes(endpoint) });

function groupByUser(written: readonly EndpointWork[]): Map<string, EndpointWork[]> {
  const byUser = new Map<string, EndpointWork[]>();
  for (const work of written) {
    if (work.userId === undefined) continue;
    const others = byUser.get(work.userId);
    if (others) others.push(work);
    else byUser.set(work.userId, [work]);
  }
  return byUser;
}
