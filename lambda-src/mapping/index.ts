import type { TraitMappingConfig, TraitRule } from '../../src/contract/trait-mapping';
import type { Attributes, EndpointPatch, IdentifyMessage, ProfileChange, TrackMessage } from '../model';
import { DEFAULT_RULES, DEVICE_TOKEN } from './default-rules';
import { addDevice } from './device';
import { EndpointSet } from './endpoint-set';
import { Apply, compileRule, Scope } from './rules';
import { flatten, pathTree } from './values';
import { Rejection } from '../runtime/errors';

export type Cutter = (reason: string) => void;
export type MapProfile = (message: IdentifyMessage | TrackMessage, cut: Cutter) => ProfileChange;

/** Compiles the declarative mapping once, so that a message costs one walk over its rules and one over its traits. */
export function createMapper(config: TraitMappingConfig): MapProfile {
  const own = new Set(config.rules.map((rule) => rule.trait));
  const rules = [...DEFAULT_RULES.filter((rule) => !own.has(rule.trait)), ...config.rules];
  const apply = compileRules(rules, config.defaultCountry);
  // All that an event takes along of its user: addresses, and the consent that goes with them.
  const carried = compileRules(rules.filter((rule) => rule.to === 'address' || rule.to === 'optOut'), config.defaultCountry);
  const device = !own.has(DEVICE_TOKEN);
  const spread = config.unmapped === 'userAttributes' ? unmappedTraits(rules) : undefined;
  return (message, cut) => {
    const scope: Scope = { message, endpoints: new EndpointSet(), userAttributes: {}, cut };
    if (device) addDevice(scope.endpoints, message.context, cut);
    for (const rule of message.kind === 'track' ? carried : apply) rule(scope);
    if (message.kind === 'identify') spread?.(message.traits, scope.userAttributes, cut);
    return profile(scope);
  };
}

/** The first rule of a channel owns the endpoint without a slot; each later one has its trait's name as slot. */
function compileRules(rules: readonly TraitRule[], defaultCountry?: string): Apply[] {
  const taken = new Set<string>();
  const slots = new Map<TraitRule, string | undefined>();
  for (const rule of rules) {
    if (rule.to !== 'address') continue;
    slots.set(rule, taken.has(rule.channel) ? rule.trait : undefined);
    taken.add(rule.channel);
  }
  // Addresses first: rules without channels speak of the endpoints that the message names.
  const ordered = [...rules.filter((rule) => rule.to === 'address'), ...rules.filter((rule) => rule.to !== 'address')];
  return ordered.map((rule) => compileRule(rule, slots.get(rule), defaultCountry));
}

type Spread = (traits: Readonly<Record<string, unknown>>, into: Attributes, cut: Cutter) => void;

function unmappedTraits(rules: readonly TraitRule[]): Spread {
  const ruled = pathTree(rules.map((rule) => rule.trait));
  return (traits, into, cut) => {
    for (const name in traits) flatten(into, name, traits[name], cut, ruled.get(name));
  };
}

function profile(scope: Scope): ProfileChange {
  const { message, endpoints: { drafts }, userAttributes, unusable } = scope;
  const common = unusable !== undefined && drafts.length === 0 ? withoutOptIn(scope) : scope.endpoints.common;
  const nothing = drafts.length === 0 && !common && Object.keys(userAttributes).length === 0;
  if (nothing && unusable && message.kind === 'identify') throw new Rejection('InvalidAddress', unusable);
  return { kind: 'profile', userId: message.userId, endpoints: drafts.slice(), common, userAttributes, at: message.at };
}

/** An opt-in is for the address that it comes with. Where that can't be used it must not become one for all that the user ever had. */
function withoutOptIn({ endpoints: { common }, cut }: Scope): EndpointPatch | undefined {
  if (common?.optOut !== 'NONE') return common;
  cut('OptInWithoutAddress');
  const { optOut: _, ...rest } = common;
  return Object.values(rest).some((part) => part !== undefined) ? rest : undefined;
}
