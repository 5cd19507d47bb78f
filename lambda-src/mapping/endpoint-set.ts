import type { Channel } from '../../src/contract/trait-mapping';
import type { EndpointPatch } from '../model';

/** An endpoint patch while it is being put together. */
export type Draft = { -readonly [K in keyof EndpointPatch]: EndpointPatch[K] };

export const emptyDraft = (channel?: Channel, slot?: string): Draft =>
  ({ channel, slot, attributes: {}, metrics: {}, location: {}, demographic: {} });

export const isEmpty = (draft: EndpointPatch): boolean => draft.address === undefined && draft.optOut === undefined &&
  ![draft.attributes, draft.metrics, draft.location, draft.demographic].some((part) => Object.keys(part).length > 0);

/** The endpoints of one message: one draft per address, one for what concerns them all. */
export class EndpointSet {
  public readonly common = emptyDraft();
  private readonly drafts: Draft[] = [];

  public get(channel: Channel, slot?: string): Draft {
    const found = this.drafts.find((draft) => draft.channel === channel && draft.slot === slot);
    if (found) return found;
    const draft = emptyDraft(channel, slot);
    this.drafts.push(draft);
    return draft;
  }

  /** The drafts a rule speaks of: all of the channels it names, or the common one when it names none. */
  public select(channels?: readonly Channel[]): Draft[] {
    if (!channels) return [this.common];
    return channels.flatMap((channel) => {
      const existing = this.drafts.filter((draft) => draft.channel === channel);
      return existing.length > 0 ? existing : [this.get(channel)];
    });
  }

  public get all(): readonly Draft[] {
    return this.drafts;
  }
}
