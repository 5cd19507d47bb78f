import type { CustomerProfilesEndpointTargetConfig } from '../../../src/contract/endpoint-target';
import { Outcome, rejected, retry, worse } from '../../model';
import { inParallel } from '../../runtime/pace';
import type { EndpointTargetAdapter, EndpointTargetOptions, Sourced } from '../index';
import { CustomerProfilesApi } from './api';
import { RecentWrites } from './known';
import type { Names } from './object';
import { Item, RunDeps, UserRun } from './user-run';

/** As many as keep the quota of 100 requests a second and operation busy when a search and a write take half a second. */
const USERS_IN_FLIGHT = 48;

/** Amazon Connect Customer Profiles: users and events by PutProfileObject, deletions by DeleteProfile. */
export function createCustomerProfilesTarget(config: CustomerProfilesEndpointTargetConfig, { ids }: EndpointTargetOptions): EndpointTargetAdapter {
  const api = new CustomerProfilesApi(config.domainName, config.requestsPerSecond);
  const names: Names = { attributes: new Set(config.attributes), metrics: new Set(config.metrics) };
  const recent = new RecentWrites();
  return {
    apply: async (changes, options) => {
      Object.assign(api, { deadline: options.deadline, meter: options.meter });
      const outcomes: (Outcome | undefined)[] = changes.map(() => undefined);
      const settle = (index: number, outcome: Outcome) => void (outcomes[index] = worse(outcomes[index], outcome));
      const deps: RunDeps = { api, config, names, ids, recent, options, settle };
      await inParallel(USERS_IN_FLIGHT, [...byUser(changes, settle)], ([userId, items]) => new UserRun(deps, userId).run(items));
      return outcomes.map((outcome) => outcome ?? retry('Postponed'));
    },
  };
}

/** The key of a profile is the user's id. */
function byUser(changes: readonly Sourced[], settle: RunDeps['settle']): Map<string, Item[]> {
  const users = new Map<string, Item[]>();
  changes.forEach(({ change, message }, index) => {
    const { userId } = change;
    if (userId === undefined) return settle(index, rejected('MissingUserId', 'profiles are kept by user id, and the message has none'));
    const items = users.get(userId);
    if (items) items.push({ change, index, message });
    else users.set(userId, [{ change, index, message }]);
  });
  return users;
}
