import type { Channel, DemographicField, LocationField } from '../../src/contract/trait-mapping';
import type { Attributes, EndpointPatch } from '../model';

/** An endpoint patch while it is being put together. Each has all members, so that whatever reads them finds one shape. */
export class Draft implements EndpointPatch {
  public address?: string | null = undefined;
  public optOut?: EndpointPatch['optOut'] = undefined;
  public attributes?: Attributes = undefined;
  public metrics?: Record<string, number> = undefined;
  public location?: Partial<Record<LocationField, string | number>> = undefined;
  public demographic?: Partial<Record<DemographicField, string>> = undefined;

  public constructor(public readonly channel?: Channel, public readonly slot?: string) {}
}

/** The endpoints of one message: one draft per address, one for what concerns them all. */
export class EndpointSet {
  public readonly drafts: Draft[] = [];
  public common?: Draft;

  public get(channel: Channel, slot?: string): Draft {
    for (const draft of this.drafts) if (draft.channel === channel && draft.slot === slot) return draft;
    const draft = new Draft(channel, slot);
    this.drafts.push(draft);
    return draft;
  }

  public get all(): Draft {
    return this.common ??= new Draft();
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
