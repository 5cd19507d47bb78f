import { list, object, oneOf, optional, Parser, record, text, union } from './parse';

/** Channel types of an Amazon Pinpoint endpoint. PUSH is left out: the API reference says not to use it. */
export const CHANNELS = [
  'ADM', 'APNS', 'APNS_SANDBOX', 'APNS_VOIP', 'APNS_VOIP_SANDBOX', 'BAIDU', 'CUSTOM', 'EMAIL', 'GCM', 'IN_APP', 'SMS', 'VOICE',
] as const;
export type Channel = typeof CHANNELS[number];

export const LOCATION_FIELDS = ['City', 'Country', 'Latitude', 'Longitude', 'PostalCode', 'Region'] as const;
export type LocationField = typeof LOCATION_FIELDS[number];

export const DEMOGRAPHIC_FIELDS = [
  'AppVersion', 'Locale', 'Make', 'Model', 'ModelVersion', 'Platform', 'PlatformVersion', 'Timezone',
] as const;
export type DemographicField = typeof DEMOGRAPHIC_FIELDS[number];

/** What becomes of one trait. `trait` is a path into the message's traits, or into its context when it starts with `context.`. */
export type TraitRule =
  | { readonly to: 'address'; readonly trait: string; readonly channel: Channel }
  | { readonly to: 'endpointAttribute'; readonly trait: string; readonly name: string; readonly channels?: readonly Channel[];
    readonly values?: Readonly<Record<string, string>>; }
  | { readonly to: 'userAttribute'; readonly trait: string; readonly name: string; readonly values?: Readonly<Record<string, string>> }
  | { readonly to: 'metric'; readonly trait: string; readonly name: string; readonly channels?: readonly Channel[] }
  | { readonly to: 'location'; readonly trait: string; readonly field: LocationField }
  | { readonly to: 'demographic'; readonly trait: string; readonly field: DemographicField }
  | { readonly to: 'optOut'; readonly trait: string; readonly channels?: readonly Channel[];
    readonly values: Readonly<Record<string, 'ALL' | 'NONE'>>; }
  | { readonly to: 'ignore'; readonly trait: string };
export type RuleOf<K extends TraitRule['to']> = Extract<TraitRule, { readonly to: K }>;

/** How a user's traits become endpoints. */
export interface TraitMappingConfig {
  /** The user's own rules; a rule for a trait replaces the default of that trait. */
  readonly rules: readonly TraitRule[];
  /** What becomes of a trait without a rule. */
  readonly unmapped: 'userAttributes' | 'drop';
  /** Template of an endpoint id, with `{userId}` and `{channel}`. */
  readonly endpointId: string;
  /** Channels in order of preference for the endpoint that carries a user's events. */
  readonly eventChannels: readonly Channel[];
  /** ISO 3166-1 alpha-2 country of phone numbers that are written without one. */
  readonly defaultCountry?: string;
}

const channel = oneOf(CHANNELS);
const channels = optional(list(channel));

export const parseTraitRule: Parser<TraitRule> = union('to', {
  address: object<RuleOf<'address'>>({ to: oneOf(['address']), trait: text, channel }),
  endpointAttribute: object<RuleOf<'endpointAttribute'>>({
    to: oneOf(['endpointAttribute']), trait: text, name: text, channels, values: optional(record(text)),
  }),
  userAttribute: object<RuleOf<'userAttribute'>>({ to: oneOf(['userAttribute']), trait: text, name: text, values: optional(record(text)) }),
  metric: object<RuleOf<'metric'>>({ to: oneOf(['metric']), trait: text, name: text, channels }),
  location: object<RuleOf<'location'>>({ to: oneOf(['location']), trait: text, field: oneOf(LOCATION_FIELDS) }),
  demographic: object<RuleOf<'demographic'>>({ to: oneOf(['demographic']), trait: text, field: oneOf(DEMOGRAPHIC_FIELDS) }),
  optOut: object<RuleOf<'optOut'>>({ to: oneOf(['optOut']), trait: text, channels, values: record(oneOf(['ALL', 'NONE'])) }),
  ignore: object<RuleOf<'ignore'>>({ to: oneOf(['ignore']), trait: text }),
});

export const parseTraitMapping: Parser<TraitMappingConfig> = object<TraitMappingConfig>({
  rules: list(parseTraitRule),
  unmapped: oneOf(['userAttributes', 'drop']),
  endpointId: text,
  eventChannels: list(channel),
  defaultCountry: optional(text),
});
