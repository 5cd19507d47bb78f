import { Options } from './cli';
import { FeedRecord, engagementFeed, feedRecords } from './feed';
import { readMessages } from './messages';
import { offerInvocations } from './offers';
import { storyMessages } from './story';
import { JsonObject } from './template/model';

/** What a run is fed, read and checked before anything starts. */
export interface Inputs {
  /** Messages of a CDP. */
  readonly events: readonly FeedRecord[];
  /** Records of an event stream. */
  readonly engagement: readonly FeedRecord[];
  /** Payloads of a custom channel. */
  readonly offers: readonly JsonObject[];
  /** Nothing was given: the built-in story is run. */
  readonly story: boolean;
}

export function readInputs({ events, engagement, offer, format }: Options): Inputs {
  const story = isStory({ events, engagement, offer });
  const messages = story ? storyMessages(format) : events.flatMap(readMessages);
  return {
    events: feedRecords(messages, format),
    engagement: engagementFeed(engagement.flatMap(readMessages)),
    offers: offerInvocations(offer.flatMap(readMessages)),
    story,
  };
}

export function isStory({ events, engagement, offer }: Pick<Options, 'events' | 'engagement' | 'offer'>): boolean {
  return events.length + engagement.length + offer.length === 0;
}
