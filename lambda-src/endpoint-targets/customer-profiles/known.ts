import type { Profile } from '@aws-sdk/client-customer-profiles';
import { Fields, SLOT_NAMES } from './slots';
import { USER_KEY } from '../../../src/contract/profile-fields';
import { RecentMap } from '../../runtime/recent-map';

const REMEMBERED_MILLIS = 60_000;
const MAX_REMEMBERED = 10_000;

interface Write {
  readonly fields: Fields;
  /** Whether there is something that may not be visible yet. */
  readonly isOpen: boolean;
}

/** What this instance wrote in the last minute: the service takes an object first and applies it later, so that a search may not show it yet. */
export class RecentWrites {
  private readonly writes = new RecentMap<Write>(MAX_REMEMBERED);

  public get(userId: string): Write | undefined {
    return this.writes.get(userId, Date.now());
  }

  public add(userId: string, object: Fields): void {
    const before = this.get(userId);
    const fields = Object.fromEntries(SLOT_NAMES.filter((name) => object[name] !== undefined).map((name) => [name, object[name]]));
    this.set(userId, { fields: { ...before?.fields, ...fields }, isOpen: true });
  }

  public deleted(userId: string): void {
    this.set(userId, { fields: {}, isOpen: false });
  }

  private set(userId: string, write: Write): void {
    this.writes.set(userId, write, Date.now() + REMEMBERED_MILLIS);
  }
}

/** A profile's fields and attributes by name, as far as they say where endpoints are. */
export function fieldsOf(profile: Profile | undefined): Fields {
  const fields: Record<string, string | undefined> = {};
  for (const name of SLOT_NAMES) fields[name] = profile?.[name as 'EmailAddress'] ?? profile?.Attributes?.[name];
  return fields;
}

/** Whether a profile that was found by the key of a user is that user's alone, and not one that others were merged into. */
export function isOf(profile: Profile, userId: string): boolean {
  return [profile.Attributes?.[USER_KEY], profile.AccountNumber].every((id) => id === undefined || id === userId);
}
