import { SegmentTrack, segmentTrack } from './segment';
import type { EngagementEvent } from '../../engagement';

/** Segment's track call, and the channel by which RudderStack tells servers from browsers. @see https://www.rudderstack.com/docs/api/http-api/ */
export interface RudderStackTrack extends SegmentTrack {
  channel: 'server';
  readonly originalTimestamp: string;
}

export function rudderStackTrack(event: EngagementEvent): RudderStackTrack {
  return Object.assign(segmentTrack(event), { channel: 'server' as const, originalTimestamp: event.at });
}
