import type { Event } from '@aws-sdk/client-pinpoint';
import type { TrackedEvent } from '../../model';
import { Rejection } from '../../runtime/errors';
import { cleanName, Cut, MAX_EVENT_BYTES, MAX_EVENT_KEY_LENGTH, MAX_EVENT_KEYS, MAX_EVENT_VALUE_LENGTH, shorten } from './limits';

/** Members of the service's event that a CDP speaking its shapes may fill. */
const NATIVE_MEMBERS = ['AppPackageName', 'AppTitle', 'AppVersionCode', 'ClientSdkVersion', 'SdkName', 'Session'] as const;

/** An event in the service's shape and within its limits. What does not fit is left out or shortened, and counted. */
export function eventOf(tracked: TrackedEvent, cut: Cut): Event {
  const event: Event = { EventType: cleanName(tracked.type, cut), Timestamp: tracked.at };
  const room = { keys: MAX_EVENT_KEYS };
  const attributes = fit(tracked.attributes, room, cut, (value) => shorten(value, MAX_EVENT_VALUE_LENGTH, 'EventValueShortened', cut));
  const metrics = fit(tracked.metrics, room, cut, (value) => value);
  if (attributes) event.Attributes = attributes;
  if (metrics) event.Metrics = metrics;
  for (const member of NATIVE_MEMBERS) {
    const value = tracked.native?.[member];
    if (value !== undefined && value !== null) Object.assign(event, { [member]: value });
  }
  return event;
}

function fit<T>(source: Readonly<Record<string, T>>, room: { keys: number }, cut: Cut, value: (raw: T) => T): Record<string, T> | undefined {
  const fitted: Record<string, T> = {};
  for (const name of Object.keys(source)) {
    const clean = cleanName(name, cut);
    if (clean.length > MAX_EVENT_KEY_LENGTH) cut('EventKeyTooLong');
    else if (room.keys === 0) cut('TooManyEventKeys');
    else {
      room.keys -= 1;
      fitted[clean] = value(source[name]);
    }
  }
  return Object.keys(fitted).length > 0 ? fitted : undefined;
}

/** Returns the size in bytes. */
export function checkEvent(event: Event): number {
  const bytes = Buffer.byteLength(JSON.stringify(event));
  if (bytes > MAX_EVENT_BYTES) throw new Rejection('EventTooLarge', `the event has ${bytes} bytes, at most ${MAX_EVENT_BYTES} are allowed`);
  return bytes;
}
