import type { Event, PublicEndpoint } from '@aws-sdk/client-pinpoint';
import type { Attributes, Outcome, ProfileChange, TrackedEvent } from '../../model';
import { dropped, rejected, retry } from '../../model';
import { Rejection } from '../../runtime/errors';
import type { EndpointTargetOptions, Sourced } from '../index';
import { checkEvent, eventOf } from './event';
import { expand } from './expand';
import { checkEndpoint, Endpoint, endpointOf, mergeEndpoint, publicEndpoint, withUserAttributes } from './item';
import type { KnownEndpoints } from './known';
import { checkId, Cut, fitAttributes } from './limits';
import { Users } from './users';

/** Work that belongs to the changes with these indexes. */
interface Work {
  readonly changes: number[];
  /** What keeps later work waiting when this has to be retried. */
  readonly userId?: string;
  readonly bytes: number;
}

export interface EndpointWork extends Work {
  readonly endpoint: Endpoint;
  readonly at: string;
}

export interface EventWork extends Work {
  readonly endpointId: string;
  readonly endpoint: PublicEndpoint;
  readonly eventId: string;
  readonly event: Event;
}

export interface DeletionWork extends Work {
  readonly userId: string;
}

/** Endpoints before events before deletions; each stage is finished before the next begins. */
export interface Stage {
  readonly endpoints: EndpointWork[];
  readonly events: EventWork[];
  readonly deletions: DeletionWork[];
}

export interface Plan {
  readonly stages: readonly Stage[];
  /** Outcomes of the changes that need no request, by index. */
  readonly outcomes: Map<number, Outcome>;
}

interface DraftEndpoint { readonly endpoint: Endpoint; readonly changes: number[]; at: string }
interface DraftEvent { readonly endpointId: string; eventId: string; readonly event: Event; readonly change: number; readonly userId?: string }

export type PlanOptions = EndpointTargetOptions & { readonly cut: (message: number, reason: string) => void };

interface Indexed extends Sourced {
  readonly index: number;
}

/** Turns changes into as few endpoints and events as say the same. Pure but for the counting of cuts. */
export function planChanges(changes: readonly Sourced[], known: KnownEndpoints, options: PlanOptions): Plan {
  const users = new Users(known, options);
  const outcomes = new Map<number, Outcome>();
  const stages = splitByDeletions(changes).map((group) => {
    for (const { change } of group) if (change.kind === 'profile') users.foresee(change);
    const planner = new StagePlanner(users, outcomes, options);
    for (const sourced of group) planner.add(sourced);
    const stage = planner.finish();
    for (const { userId } of stage.deletions) users.forget(userId);
    return stage;
  });
  return { stages: stages.filter((stage) => stage.endpoints.length + stage.events.length + stage.deletions.length > 0), outcomes };
}

/** A deletion ends a stage: what comes after it must not be done before it. */
function splitByDeletions(changes: readonly Sourced[]): Indexed[][] {
  const groups: Indexed[][] = [];
  changes.forEach((sourced, index) => {
    const group = groups[groups.length - 1];
    const ended = !group || (group[group.length - 1].change.kind === 'delete' && sourced.change.kind !== 'delete');
    if (ended) groups.push([{ ...sourced, index }]);
    else group.push({ ...sourced, index });
  });
  return groups;
}

class StagePlanner {
  private readonly endpoints = new Map<string, DraftEndpoint>();
  private readonly userAttributes = new Map<string, Attributes>();
  private readonly carried = new Map<string, Endpoint>();
  private readonly events = new Map<string, DraftEvent>();
  private readonly deletions: DeletionWork[] = [];

  public constructor(private readonly users: Users, private readonly outcomes: Map<number, Outcome>, private readonly options: PlanOptions) {}

  public add({ change, message, index }: Indexed): void {
    const cut: Cut = (reason) => this.options.cut(message, reason);
    this.orReject([index], () => {
      if (change.userId !== undefined) checkId(change.userId, 'the user id');
      if (change.kind === 'delete') this.deletions.push({ userId: change.userId, changes: [index], bytes: 0 });
      else if (this.users.isUnknown(change.userId)) this.outcomes.set(index, retry('LookUpFailed'));
      else if (change.kind === 'event') this.addEvent(change, index, cut);
      else this.addProfile(change, index, cut);
    });
  }

  public finish(): Stage {
    const stage: Stage = { endpoints: [], events: [], deletions: this.deletions };
    for (const draft of this.endpoints.values()) this.finishEndpoint(draft, stage);
    for (const draft of this.events.values()) this.finishEvent(draft, stage);
    return stage;
  }

  private addProfile(change: ProfileChange, index: number, cut: Cut): void {
    const endpoints = expand(change, this.users, cut);
    for (const endpoint of endpoints) this.put(endpoint, change.at, index);
    if (change.userId !== undefined && endpoints.length > 0) this.mergeUserAttributes(change.userId, fitAttributes(change.userAttributes, cut));
  }

  private put(endpoint: Endpoint, at: string, index: number): void {
    const key = endpoint.Id.toLowerCase();
    const draft = this.endpoints.get(key);
    if (draft) {
      mergeEndpoint(draft.endpoint, endpoint);
      draft.changes.push(index);
      draft.at = at;
    } else this.endpoints.set(key, { endpoint, changes: [index], at });
    // An older state that travels with an event must not undo this one.
    const carried = this.carried.get(key);
    if (carried) mergeEndpoint(carried, endpoint);
    this.users.learn(endpoint);
  }

  private mergeUserAttributes(userId: string, attributes: Attributes): void {
    const merged = this.userAttributes.get(userId);
    if (merged) Object.assign(merged, attributes);
    else this.userAttributes.set(userId, attributes);
  }

  private addEvent(change: TrackedEvent, index: number, cut: Cut): void {
    const event = eventOf(change, cut);
    const endpointId = change.carrier ? this.carry(change.carrier, cut) : this.users.carrierOf(change);
    const draft: DraftEvent = { endpointId, eventId: change.id, event, change: index, userId: change.userId };
    if (this.isRepeated(draft)) this.outcomes.set(index, dropped('DuplicateEvent'));
    else this.events.set(`${endpointId.toLowerCase()} ${draft.eventId}`, draft);
  }

  private carry(carrier: ProfileChange, cut: Cut): string {
    const [patch] = carrier.endpoints;
    const endpoint = endpointOf(this.users.idFor(carrier.userId, patch), carrier.userId, patch, cut);
    if (carrier.userId !== undefined) this.mergeUserAttributes(carrier.userId, fitAttributes(carrier.userAttributes, cut));
    const key = endpoint.Id.toLowerCase();
    const before = this.carried.get(key);
    if (before) mergeEndpoint(before, endpoint);
    else this.carried.set(key, endpoint);
    this.users.learn(endpoint);
    return endpoint.Id;
  }

  /** Event ids are keys of a map, where a second event of the same id would replace the first: the same event is sent once, another gets its own id. */
  private isRepeated(draft: DraftEvent): boolean {
    const base = draft.eventId;
    for (let copy = 2; ; copy += 1) {
      const other = this.events.get(`${draft.endpointId.toLowerCase()} ${draft.eventId}`);
      if (!other) return false;
      if (JSON.stringify(other.event) === JSON.stringify(draft.event)) return true;
      draft.eventId = `${base}-${copy}`;
    }
  }

  private finishEndpoint({ endpoint, changes, at }: DraftEndpoint, stage: Stage): void {
    this.orReject(changes, () => {
      const userId = endpoint.User?.UserId;
      const whole = withUserAttributes(endpoint, userId === undefined ? undefined : this.userAttributes.get(userId));
      stage.endpoints.push({ endpoint: whole, changes, at, userId, bytes: checkEndpoint(whole) });
    });
  }

  private finishEvent({ endpointId, eventId, event, change, userId }: DraftEvent, stage: Stage): void {
    this.orReject([change], () => {
      const carried = this.carried.get(endpointId.toLowerCase());
      const whole = carried ? withUserAttributes(carried, userId === undefined ? undefined : this.userAttributes.get(userId))
        : this.users.eventEndpoint(endpointId, userId);
      const bytes = checkEvent(event) + (carried ? checkEndpoint(whole) : 0);
      stage.events.push({ endpointId, eventId, event, endpoint: publicEndpoint(whole), changes: [change], userId, bytes });
    });
  }

  private orReject(changes: readonly number[], work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof Rejection)) throw error;
      for (const change of changes) this.outcomes.set(change, rejected(error.code, error.message));
    }
  }
}
