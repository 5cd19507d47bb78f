import type { BatchGetProfileError, Profile } from '@aws-sdk/client-customer-profiles';
import { USER_KEY } from '../../../src/contract/profile-fields';
import type { EngagementEvent } from '../../engagement';
import { lazy } from '../../runtime/dead-letters';
import { before } from '../../runtime/deadline';
import { inParallel, Pace } from '../../runtime/pace';
import { serviceFailure } from '../../runtime/service-failure';
import type { SourceMeter } from '../index';
import { Answer, RememberedUsers } from '../remembered-users';

/** @see https://docs.aws.amazon.com/customerprofiles/latest/APIReference/API_BatchGetProfile.html (ProfileIds) */
export const MAX_PROFILES = 20;
const PROFILE_ID = /^[a-f0-9]{32}$/;

export interface Found {
  readonly Profiles?: readonly Profile[];
  readonly Errors?: readonly BatchGetProfileError[];
}
export type GetProfiles = (profileIds: readonly string[], deadline: number) => Promise<Found>;

const REQUESTS_IN_FLIGHT = 4;

/** Finds the users of events that name a profile only. */
export function profileUsers(getProfiles: GetProfiles): RememberedUsers {
  return new RememberedUsers({
    // One that can't be an id would fail a request, and with it up to 19 others.
    idOf: ({ userId, endpointId }: EngagementEvent) => userId === undefined && PROFILE_ID.test(endpointId ?? '') ? endpointId : undefined,
    ask: async (profileIds, deadline, meter) => {
      const answers = new Map<string, Answer>();
      const chunks = Array.from({ length: Math.ceil(profileIds.length / MAX_PROFILES) }, (_, index) =>
        profileIds.slice(index * MAX_PROFILES, (index + 1) * MAX_PROFILES));
      const ask = async (chunk: readonly string[]): Promise<void> => {
        meter.count('Requests', 1);
        const answerOf = await getProfiles(chunk, deadline).then((found) => answersOf(found, meter), (error: unknown) => afterFailure(error, meter));
        // One that is refused must not cost the others their users.
        if (answerOf === undefined && chunk.length > 1) for (const profileId of chunk) await ask([profileId]);
        else for (const profileId of chunk) answers.set(profileId, answerOf?.(profileId) ?? {});
      };
      await inParallel(REQUESTS_IN_FLIGHT, chunks, ask);
      return answers;
    },
  });
}

type AnswerOf = (profileId: string) => Answer;

/** What may be over when the record comes again. Which codes single profiles have is not documented; every other is taken for good. */
const PASSING = /^(?:408|429|5\d\d)$|Throttl|TooManyRequests|LimitExceeded|Internal|Unavailable|Timeout|NotReady/i;

/** A profile that is gone, such as one that was merged into another, is nobody's. */
function answersOf({ Profiles = [], Errors = [] }: Found, meter: SourceMeter): AnswerOf {
  const answers = new Map<string | undefined, Answer>(Profiles.map((profile) => [profile.ProfileId, { userId: userOf(profile) }]));
  for (const { ProfileId, Code = '' } of Errors) {
    if (!PASSING.test(Code)) continue;
    meter.count('RequestsFailed', 1);
    answers.set(ProfileId, { code: Code });
  }
  return (profileId) => answers.get(profileId) ?? {};
}

/** Undefined: the request was refused for one of its profiles. */
function afterFailure(error: unknown, meter: SourceMeter): AnswerOf | undefined {
  const { kind, code } = serviceFailure(error, 'Amazon Connect Customer Profiles');
  meter.count(code === 'ThrottlingException' ? 'RequestsThrottled' : 'RequestsFailed', 1);
  return kind === 'items' ? undefined : () => ({ code });
}

/** What CdpEndpointSync writes, else the number that AWS's own migration guide has for it. */
function userOf({ Attributes, AccountNumber }: Profile): string | undefined {
  return Attributes?.[USER_KEY] || AccountNumber || undefined;
}

/** Each attempt takes a turn of the quota; what fails comes again with the record. */
const MAX_ATTEMPTS = 1;
const REQUEST_TIMES = { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true };

type LoadProfiles = () => Promise<Pick<typeof import('@aws-sdk/client-customer-profiles'), 'BatchGetProfileCommand' | 'CustomerProfilesClient'>>;
const importProfiles: LoadProfiles = () => import('@aws-sdk/client-customer-profiles');

/** Within its share of the quota; the client is loaded when the first user has to be asked for. */
export function batchGetProfile(DomainName: string, perSecond: number, loadProfiles: LoadProfiles = importProfiles): GetProfiles {
  const pace = new Pace(perSecond);
  const load = lazy(async () => {
    const { BatchGetProfileCommand, CustomerProfilesClient } = await loadProfiles();
    return { client: new CustomerProfilesClient({ maxAttempts: MAX_ATTEMPTS, requestHandler: REQUEST_TIMES }), BatchGetProfileCommand };
  });
  return async (profileIds, deadline) => {
    const { client, BatchGetProfileCommand } = await load();
    await pace.turn(deadline);
    const command = new BatchGetProfileCommand({ DomainName, ProfileIds: [...profileIds] });
    return before(deadline, async (abortSignal) => client.send(command, { abortSignal }));
  };
}
