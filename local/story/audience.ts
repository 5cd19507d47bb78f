import type { Profile } from '@aws-sdk/client-customer-profiles';
import { Session } from '../session';

/** Who is there in an app that has nobody who would create them. */
const SOMEBODY: readonly Profile[] = ['ana', 'ben'].map((user, index) => ({
  ProfileId: String(index + 1).repeat(32), AccountNumber: user, EmailAddress: `${user}@example.com`, Attributes: { cdpUserId: user },
}));

/**
 * Profiles of all domains whose first e-mail address may be written to. The service excludes nobody: whoever sends has to, as the segments of a
 * user of this library have to.
 */
export function audience({ services: { customerProfiles } }: Session): readonly Profile[] {
  const domains = Object.values(customerProfiles.content());
  const all = domains.flatMap(({ profiles }) => profiles);
  const mailable = all.filter(({ EmailAddress, Attributes: { OptOut_EmailAddress, EndpointStatus_EmailAddress } = {} }) =>
    EmailAddress !== undefined && OptOut_EmailAddress !== 'ALL' && EndpointStatus_EmailAddress !== 'INACTIVE');
  // Profiles come to be in any order.
  return all.length === 0 ? SOMEBODY : mailable.sort((a, b) => userOf(a).localeCompare(userOf(b)));
}

export const userOf = ({ Attributes, AccountNumber = '' }: Profile): string => Attributes?.cdpUserId ?? AccountNumber;
