/**
 * Names of what the object type of memberships carries, in the object and in the profile: the construct writes the mapping and the
 * segments, the handler the objects.
 */

/** Most characters of a segment's short name: with what comes before it, it is the name of a field, which has 64 at most.
 * @see https://docs.aws.amazon.com/customerprofiles/latest/APIReference/API_PutProfileObjectType.html */
export const MAX_SHORT_NAME = 50;

/** What the attribute of a segment says. An empty value would clear nothing, hence a value for those who are no longer members. */
export const MEMBER = 'member';
export const NO_MEMBER = '-';

/** The one key by which an object is replaced: a digest of user and segment. */
export const MEMBERSHIP_KEY = 'cdpMembershipId';

/** What is left of a segment's name in letters, digits, `_` and `-`; empty when that is nothing. */
export function shortName(segment: string): string {
  return segment.normalize('NFKD').replace(/\p{M}/gu, '').replace(/[^a-zA-Z0-9_-]+/g, '-').replace(/^-+|-+$/g, '');
}

/** In the object, in the mapping, and as an attribute of the profile. */
export const segmentAttribute = (segment: string): string => `Segment_${shortName(segment)}`;
