import type { Channel } from '../../src/contract/trait-mapping';
import type { EndpointPatch } from '../model';

/** An endpoint patch while it is being put together. */
export type Draft = { -readonly [K in keyof EndpointPatch]: EndpointPatch[K] };

/** The endpoints of one message: one draft per address, one for what concerns them all. */
export class EndpointSet {
  public readonly drafts: Draft[] = [];
  public common?: Draft;

  public get(channel: Channel, slot?: string): Draft {
    for (const draft of this.drafts) if (draft.channel === channel && draft.slot === slot) return draft;
    const draft: Draft = slot === undefined ? { channel } : { channel, slot };
    this.drafts.push(draft);
    return draft;
  }

  public get all(): Draft {
    return this.common ??= {};
  }

  /** The drafts a rule speaks of: all of the channels it names, or the common one when it names none. */
  public select(channels: readonly Channel[] | undefined, change: (draft: Draft) => void): void {
    if (!channels) return change(this.all);
    for (const channel of channels) {
      this.get(channel, this.drafts.find((draft) => draft.channel === channel)?.slot);
      for (const draft of this.drafts) if (draft.channel === channel) change(draft);
    }
  }
}
