import { createHash } from 'node:crypto';
import type { PinpointEndpointTargetConfig } from '../../../src/contract/endpoint-target';
import { DONE, Outcome, rejected, retry, worse } from '../../model';
import { inParallel } from '../../runtime/pace';
import type { ApplyOptions, EndpointTargetAdapter, EndpointTargetOptions } from '../index';
import { failureOf, PinpointApi } from './api';
import { publicEndpoint } from './item';
import { KnownEndpoint, overlay, RecentWrites, usersToLookUp } from './known';
import { MAX_ENDPOINT_BYTES } from './limits';
import { ENDPOINT_UPDATE_EVENT } from './names';
import { packEndpoints, packEvents } from './pack';
import { EndpointWork, EventWork, planChanges, Stage } from './plan';
import { sendEndpoints, sendEvents, Settle } from './send';

/** The service takes two UpdateEndpointsBatch at a time. @see https://docs.aws.amazon.com/general/latest/gr/pinpoint.html */
const BATCHES_IN_FLIGHT = 2;
const EVENTS_IN_FLIGHT = 8;
const LOOK_UPS_IN_FLIGHT = 16;

/** Amazon Pinpoint: endpoints by UpdateEndpointsBatch or PutEvents, events by PutEvents, deletions by DeleteUserEndpoints. */
export function createPinpointTarget(config: PinpointEndpointTargetConfig, options: EndpointTargetOptions): EndpointTargetAdapter {
  const api = new PinpointApi(config.applicationId, config.requestsPerSecond);
  // Only what is looked up can be out of date.
  const recent = config.lookUpEndpoints ? new RecentWrites() : undefined;
  return {
    apply: async (changes, { deadline, cut, meter }) => {
      const now = Date.now();
      // Questions may take half of the time at most, so that every invocation gets something done.
      Object.assign(api, { deadline: now + (deadline - now) / 2, meter });
      const known = await lookUp(api, recent, config.lookUpEndpoints ? usersToLookUp(changes) : []);
      api.deadline = deadline;
      const { stages, outcomes } = planChanges(changes, known, { ...options, cut });
      const run = new Run(api, recent, config.endpointWrites, outcomes, meter, [...known.keys()].filter((userId) => !known.get(userId)));
      for (const stage of stages) await run.stage(stage);
      return changes.map((_, index) => outcomes.get(index) ?? retry('Postponed'));
    },
  };
}

async function lookUp(api: PinpointApi, recent: RecentWrites | undefined, users: readonly string[]): Promise<Map<string, KnownEndpoint[] | undefined>> {
  const known = new Map<string, KnownEndpoint[] | undefined>();
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

/** Carries out a plan. A user whose work has to be retried is not worked on any more, so that the order is kept. */
class Run {
  private readonly blocked: Set<string>;

  public constructor(
    private readonly api: PinpointApi, private readonly recent: RecentWrites | undefined, private readonly lane: 'batch' | 'events',
    private readonly outcomes: Map<number, Outcome>, private readonly meter: ApplyOptions['meter'],
    unknownUsers: readonly string[],
  ) {
    this.blocked = new Set(unknownUsers);
  }

  public async stage(stage: Stage): Promise<void> {
    await (this.lane === 'batch' ? this.writeByBatch(stage.endpoints) : this.writeByEvents(stage.endpoints));
    await this.putEvents(this.free(stage.events), (work, outcome) => {
      if (outcome.status === 'done') {
        this.meter.count('EventsAccepted', 1);
        this.recent?.addCarried(work.endpointId, work.endpoint, Date.now());
      }
      this.settle(work, outcome);
    });
    await inParallel(EVENTS_IN_FLIGHT, this.free(stage.deletions), async (work) => this.settle(work, await this.deleteUser(work.userId)));
  }

  private async writeByBatch(work: readonly EndpointWork[]): Promise<void> {
    await inParallel(BATCHES_IN_FLIGHT, packEndpoints(this.free(work)), (request) => sendEndpoints(this.api, request, this.settleEndpoint));
  }

  private async writeByEvents(work: readonly EndpointWork[]): Promise<void> {
    const byEvent = new Map(this.free(work).map((item) => [updateEvent(item), item]));
    await this.putEvents([...byEvent.keys()], (event, outcome) => this.settleEndpoint(byEvent.get(event)!, outcome));
  }

  private async putEvents(work: readonly EventWork[], settle: Settle<EventWork>): Promise<void> {
    await inParallel(EVENTS_IN_FLIGHT, packEvents(work), (request) => sendEvents(this.api, request, settle));
  }

  private readonly settleEndpoint: Settle<EndpointWork> = (work, outcome) => {
    if (outcome.status === 'done') {
      this.recent?.add(work.endpoint, Date.now());
      this.meter.count('EndpointsAccepted', 1);
      if (work.changes.length > 1) this.meter.count('EndpointsCoalesced', work.changes.length - 1);
    }
    this.settle(work, outcome);
  };

  private settle({ changes, userId }: { changes: readonly number[]; userId?: string }, outcome: Outcome): void {
    if (outcome.status === 'retry' && userId !== undefined) this.blocked.add(userId);
    for (const change of changes) this.outcomes.set(change, worse(this.outcomes.get(change), outcome));
  }

  private async deleteUser(userId: string): Promise<Outcome> {
    try {
      await this.api.deleteUser(userId);
      this.recent?.forgetUser(userId);
      return DONE;
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
  const event = { EventType: ENDPOINT_UPDATE_EVENT, Timestamp: at };
  return { endpointId: endpoint.Id, endpoint: publicEndpoint(endpoint), eventId, event, changes, userId, bytes: MAX_ENDPOINT_BYTES };
}

