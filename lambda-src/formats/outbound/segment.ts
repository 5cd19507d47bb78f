import { nameOf } from './names';
import { Properties, propertiesOf } from './properties';
import type { EngagementEvent } from '../../engagement';

/** A track call. Who has no user id is known by the endpoint. @see https://segment.com/docs/connections/spec/track/ */
export interface SegmentTrack {
  readonly type: 'track';
  readonly messageId: string;
  readonly event: string;
  readonly timestamp: string;
  readonly userId?: string;
  readonly anonymousId?: string;
  readonly context: SegmentContext;
  readonly properties: Properties;
}

export interface SegmentContext {
  readonly traits?: { readonly email: string } | { readonly phone: string };
  readonly ip?: string;
  readonly userAgent?: string;
}

export function segmentTrack(event: EngagementEvent): SegmentTrack {
  const { userId } = event;
  return {
    type: 'track',
    messageId: event.id,
    event: nameOf(event),
    timestamp: event.at,
    userId,
    anonymousId: userId === undefined ? event.endpointId : undefined,
    context: contextOf(event),
    properties: propertiesOf(event),
  };
}

function contextOf({ channel, address, ip, userAgent }: EngagementEvent): SegmentContext {
  return { traits: address === undefined ? undefined : traitsOf(channel, address), ip, userAgent };
}

function traitsOf(channel: string | undefined, address: string): SegmentContext['traits'] {
  if (channel === 'EMAIL') return { email: address };
  return channel === 'SMS' || channel === 'VOICE' ? { phone: address } : undefined;
}
