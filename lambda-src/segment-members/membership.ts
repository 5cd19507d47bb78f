import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { MEMBER, NO_MEMBER, segmentAttribute, shortName } from '../../src/contract/profile-segments';
import { CustomerProfilesApi, failureOf } from '../endpoint-targets/customer-profiles/api';
import { backOff, OutOfTime } from '../runtime/pace';

/** One user of an import. */
export interface Change {
  readonly userId: string;
  readonly member: boolean;
}

/** Undefined: done. */
export type Refusal = { readonly code: string; readonly reason: string } | undefined;

export interface ChangeOptions {
  readonly segment: string;
  readonly objectType: string;
  /** How often a user who is to be removed is looked for. */
  readonly looks: number;
}

export type MembershipApi = Pick<CustomerProfilesApi, 'deadline' | 'putObject' | 'profilesOf'>;

/** Pauses between looks, of 150 ms, 300 ms and so on, are those of AWS's own code (aws-amplify/amplify-backend, packages/backend-notifications). */
const PAUSE_MILLIS = 150;

/** Throws OutOfTime at the deadline of the API, until which it tries what may pass. What only a change of the deployment helps against is thrown. */
export async function applyChange(api: MembershipApi, change: Change, options: ChangeOptions): Promise<Refusal> {
  for (let attempt = 1; ; attempt += 1) {
    if (Date.now() >= api.deadline) throw new OutOfTime();
    try {
      // Whoever was deleted is no member, and an object would make the profile anew.
      const counts = change.member || await exists(api, change.userId, options.looks);
      if (counts) await api.putObject(options.objectType, objectOf(change, options.segment));
      return undefined;
    } catch (error) {
      const failure = failureOf(error);
      if (failure.kind === 'items') return { code: failure.code, reason: failure.reason };
      await sleep(Math.min(backOff(attempt), Math.max(0, api.deadline - Date.now())));
    }
  }
}

async function exists(api: MembershipApi, userId: string, looks: number): Promise<boolean> {
  for (let look = 1; ; look += 1) {
    if ((await api.profilesOf(userId)).length > 0) return true;
    if (look >= looks) return false;
    await sleep(Math.min(look * PAUSE_MILLIS, Math.max(0, api.deadline - Date.now())));
  }
}

/** The same object for the same change, so that writing it again changes nothing. */
export function objectOf({ userId, member }: Change, segment: string): string {
  const name = shortName(segment);
  const membershipId = createHash('sha256').update(JSON.stringify([name, userId])).digest('hex');
  return JSON.stringify({ membershipId, segment: name, userId, [segmentAttribute(segment)]: member ? MEMBER : NO_MEMBER });
}
