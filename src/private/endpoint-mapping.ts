import { Token } from 'aws-cdk-lib';
import { TraitMappingConfig } from '../contract/trait-mapping';
import { ChannelType, TraitMapping, UnmappedTraits } from '../trait-mapping';
import { checkRules } from './trait-rules';
import { checkText, refuse } from './validate';

/** One endpoint per user and channel. */
export const DEFAULT_ENDPOINT_ID = '{userId}:{channel}';

/** What people read most, in that order: e-mail, text messages, push notifications. */
const DEFAULT_EVENT_CHANNELS = [ChannelType.EMAIL, ChannelType.SMS, ChannelType.APNS, ChannelType.GCM, ChannelType.ADM, ChannelType.BAIDU];

/** Both placeholders once. Between them a character that no channel's name has, or user `voip_1` on APNS would be user `1` on APNS_VOIP. */
const ENDPOINT_ID = /^[\w\-.:/@+]*(\{userId\}\w*[-.:/@+][\w\-.:/@+]*\{channel\}|\{channel\}\w*[-.:/@+][\w\-.:/@+]*\{userId\})[\w\-.:/@+]*$/;

/** The props that decide how traits become endpoints. */
export interface EndpointMappingProps {
  readonly mapping?: TraitMapping[];
  readonly unmappedTraits?: UnmappedTraits;
  readonly endpointId?: string;
  readonly eventChannels?: ChannelType[];
  readonly defaultCountry?: string;
}

export function checkEndpointMapping(props: EndpointMappingProps): void {
  checkRules((props.mapping ?? []).map((mapping) => mapping._rule));
  checkEndpointIdTemplate(props.endpointId);
  checkText('defaultCountry', props.defaultCountry, /^[A-Z]{2}$/, 'must be an ISO 3166-1 alpha-2 code in capitals', "write it like 'DE'");
  const channels = props.eventChannels;
  if (channels && (channels.length === 0 || new Set(channels).size < channels.length)) {
    refuse('eventChannels', 'must name at least one channel, and each once', channels, 'leave it out for the default');
  }
}

/** The handler splits the template, so that it must be known here. */
export function checkEndpointIdTemplate(template: string | undefined): void {
  if (template !== undefined && Token.isUnresolved(template)) refuse('endpointId', 'must be known at synthesis', 'a token', 'write the template');
  checkText('endpointId', template, ENDPOINT_ID,
    'must hold `{userId}` and `{channel}` once each, with one of `-.:/@+` between them, and else only letters, digits and `-_.:/@+`',
    `write it like '${DEFAULT_ENDPOINT_ID}'`);
}

export function endpointMapping(props: EndpointMappingProps): TraitMappingConfig {
  return {
    rules: (props.mapping ?? []).map((mapping) => mapping._rule),
    unmapped: props.unmappedTraits ?? UnmappedTraits.USER_ATTRIBUTES,
    endpointId: props.endpointId ?? DEFAULT_ENDPOINT_ID,
    eventChannels: props.eventChannels ?? DEFAULT_EVENT_CHANNELS,
    defaultCountry: props.defaultCountry,
  };
}
