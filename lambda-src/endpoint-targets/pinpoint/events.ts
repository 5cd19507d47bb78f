import type { Event, PublicEndpoint } from '@aws-sdk/client-pinpoint';
import type { TrackedEvent } from '../../model';
import { maxBytes } from './bytes';
import { checkEvent } from './event';
import { Endpoint, publicEndpoint } from './item';
import type { EndpointWork, EventWork } from './plan';
import type { Users } from './users';

/** The events of a stage, each on its endpoint. */
export class Events {
  public readonly all: EventWork[] = [];
  private readonly byKey = new Map<string, EventWork>();
  private byUser?: Map<string, Endpoint[]>;
  private readonly learned = new Set<string>();
  private readonly endpoints = new Map<string, { readonly endpoint: PublicEndpoint; readonly bytes: number }>();

  public constructor(private readonly users: Users, private readonly written: readonly EndpointWork[]) {}

  /** false: the same event is there already. */
  public add(change: TrackedEvent, event: Event, index: number, carried?: Endpoint): boolean {
    this.learn(change.userId);
    const endpointId = carried?.Id ?? this.users.carrierOf(change);
    const eventId = this.freeId(endpointId.toLowerCase(), change.id, event);
    if (eventId === undefined) return false;
    const { endpoint, bytes } = this.endpointOf(endpointId, change.userId, carried);
    const work: EventWork = { endpointId, eventId, event, endpoint, changes: [index], userId: change.userId, bytes: checkEvent(event) + bytes };
    this.byKey.set(`${endpointId.toLowerCase()} ${eventId}`, work);
    this.all.push(work);
    return true;
  }

  /** What the stage itself writes of the user is newer than anything else known. */
  private learn(userId: string | undefined): void {
    if (userId === undefined || this.learned.has(userId)) return;
    this.learned.add(userId);
    this.byUser ??= groupByUser(this.written);
    for (const endpoint of this.byUser.get(userId) ?? []) this.users.learn(endpoint);
  }

  private endpointOf(endpointId: string, userId: string | undefined, carried: Endpoint | undefined): { endpoint: PublicEndpoint; bytes: number } {
    const known = this.endpoints.get(endpointId);
    if (known && !carried) return known;
    const endpoint = carried ? publicEndpoint(carried) : this.users.eventEndpoint(endpointId, userId);
    const sized = { endpoint, bytes: maxBytes(endpoint) };
    this.endpoints.set(endpointId, sized);
    return sized;
  }

  /** Event ids are keys of a map, where a second event of the same id would replace the first: the same event is sent once, another gets its own id. */
  private freeId(endpointKey: string, id: string, event: Event): string | undefined {
    for (let copy = 1; ; copy += 1) {
      const eventId = copy === 1 ? id : `${id}-${copy}`;
      const other = this.byKey.get(`${endpointKey} ${eventId}`);
      if (!other) return eventId;
      if (JSON.stringify(other.event) === JSON.stringify(event)) return undefined;
    }
  }
}

function groupByUser(written: readonly EndpointWork[]): Map<string, Endpoint[]> {
  const byUser = new Map<string, Endpoint[]>();
  for (const { endpoint, userId } of written) {
    if (userId === undefined) continue;
    const others = byUser.get(userId);
    if (others) others.push(endpoint);
    else byUser.set(userId, [endpoint]);
  }
  return byUser;
}
