import type { EngagementEvent } from '../../engagement';

/** For whatever is not a CDP of its own vocabulary: the neutral event as it is. */
export function genericEvent(event: EngagementEvent): EngagementEvent {
  return event;
}
