import type { Event } from '@aws-sdk/client-pinpoint';
import { bytesOf } from './bytes';
import { isFilled } from './item';
import { cleanName, Cut, MAX_EVENT_BYTES, MAX_EVENT_KEY_LENGTH, MAX_EVENT_KEYS, MAX_EVENT_VALUE_LENGTH, shorten } from './limits';
import { OWN_SDK_NAME } from './names';
import type { TrackedEvent } from '../../model';
import { Rejection } from '../../runtime/errors';

/** Members of the service's event that a CDP speaking its shapes may fill. */
const NATIVE_MEMBERS = ['AppPackageName', 'AppTitle', 'AppVersionCode', 'ClientSdkVersion', 'SdkName', 'Session'] as const;

/** An event in the service's shape and within its limits. What does not fit is left out or shortened, and counted. */
export function eventOf(tracked: TrackedEvent, cut: Cut): Event {
  const event: Event = { EventType: cleanName(tracked.type, cut), SdkName: OWN_SDK_NAME, Timestamp: tracked.at };
  const attributes = fit(tracked.attributes, MAX_EVENT_KEYS, cut, (value) => shorten(value, MAX_EVENT_VALUE_LENGTH, 'EventValueShortened', cut));
  const metrics = fit(tracked.metrics, MAX_EVENT_KEYS - Object.keys(attributes).length, cut, (value) => value);
  if (isFilled(attributes)) event.Attributes = attributes;
  if (isFilled(metrics)) event.Metrics = metrics;
  if (tracked.native) addNative(event, tracked.native);
  return event;
}

function addNative(event: Event, native: Readonly<Record<string, unknown>>): void {
  for (const member of NATIVE_MEMBERS) {
    const value = native[member];
    if (value !== undefined && value !== null) Object.assign(event, { [member]: value });
  }
}

function fit<T>(source: Readonly<Record<string, T>>, room: number, cut: Cut, value: (raw: T) => T): Record<string, T> {
  const fitted: Record<string, T> = {};
  let left = room;
  for (const name of Object.keys(source)) {
    const clean = cleanName(name, cut);
    if (clean === '') cut('EmptyName');
    else if (clean.length > MAX_EVENT_KEY_LENGTH) cut('EventKeyTooLong');
    // JSON has numbers that are too large for one: 1e999.
    else if (source[name] === Infinity || source[name] === -Infinity) cut('NotANumber');
    else if (Object.hasOwn(fitted, clean)) cut('NameCollision');
    else if (left-- > 0) fitted[clean] = value(source[name]);
    else cut('TooManyEventKeys');
  }
  return fitted;
}

/** Returns its size in bytes, or a little more. */
export function checkEvent(event: Event): number {
  const bytes = bytesOf(event, MAX_EVENT_BYTES);
  if (bytes > MAX_EVENT_BYTES) throw new Rejection('EventTooLarge', `the event has ${bytes} bytes, at most ${MAX_EVENT_BYTES} are allowed`);
  return bytes;
}
