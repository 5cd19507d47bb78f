import { Options } from './cli';
import { FeedRecord, engagementFeed, feedRecords } from './feed';
import { readMessages } from './messages';
import { SegmentFile, readSegmentFile } from './segment-files';
import { storyMessages } from './story';

/** What a run is fed, read and checked before anything starts. */
export interface Inputs {
  /** Messages of a CDP. */
  readonly events: readonly FeedRecord[];
  /** Records of an event stream. */
  readonly engagement: readonly FeedRecord[];
  /** Lists for an importer's bucket. */
  readonly segments: readonly SegmentFile[];
  /** Nothing was given: the built-in story is run. */
  readonly story: boolean;
}

export function readInputs({ events, engagement, segment, format }: Options): Inputs {
  const story = isStory({ events, engagement, segment });
  const messages = story ? storyMessages(format) : events.flatMap(readMessages);
  return { events: feedRecords(messages, format), engagement: engagementFeed(engagement.flatMap(readMessages)), segments: segment.map(readSegmentFile), story };
}

export function isStory({ events, engagement, segment }: Pick<Options, 'events' | 'engagement' | 'segment'>): boolean {
  return events.length + engagement.length + segment.length === 0;
}
