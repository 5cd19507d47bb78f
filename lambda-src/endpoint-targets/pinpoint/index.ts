import { createHash } from 'node:crypto';
import type { PinpointEndpointTargetConfig } from '../../../src/contract/endpoint-target';
import { DONE, dropped, Outcome, rejected, retry, worse } from '../../model';
import { inParallel } from '../../runtime/pace';
import type { ApplyOptions, EndpointTargetAdapter, EndpointTargetOptions } from '../index';
import { failureOf, PinpointApi } from './api';
import { publicEndpoint } from './item';
import { KnownEndpoint, overlay, RecentWrites, usersToLookUp } from './known';
import { MAX_ENDPOINT_BYTES, MAX_ENDPOINTS_PER_REQUEST, MAX_EVENTS_PER_REQUEST } from './limits';
import { ENDPOINT_UPDATE_EVENT, OWN_SDK_NAME } from './names';
import { packEndpoints, packEvents } from './pack';
import { planChanges } from './plan';
import { Room } from './room';
import { sendEndpoints, sendEvents, Settle } from './send';
import type { EndpointWork, EventWork, Stage } from './stage';

/** The service takes two UpdateEndpointsBatch at a time. @see https://docs.aws.amazon.com/general/latest/gr/pinpoint.html */
const BATCHES_IN_FLIGHT = 2;
const EVENTS_IN_FLIGHT = 8;
const LOOK_UPS_IN_FLIGHT = 16;

/** Amazon Pinpoint: endpoints by UpdateEndpointsBatch or PutEvents, events by PutEvents, deletions by DeleteUserEndpoints. */
export function createPinpointTarget(config: PinpointEndpointTargetConfig, options: EndpointTargetOptions): EndpointTargetAdapter {
  const api = new PinpointApi(config.applicationId, config.requestsPerSecond);
  // Only what is looked up can be out of date.
  const recent = config.lookUpEndpoints ? new RecentWrites() : undefined;
  const rooms: Rooms = { endpoints: new Room(MAX_ENDPOINTS_PER_REQUEST), events: new Room(MAX_EVENTS_PER_REQUEST) };
  return {
    apply: async (changes, { deadline, cut, meter }) => {
      const now = Date.now();
      // Questions may take half of the time at most, so that every invocation gets something done.
      Object.assign(api, { deadline: now + (deadline - now) / 2, meter });
      const known = await lookUp(api, recent, config.lookUpEndpoints ? usersToLookUp(changes) : []);
      api.deadline = deadline;
      const { stages, outcomes } = planChanges(changes, known, { ...options, cut });
      const unknownUsers = [...known.keys()].filter((userId) => !known.get(userId));
      const run = new Run({ api, recent, rooms, lane: config.endpointWrites, outcomes, meter }, unknownUsers);
      for (const stage of stages) await run.stage(stage);
      return changes.map((_, index) => outcomes.get(index) ?? retry('Postponed'));
    },
  };
}

type Known = Map<string, KnownEndpoint[] | undefined>;

async function lookUp(api: PinpointApi, recent: RecentWrites | undefined, users: readonly string[]): Promise<Known> {
  const known: Known = new Map();
  await inParallel(LOOK_UPS_IN_FLIGHT, users, async (userId) => {
    try {
      const endpoints = await api.userEndpoints(userId);
      known.set(userId, endpoints.map((endpoint) => overlay(endpoint, recent?.get(endpoint.Id, Date.now()))));
    } catch (error) {
      // What the service refuses to tell of a user it refuses to write as well, and then the message is to blame.
      known.set(userId, failureOf(error).kind === 'items' ? [] : undefined);
    }
  });
  return known;
}

interface Rooms {
  readonly endpoints: Room;
  readonly events: Room;
}

interface RunDeps {
  readonly api: PinpointApi;
  readonly recent?: RecentWrites;
  readonly rooms: Rooms;
  readonly lane: 'batch' | 'events';
  readonly outcomes: Map<number, Outcome>;
  readonly meter: ApplyOptions['meter'];
}

/** Carries out a plan. A user whose work has to be retried is not worked on any more, so that the order is kept. */
class Run {
  private readonly blocked: Set<string>;

  public constructor(private readonly deps: RunDeps, unknownUsers: readonly string[]) {
    this.blocked = new Set(unknownUsers);
  }

  public async stage(stage: Stage): Promise<void> {
    await (this.deps.lane === 'batch' ? this.writeByBatch(stage.endpoints) : this.writeByEvents(stage.endpoints));
    await this.putEvents(this.free(stage.events), (work, outcome) => {
      if (outcome.status === 'done') {
        this.deps.meter.count('EventsAccepted', 1);
        this.deps.recent?.addCarried(work.endpointId, work.endpoint, Date.now());
      }
      this.settle(work, outcome);
    });
    await inParallel(EVENTS_IN_FLIGHT, this.free(stage.deletions), async (work) => this.settle(work, await this.deleteUser(work.userId)));
  }

  private async writeByBatch(work: readonly EndpointWork[]): Promise<void> {
    const { api, rooms } = this.deps;
    await inParallel(BATCHES_IN_FLIGHT, packEndpoints(this.free(work), rooms.endpoints.items), (request) =>
      sendEndpoints(api, request, this.settleEndpoint, rooms.endpoints));
  }

  private async writeByEvents(work: readonly EndpointWork[]): Promise<void> {
    const byEvent = new Map(this.free(work).map((item) => [updateEvent(item), item]));
    await this.putEvents([...byEvent.keys()], (event, outcome) => this.settleEndpoint(byEvent.get(event)!, outcome));
  }

  private async putEvents(work: readonly EventWork[], settle: Settle<EventWork>): Promise<void> {
    const { api, rooms } = this.deps;
    await inParallel(EVENTS_IN_FLIGHT, packEvents(work, rooms.events.items), (request) => sendEvents(api, request, settle, rooms.events));
  }

  private readonly settleEndpoint: Settle<EndpointWork> = (work, outcome) => {
    if (outcome.status === 'done') {
      this.deps.recent?.add(work.endpoint, Date.now());
      this.deps.meter.count('EndpointsAccepted', 1);
      if (work.changes.length > 1) this.deps.meter.count('EndpointsCoalesced', work.changes.length - 1);
    }
    this.settle(work, outcome);
  };

  private settle({ changes, userId }: { changes: readonly number[]; userId?: string }, outcome: Outcome): void {
    if (outcome.status === 'retry' && userId !== undefined) this.blocked.add(userId);
    for (const change of changes) this.deps.outcomes.set(change, worse(this.deps.outcomes.get(change), outcome));
  }

  private async deleteUser(userId: string): Promise<Outcome> {
    try {
      const wasThere = await this.deps.api.deleteUser(userId);
      this.deps.recent?.forgetUser(userId);
      return wasThere ? DONE : dropped('UnknownUser');
    } catch (error) {
      const failure = failureOf(error);
      return failure.kind === 'retry' ? retry(failure.code) : rejected(failure.code, failure.reason);
    }
  }

  /** The work of users that nothing keeps waiting; the rest is to be retried with what came before it. */
  private free<T extends { readonly changes: readonly number[]; readonly userId?: string }>(work: readonly T[]): T[] {
    return work.filter((item) => {
      const blocked = item.userId !== undefined && this.blocked.has(item.userId);
      if (blocked) this.settle(item, retry('Postponed'));
      return !blocked;
    });
  }
}

/** Deterministic, so that a redelivered change is the same event. */
function updateEvent({ endpoint, at, changes, userId }: EndpointWork): EventWork {
  const eventId = createHash('sha256').update(at).update(JSON.stringify(endpoint)).digest('hex').slice(0, 32);
  const event = { EventType: ENDPOINT_UPDATE_EVENT, SdkName: OWN_SDK_NAME, Timestamp: at };
  return { endpointId: endpoint.Id, endpoint: publicEndpoint(endpoint), eventId, event, changes, userId, bytes: MAX_ENDPOINT_BYTES };
}

