import { setTimeout as sleep } from 'node:timers/promises';
import type { CustomerProfilesEndpointTargetConfig } from '../../../src/contract/endpoint-target';
import type { EndpointIds } from '../../mapping/endpoint-id';
import { Change, DeleteMessage, DONE, dropped, Outcome, ProfileChange, rejected, retry, TrackedEvent } from '../../model';
import { Rejection } from '../../runtime/errors';
import type { ApplyOptions } from '../index';
import { CustomerProfilesApi, failureOf } from './api';
import { eventObject, profileOf } from './event';
import { fieldsOf, isOf, RecentWrites } from './known';
import { checkKey, checkSize } from './limits';
import { Names, UserObject, userObject } from './object';
import { Fields, isFieldCertain, Slots } from './slots';

/** One change of the user, and where its outcome belongs. */
export interface Item<T extends Change = Change> {
  readonly change: T;
  readonly index: number;
  readonly message: number;
}

export interface RunDeps {
  readonly api: CustomerProfilesApi;
  readonly config: CustomerProfilesEndpointTargetConfig;
  readonly names: Names;
  readonly ids: EndpointIds;
  readonly recent: RecentWrites;
  readonly options: ApplyOptions;
  readonly settle: (index: number, outcome: Outcome) => void;
}

/** What is written for one change: a part of the user's object, and for an event its own. */
interface Part {
  readonly item: Item<ProfileChange | TrackedEvent>;
  readonly object: UserObject;
  readonly event?: string;
}

/** How often a user who is to be deleted is looked for: an object that was put shortly before may not be visible yet. The pauses are those
 * of AWS's own code (aws-amplify/amplify-backend, packages/backend-notifications): 150 ms, 300 ms, and so on. */
const LOOKS = 8;
const PAUSE_MILLIS = 150;
/** How long after a deletion a profile may come again: all of those pauses. */
const LATE_MILLIS = PAUSE_MILLIS * LOOKS * (LOOKS - 1) / 2;

/** The changes of one user, one after the other. What comes after a change that has to be retried is not touched. */
export class UserRun {
  /** Of a profile that was just deleted nothing is left, whatever a search may still show. */
  private isErased = false;

  public constructor(private readonly deps: RunDeps, private readonly userId: string) {}

  public async run(items: readonly Item[]): Promise<void> {
    let open = items;
    while (open.length > 0) {
      const end = open.findIndex(({ change }) => change.kind === 'delete');
      const stage = (end < 0 ? open : open.slice(0, end)) as Item<ProfileChange | TrackedEvent>[];
      if (!await this.write(stage)) return;
      if (end < 0) return;
      if (!this.settle(open[end] as Item<DeleteMessage>, await this.erase())) return;
      open = open.slice(end + 1);
    }
  }

  /** One object for all that is said of the user, then one for each event. False: something has to be retried. */
  private async write(said: readonly Item<ProfileChange | TrackedEvent>[]): Promise<boolean> {
    const { known, items } = await this.known(said);
    if (known === undefined) {
      items.forEach((item) => this.settle(item, retry('LookUpFailed')));
      return false;
    }
    const parts = this.partsOf(items, known);
    if (!await this.putUser(parts.filter(({ object }) => Object.keys(object).length > 0))) return false;
    for (const { item, event } of parts) {
      if (event !== undefined && !await this.putEvent(item, event)) return false;
    }
    return true;
  }

  /** Each change sees what those before it say; one that is refused takes no field. */
  private partsOf(items: readonly Item<ProfileChange | TrackedEvent>[], known: Fields): Part[] {
    const parts: Part[] = [];
    let fields = known;
    for (const item of items) {
      const part = this.partOf(item, new Slots(this.userId, this.deps.ids, fields));
      if (part === undefined) continue;
      parts.push(part);
      fields = { ...fields, ...part.object };
    }
    return parts;
  }

  private partOf(item: Item<ProfileChange | TrackedEvent>, slots: Slots): Part | undefined {
    const cut = (reason: string) => this.deps.options.cut(item.message, reason);
    const { change } = item;
    try {
      checkKey(this.userId, 'the user id');
      const event = change.kind === 'event' ? eventObject(change, this.userId, cut) : undefined;
      const object = userObject(change.kind === 'event' ? profileOf(change) : change, slots, this.deps.names, cut);
      if (event === undefined && Object.keys(object).length === 0) this.settle(item, dropped('NothingToChange'));
      return { item, object, event };
    } catch (error) {
      if (!(error instanceof Rejection)) throw error;
      this.settle(item, rejected(error.code, error.message));
      return undefined;
    }
  }

  /** All at once; if the service refuses that, one by one, so that only the guilty one pays. */
  private async putUser(parts: readonly Part[]): Promise<boolean> {
    if (parts.length === 0) return true;
    const object: UserObject = Object.assign({}, ...parts.map((part) => part.object));
    const outcome = await this.put(this.deps.config.userObjectType, JSON.stringify({ userId: this.userId, ...object }));
    if (outcome.status === 'rejected' && parts.length > 1) {
      for (const part of parts) if (!await this.putUser([part])) return false;
      return true;
    }
    if (outcome.status === 'done') this.wrote(object, parts.length);
    parts.forEach(({ item }) => this.settle(item, outcome));
    return outcome.status !== 'retry';
  }

  private wrote(object: UserObject, changes: number): void {
    const { recent, options: { meter } } = this.deps;
    recent.add(this.userId, object);
    meter.count('EndpointsAccepted', 1);
    if (changes > 1) meter.count('EndpointsCoalesced', changes - 1);
  }

  private async putEvent(item: Item, event: string): Promise<boolean> {
    const outcome = await this.put(this.deps.config.eventObjectType, event);
    if (outcome.status === 'done') {
      this.deps.recent.add(this.userId, {});
      this.deps.options.meter.count('EventsAccepted', 1);
    }
    return this.settle(item, outcome);
  }

  private async put(objectType: string, object: string): Promise<Outcome> {
    try {
      await this.deps.api.putObject(objectType, checkSize(object));
      return DONE;
    } catch (error) {
      return outcomeOf(error);
    }
  }

  /** What is known of the user's addresses, and the changes that can be written with it. Undefined: the service did not tell now. */
  private async known<T extends Item<ProfileChange | TrackedEvent>>(items: readonly T[]): Promise<{ known?: Fields; items: readonly T[] }> {
    const recent = this.deps.recent.get(this.userId)?.fields ?? {};
    const asks = ({ change }: Item) => this.asks(change.kind === 'event' ? profileOf(change) : change as ProfileChange, recent);
    if (this.isErased || !items.some(asks)) return { known: recent, items };
    try {
      checkKey(this.userId, 'the user id');
      const profiles = await this.deps.api.profilesOf(this.userId);
      // The object goes to the profile that the key leads to, also if it was merged with another's.
      return { known: { ...fieldsOf(profiles.find((profile) => isOf(profile, this.userId)) ?? profiles[0]), ...recent }, items };
    } catch (error) {
      const outcome = outcomeOf(error);
      if (outcome.status === 'retry') return { items };
      // Which field an address has must not be guessed: it could be another's.
      for (const item of items.filter(asks)) this.settle(item, outcome);
      return { known: recent, items: items.filter((item) => !asks(item)) };
    }
  }

  /** Whether the profile decides which field an address has, or what becomes of the one that is there. */
  private asks({ endpoints }: ProfileChange, recent: Fields): boolean {
    return endpoints.some((patch) => {
      const isSaid = patch.address !== undefined || patch.optOut !== undefined || patch.status !== undefined;
      return isSaid && !isFieldCertain(patch, this.userId, this.deps.ids, recent);
    });
  }

  private async erase(): Promise<Outcome> {
    try {
      checkKey(this.userId, 'the user id');
      const isOpen = this.deps.recent.get(this.userId)?.isOpen ?? false;
      const profiles = await this.lookFor();
      if (profiles.length === 0) return isOpen ? retry('NotYetVisible') : dropped('UnknownUser');
      if (!profiles.every((profile) => isOf(profile, this.userId))) {
        return rejected('MergedProfile', 'the profile of this user is another user\'s too: someone has to decide what is deleted');
      }
      await this.deleteAll(profiles);
      await this.eraseLate();
      this.deps.recent.deleted(this.userId);
      this.isErased = true;
      return DONE;
    } catch (error) {
      return outcomeOf(error);
    }
  }

  /** What was put shortly before, by this instance or by another, and is applied only after the deletion makes a profile again. */
  private async eraseLate(): Promise<void> {
    await this.pause(LATE_MILLIS);
    const profiles = await this.deps.api.profilesOf(this.userId);
    await this.deleteAll(profiles.filter((profile) => isOf(profile, this.userId)));
  }

  private async deleteAll(profiles: Awaited<ReturnType<CustomerProfilesApi['profilesOf']>>): Promise<void> {
    for (const { ProfileId } of profiles) await this.deps.api.deleteProfile(ProfileId!);
  }

  private async lookFor() {
    for (let look = 1; ; look += 1) {
      const profiles = await this.deps.api.profilesOf(this.userId);
      if (profiles.length > 0 || look === LOOKS) return profiles;
      await this.pause(look * PAUSE_MILLIS);
    }
  }

  private async pause(millis: number): Promise<void> {
    await sleep(Math.min(millis, Math.max(0, this.deps.api.deadline - Date.now())));
  }

  /** False when it has to be retried. */
  private settle({ index }: Item, outcome: Outcome): boolean {
    this.deps.settle(index, outcome);
    return outcome.status !== 'retry';
  }
}

function outcomeOf(error: unknown): Outcome {
  if (error instanceof Rejection) return rejected(error.code, error.message);
  const failure = failureOf(error);
  return failure.kind === 'retry' ? retry(failure.code) : rejected(failure.code, failure.reason);
}
