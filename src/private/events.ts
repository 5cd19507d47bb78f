import { EngagementEventType } from '../engagement-event-type';
import type { EngagementSource } from '../engagement-source';
import { dataFilter } from './filters';
import { refuse } from './validate';

export function checkEvents(events: readonly EngagementEventType[] | undefined): void {
  if (events && (events.length === 0 || new Set(events).size < events.length)) {
    refuse('events', 'must name at least one type, and each once', events, 'leave it out for all types');
  }
}

/**
 * What Lambda is to hand on of the stream. Without a choice a source that has its stream for itself has no filter: it would drop
 * what is not JSON in silence, which the handler keeps as a dead letter.
 */
export function eventFilters(source: EngagementSource, events: readonly EngagementEventType[] | undefined): { [key: string]: string }[] | undefined {
  const pattern = source._filter(events);
  if (events && !pattern) refuse('events', 'must name a type that the source has', events, 'name other types or leave it out for all');
  return pattern && [dataFilter(pattern)];
}
