import { Options } from './cli';
import { FeedRecord, engagementFeed, feedRecords } from './feed';
import { readMessages } from './messages';
import { storyMessages } from './story';

/** What a run is fed, read and checked before anything starts. */
export interface Inputs {
  /** Messages of a CDP. */
  readonly events: readonly FeedRecord[];
  /** Records of an event stream. */
  readonly engagement: readonly FeedRecord[];
  /** Nothing was given: the built-in story is run. */
  readonly story: boolean;
}

export function readInputs({ events, engagement, format }: Options): Inputs {
  const story = isStory({ events, engagement });
  const messages = story ? storyMessages(format) : events.flatMap(readMessages);
  return { events: feedRecords(messages, format), engagement: engagementFeed(engagement.flatMap(readMessages)), story };
}

export function isStory({ events, engagement }: Pick<Options, 'events' | 'engagement'>): boolean {
  return events.length + engagement.length === 0;
}
