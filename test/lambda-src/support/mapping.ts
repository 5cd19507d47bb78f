import { endpointIds } from '../../../lambda-src/mapping/endpoint-id';
import type { RuleOf, TraitMappingConfig, TraitRule } from '../../../src/contract/trait-mapping';

export const MAPPING: TraitMappingConfig = {
  rules: [], unmapped: 'userAttributes', endpointId: '{userId}:{channel}', eventChannels: ['EMAIL', 'SMS', 'APNS', 'GCM'],
};

export const OPT_OUT: RuleOf<'optOut'> = { to: 'optOut', trait: 'unsubscribed', values: { true: 'ALL', false: 'NONE' } };

export const mapping = (...rules: TraitRule[]): TraitMappingConfig => ({ ...MAPPING, rules });

export const TARGET_OPTIONS = { ids: endpointIds(MAPPING.endpointId), eventChannels: MAPPING.eventChannels };
