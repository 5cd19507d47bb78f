import type { Event, PublicEndpoint } from '@aws-sdk/client-pinpoint';
import type { Attributes, EndpointPatch, Outcome, ProfileChange, TrackedEvent } from '../../model';
import { dropped, rejected, retry } from '../../model';
import { Rejection } from '../../runtime/errors';
import type { EndpointTargetOptions, Sourced } from '../index';
import { eventOf } from './event';
import { Events } from './events';
import { expand } from './expand';
import { addUserAttributes, checkEndpoint, Endpoint, endpointOf, isFilled } from './item';
import { checkId, Cut, fitAttributes } from './limits';
import { Users } from './users';

export type PlanOptions = EndpointTargetOptions & { readonly cut: (message: number, reason: string) => void };

/** Work that belongs to the changes with these indexes. */
interface Work {
  readonly changes: number[];
  /** What keeps later work waiting when this has to be retried. */
  readonly userId?: string;
}

/** The newest of the changes that say where the user is reached, and whether. */
export interface Said {
  address?: number;
  optOut?: number;
}

export interface EndpointWork extends Work {
  readonly endpoint: Endpoint;
  readonly at: string;
  readonly said: Said;
}

export interface EventWork extends Work {
  readonly endpointId: string;
  readonly endpoint: PublicEndpoint;
  readonly eventId: string;
  readonly event: Event;
  /** Size of event and endpoint, or a little more. */
  readonly bytes: number;
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

/** Everything a stage says of one endpoint, oldest first. */
interface Draft {
  readonly id: string;
  userId?: string;
  readonly patches: EndpointPatch[];
  readonly changes: number[];
  readonly said: Said;
  at: string;
  /** The message of the newest patch, for which cuts are counted. */
  message: number;
}

export class StagePlanner {
  private readonly drafts = new Map<string, Draft>();
  private readonly carried = new Map<string, Draft>();
  private readonly userAttributes = new Map<string, Attributes[]>();
  private readonly finished = new Map<Draft, Endpoint>();
  private readonly fitted = new Map<string, Attributes>();
  private readonly tracked: { readonly change: TrackedEvent; readonly event: Event; readonly carrier?: Draft; readonly index: number }[] = [];
  private readonly deletions: DeletionWork[] = [];

  public constructor(
    private readonly users: Users, private readonly outcomes: Map<number, Outcome>, private readonly together: Set<number>,
    private readonly options: PlanOptions,
  ) {}

  public add({ change, message }: Sourced, index: number): void {
    try {
      if (change.userId !== undefined) checkId(change.userId, 'the user id');
      if (change.kind === 'delete') this.deletions.push({ userId: change.userId, changes: [index] });
      else if (this.users.isUnknown(change.userId)) this.outcomes.set(index, retry('LookUpFailed'));
      else if (change.kind === 'event') this.addEvent(change, index, message);
      else this.addProfile(change, index, message);
    } catch (error) {
      this.reject([index], error);
    }
  }

  public finish(): Stage {
    const endpoints = this.finishEndpoints();
    // For the stage that follows a deletion. Before the events, as these may bring newer addresses.
    if (this.deletions.length > 0) for (const { endpoint } of endpoints) this.users.learn(endpoint);
    const events = this.finishEvents(endpoints);
    for (const { userId } of this.deletions) this.users.forget(userId);
    return { endpoints, events, deletions: this.deletions };
  }

  private addProfile(change: ProfileChange, index: number, message: number): void {
    const put = (id: string, patches: EndpointPatch[]) => this.put(id, patches, change, index, message);
    const reached = expand(change, this.users, put, (reason) => this.options.cut(message, reason));
    if (reached) this.addUserAttributes(change);
    else this.outcomes.set(index, dropped('NothingToChange'));
  }

  private put(id: string, patches: EndpointPatch[], { userId, at }: ProfileChange | TrackedEvent, index: number, message: number): void {
    const key = id.toLowerCase();
    addTo(this.drafts, key, { id, userId, patches, changes: [index], said: saidBy(patches, index), at, message });
    // An older state that travels with an event must not undo this one.
    this.carried.get(key)?.patches.push(...patches);
  }

  private addUserAttributes({ userId, userAttributes }: ProfileChange): void {
    if (userId === undefined || !isFilled(userAttributes)) return;
    const older = this.userAttributes.get(userId);
    if (older) older.push(userAttributes);
    else this.userAttributes.set(userId, [userAttributes]);
  }

  private addEvent(change: TrackedEvent, index: number, message: number): void {
    const event = eventOf(change, (reason) => this.options.cut(message, reason));
    if (change.carrier) return void this.tracked.push({ change, event, index, carrier: this.carry(change.carrier, message) });
    this.tracked.push({ change, event, index });
    // Consent is written where it belongs, also when another endpoint carries the event.
    for (const patch of change.endpoints) if (patch.optOut) this.put(this.users.idFor(change.userId, patch), [patch], change, index, message);
  }

  /** An endpoint that the CDP itself sends with its events travels with them in full. */
  private carry(carrier: ProfileChange, message: number): Draft {
    const { userId, at, endpoints: [patch] } = carrier;
    const id = this.users.idFor(userId, patch);
    this.addUserAttributes(carrier);
    return addTo(this.carried, id.toLowerCase(), { id, userId, patches: [patch], changes: [], said: {}, at, message });
  }

  private finishEndpoints(): EndpointWork[] {
    const works: EndpointWork[] = [];
    for (const draft of this.drafts.values()) {
      try {
        works.push({ endpoint: this.endpointOf(draft), changes: draft.changes, userId: draft.userId, at: draft.at, said: draft.said });
      } catch (error) {
        this.reject(draft.changes, error);
      }
    }
    return works;
  }

  private finishEvents(endpoints: readonly EndpointWork[]): EventWork[] {
    const events = new Events(this.users, endpoints);
    for (const { change, event, carrier, index } of this.tracked) {
      try {
        const added = events.add(change, event, index, carrier && this.carriedBy(carrier));
        if (!added) this.outcomes.set(index, dropped('DuplicateEvent'));
      } catch (error) {
        this.reject([index], error);
      }
    }
    return events.finish();
  }

  /** Once for all events that it travels with. */
  private carriedBy(draft: Draft): Endpoint {
    const endpoint = this.finished.get(draft) ?? this.endpointOf(draft);
    this.finished.set(draft, endpoint);
    return endpoint;
  }

  private endpointOf({ id, userId, patches, message }: Draft): Endpoint {
    const cut: Cut = (reason) => this.options.cut(message, reason);
    const endpoint = endpointOf(id, userId, patches, cut);
    if (userId !== undefined) addUserAttributes(endpoint, this.attributesOf(userId, cut));
    checkEndpoint(endpoint);
    return endpoint;
  }

  /** Merged and fitted once for all endpoints of the user. */
  private attributesOf(userId: string, cut: Cut): Attributes | undefined {
    const parts = this.userAttributes.get(userId);
    if (!parts) return undefined;
    let fitted = this.fitted.get(userId);
    if (!fitted) {
      fitted = fitAttributes(parts.reduce((older, newer) => ({ ...older, ...newer })), cut);
      this.fitted.set(userId, fitted);
    }
    return fitted;
  }

  private reject(changes: readonly number[], error: unknown): void {
    if (!(error instanceof Rejection)) throw error;
    for (const change of changes) this.outcomes.set(change, rejected(error.code, error.message));
    if (changes.length > 1) for (const change of changes) this.together.add(change);
  }
}

function saidBy(patches: readonly EndpointPatch[], index: number): Said {
  const said: Said = { address: undefined, optOut: undefined };
  for (const { address, optOut } of patches) {
    if (address !== undefined) said.address = index;
    if (optOut !== undefined) said.optOut = index;
  }
  return said;
}

function addTo(drafts: Map<string, Draft>, key: string, newer: Draft): Draft {
  const draft = drafts.get(key);
  if (!draft) {
    drafts.set(key, newer);
    return newer;
  }
  draft.patches.push(...newer.patches);
  for (const change of newer.changes) if (draft.changes[draft.changes.length - 1] !== change) draft.changes.push(change);
  draft.userId = newer.userId ?? draft.userId;
  draft.said.address = newer.said.address ?? draft.said.address;
  draft.said.optOut = newer.said.optOut ?? draft.said.optOut;
  draft.at = newer.at;
  draft.message = newer.message;
  return draft;
}
