import { MAPPING } from './mapping';
import { createMapper } from '../../../lambda-src/mapping';
import type { IdentifyMessage, ProfileChange, TrackMessage } from '../../../lambda-src/model';
import type { TraitMappingConfig } from '../../../src/contract/trait-mapping';

export const AT = '2026-11-23T10:00:00.000Z';

export const identify = (traits: unknown, extra: Partial<IdentifyMessage> = {}): IdentifyMessage =>
  ({ kind: 'identify', userId: 'u1', anonymous: false, traits: traits as Record<string, unknown>, context: {}, at: AT, ...extra });

export const track = (properties: unknown, extra: Partial<TrackMessage> = {}): TrackMessage =>
  ({ ...identify({}), kind: 'track', id: 'm1', event: 'Order Completed', properties: properties as Record<string, unknown>, ...extra });

export interface Mapped extends Pick<ProfileChange, 'endpoints' | 'common' | 'userAttributes'> {
  readonly cuts: string[];
}

/** What a mapping makes of traits and context. */
export function map(traits: unknown, config: TraitMappingConfig = MAPPING, context: Record<string, unknown> = {}): Mapped {
  const cuts: string[] = [];
  const { endpoints, common, userAttributes } = createMapper(config)(identify(traits, { context }), (reason) => cuts.push(reason));
  return { endpoints, common, userAttributes, cuts };
}
