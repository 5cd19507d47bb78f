import { nameOf } from './names';
import { Properties, propertiesOf } from './properties';
import type { EngagementEvent } from '../../engagement';

/** @see https://docs.mparticle.com/developers/server/json-reference/ */
export interface MParticleEvent {
  readonly event_type: 'custom_event';
  readonly data: {
    readonly event_name: string;
    readonly custom_event_type: 'other';
    readonly source_message_id: string;
    readonly timestamp_unixtime_ms: number;
    readonly custom_attributes: Readonly<Record<string, string>>;
  };
}

/** Whose batch it is. An address is no identity here: it may be shared, and mParticle would join the users that share it. */
export type MParticleIdentities = { readonly customer_id: string } | { readonly other: string };

export function mParticleEvent(event: EngagementEvent): MParticleEvent {
  const attributes = propertiesOf(event);
  if (event.address !== undefined) attributes.address = event.address;
  if (event.ip !== undefined) attributes.ip = event.ip;
  if (event.userAgent !== undefined) attributes.user_agent = event.userAgent;
  return {
    event_type: 'custom_event',
    data: {
      event_name: nameOf(event),
      custom_event_type: 'other',
      source_message_id: event.id,
      timestamp_unixtime_ms: Date.parse(event.at),
      custom_attributes: texts(attributes),
    },
  };
}

export function mParticleIdentities({ userId, endpointId }: EngagementEvent): MParticleIdentities {
  return userId === undefined ? { other: endpointId! } : { customer_id: userId };
}

/** Custom attributes are strings. */
function texts(properties: Properties): Record<string, string> {
  for (const name in properties) if (typeof properties[name] !== 'string') properties[name] = String(properties[name]);
  return properties as Record<string, string>;
}
