import { batchGetProfile, GetProfiles, profileUsers } from './profile-users';
import { readEvent } from './read';
import type { CustomerProfilesEngagementSourceConfig } from '../../../src/contract/engagement-source';
import type { EngagementSourceAdapter } from '../index';

/** The event stream of a domain of Customer Profiles, as far as campaigns write to the domain: one change a record. */
export function createCustomerProfilesSource(config: CustomerProfilesEngagementSourceConfig, getProfiles?: GetProfiles): EngagementSourceAdapter {
  const options = { domainName: config.domainName, objectTypeNames: new Set(config.objectTypeNames) };
  const users = profileUsers(getProfiles ?? batchGetProfile(config.domainName, config.batchGetProfilePerSecond));
  return {
    read: (body, arrival, wanted) => readEvent(body, arrival, wanted, options),
    complete: (events, complete) => users.complete(events, complete),
  };
}
