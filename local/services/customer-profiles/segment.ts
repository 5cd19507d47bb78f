import type { Profile } from '@aws-sdk/client-customer-profiles';
import { BadRequest } from './errors';

/** A segment as CloudFormation states it: profiles whose attribute has one of the values, for all attributes. */
export interface SegmentSpec {
  readonly name: string;
  readonly displayName: string;
  readonly attributes: Readonly<Record<string, readonly string[]>>;
}

/** A segment and who is in it, for the report. */
export interface SegmentContent {
  readonly name: string;
  readonly displayName: string;
  /** Account numbers, sorted; of a profile without one, its id. */
  readonly members: readonly string[];
}

/** @see https://docs.aws.amazon.com/customerprofiles/latest/APIReference/API_CreateSegmentDefinition.html */
const NAME = /^[a-zA-Z0-9_-]{1,64}$/;
const MAX_DISPLAY_NAME = 255;
/** @see https://docs.aws.amazon.com/customerprofiles/latest/APIReference/API_AttributeDimension.html */
const MAX_VALUES = 50;
const MAX_VALUE_LENGTH = 255;

export function checkSegment({ name, displayName, attributes }: SegmentSpec): void {
  check(NAME.test(name), `SegmentDefinitionName ${name} is not a valid name`);
  check(displayName.length >= 1 && displayName.length <= MAX_DISPLAY_NAME, `DisplayName has 1 to ${MAX_DISPLAY_NAME} characters`);
  check(Object.keys(attributes).length > 0, 'a segment without a filter is not emulated');
  for (const [attribute, values] of Object.entries(attributes)) {
    check(values.length >= 1 && values.length <= MAX_VALUES, `the attribute ${attribute} has 1 to ${MAX_VALUES} values`);
    check(values.every((value) => value.length >= 1 && value.length <= MAX_VALUE_LENGTH), `a value of ${attribute} is empty or too long`);
  }
}

/** Evaluated when it is asked for: nothing of a segment is stored. */
export function segmentContent({ name, displayName, attributes }: SegmentSpec, profiles: Iterable<Profile>): SegmentContent {
  const filters = Object.entries(attributes);
  const isMember = (profile: Profile) => filters.every(([attribute, values]) => values.includes(profile.Attributes?.[attribute] ?? ''));
  const members = [...profiles].filter(isMember).map((profile) => profile.AccountNumber ?? profile.ProfileId!);
  return { name, displayName, members: members.sort() };
}

function check(holds: boolean, message: string): void {
  if (!holds) throw new BadRequest(message);
}
