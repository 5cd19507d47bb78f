import { Options } from './cli';
import { FeedRecord, feedRecords } from './feed';
import { Message, readMessages } from './messages';
import { offerInvocations } from './offers';
import { SegmentFile, readSegmentFile } from './segment-files';
import { storyMessages } from './story';
import { JsonObject } from './template/model';

/** What a run is fed, read and checked before anything starts. */
export interface Inputs {
  /** Messages of a CDP. */
  readonly events: readonly FeedRecord[];
  /** Records of an event stream. */
  readonly engagement: readonly Message[];
  /** Payloads of a custom channel. */
  readonly offers: readonly JsonObject[];
  /** Lists for an importer's bucket. */
  readonly segments: readonly SegmentFile[];
  /** Nothing was given: the built-in story is run. */
  readonly story: boolean;
}

export function readInputs(options: Options): Inputs {
  const { events, engagement, offer, segment, format } = options;
  const story = isStory(options);
  const messages = story ? storyMessages(format) : events.flatMap(readMessages);
  return {
    events: feedRecords(messages, format),
    engagement: engagement.flatMap(readMessages),
    offers: offerInvocations(offer.flatMap(readMessages)),
    segments: segment.map(readSegmentFile),
    story,
  };
}

export function isStory({ events, engagement, offer, segment }: Pick<Options, 'events' | 'engagement' | 'offer' | 'segment'>): boolean {
  return events.length + engagement.length + offer.length + segment.length === 0;
}
