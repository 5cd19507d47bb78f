import { checkKey, checkSize, Cut } from './limits';
import type { ProfileChange, TrackedEvent } from '../../model';

/** An event as an object of its own. It is whole, and unique by its id: a redelivered event replaces itself. */
export function eventObject(event: TrackedEvent, userId: string, cut: Cut): string {
  const eventId = idOf(event, userId);
  checkKey(eventId, 'the event id');
  const metrics = Object.entries(event.metrics).filter(([, value]) => Number.isFinite(value) || cut('NotANumber'));
  return checkSize(JSON.stringify({
    eventId, userId, eventType: event.type, timestamp: event.at,
    attributes: event.attributes, metrics: Object.fromEntries(metrics), native: event.native,
  }));
}

/**
 * The id of a CDP's message is unique. That of Amazon Pinpoint's event is a key of its request, and another request may have the same.
 * @see https://docs.aws.amazon.com/pinpoint/latest/apireference/apps-application-id-events.html
 */
function idOf({ id, carrier, at }: TrackedEvent, userId: string): string {
  return carrier ? [carrier.endpoints[0]?.id ?? userId, id, at].join('/') : id;
}

/** The addresses and the consent that come with an event belong to the user. */
export function profileOf(event: TrackedEvent): ProfileChange {
  const { carrier, userId, endpoints, at } = event;
  return carrier ?? { kind: 'profile', userId, endpoints, userAttributes: {}, at };
}
