import type { Event } from '@aws-sdk/client-pinpoint';
import { App } from './app';
import { isIsoDate, jsonBytes } from './endpoint-limits';
import { BadRequest } from './errors';
import { EVENT_LIMITS } from './limits';

/**
 * The documented limits of one event. Which of them the service answers with a 400 for the item is our assumption: what it
 * documents of that status is "event wasn't valid".
 */
export function checkEvent(event: Event): void {
  const { Attributes = {}, Metrics = {}, Session, Timestamp = '' } = event;
  const keys = [...Object.keys(Attributes), ...Object.keys(Metrics)];
  refuseIf(event.EventType === '', 'EventType is empty');
  refuseIf(!isIsoDate(Timestamp), 'Timestamp is not ISO 8601 with a zone');
  refuseIf(Session?.StartTimestamp !== undefined && !isIsoDate(Session.StartTimestamp), 'Session.StartTimestamp is not ISO 8601 with a zone');
  refuseIf(Session?.StopTimestamp !== undefined && !isIsoDate(Session.StopTimestamp), 'Session.StopTimestamp is not ISO 8601 with a zone');
  refuseIf(jsonBytes(event) > EVENT_LIMITS.eventBytes, `larger than ${EVENT_LIMITS.eventBytes} bytes`);
  refuseIf(keys.length > EVENT_LIMITS.keysPerEvent, `more than ${EVENT_LIMITS.keysPerEvent} attributes and metrics`);
  refuseIf(keys.some((key) => key === '' || key.length > EVENT_LIMITS.keyLength), `a key without 1 to ${EVENT_LIMITS.keyLength} characters`);
  // The documentation says "the event is dropped", not with which answer; a silent drop would hide the loss.
  const tooLong = Object.values(Attributes).some((value) => value.length > EVENT_LIMITS.valueLength);
  refuseIf(tooLong, `a value longer than ${EVENT_LIMITS.valueLength} characters`);
}

/** Counts the event's type and keys towards what the application may have, or refuses it and counts nothing. */
export function countEvent({ seen }: App, { EventType = '', Attributes = {}, Metrics = {} }: Event): void {
  const { typesPerApp, attributeKeysPerApp, metricKeysPerApp } = EVENT_LIMITS;
  const additions = [
    // Types that begin with an underscore are the service's own.
    { set: seen.types, names: EventType.startsWith('_') ? [] : [EventType], max: typesPerApp, what: 'custom event types' },
    { set: seen.attributes, names: Object.keys(Attributes), max: attributeKeysPerApp, what: 'event attribute keys' },
    { set: seen.metrics, names: Object.keys(Metrics), max: metricKeysPerApp, what: 'event metric keys' },
  ];
  for (const { set, names, max, what } of additions) {
    refuseIf(set.size + names.filter((name) => !set.has(name)).length > max, `the application has more than ${max} ${what}`);
  }
  additions.forEach(({ set, names }) => names.forEach((name) => set.add(name)));
}

function refuseIf(condition: boolean, message: string): void {
  if (condition) throw new BadRequest(message);
}
