import { checkKey, checkSize, Cut } from './limits';
import type { ProfileChange, TrackedEvent } from '../../model';

/** An event as an object of its own. It is whole, and unique by its id: a redelivered event replaces itself. */
export function eventObject(event: TrackedEvent, userId: string, cut: Cut): string {
  checkKey(event.id, 'the event id');
  const metrics = Object.entries(event.metrics).filter(([, value]) => Number.isFinite(value) || cut('NotANumber'));
  return checkSize(JSON.stringify({
    eventId: event.id, userId, eventType: event.type, timestamp: event.at,
    attributes: event.attributes, metrics: Object.fromEntries(metrics), native: event.native,
  }));
}

/** The addresses and the consent that come with an event belong to the user. */
export function profileOf(event: TrackedEvent): ProfileChange {
  return event.carrier ?? { kind: 'profile', userId: event.userId, endpoints: event.endpoints, userAttributes: {}, at: event.at };
}
