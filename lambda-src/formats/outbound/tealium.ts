import { nameOf } from './names';
import { Properties, propertiesOf } from './properties';
import type { EngagementEvent } from '../../engagement';
import { setOwn } from '../../mapping/values';

/** By channel; that of a push notification is a token of a device. */
const ADDRESSES: Readonly<Record<string, string>> = { EMAIL: 'email_address', SMS: 'phone_number', VOICE: 'phone_number' };

/** One flat event of a bulk request. @see https://docs.tealium.com/api/v3/http-api/about/ */
export function tealiumEvent(event: EngagementEvent): Properties {
  const flat = withoutDots(propertiesOf(event));
  flat.tealium_event = snakeCase(nameOf(event));
  flat.tealium_visitor_id = event.userId ?? event.endpointId;
  flat.event_id = event.id;
  flat.event_timestamp = event.at;
  if (event.userId !== undefined) flat.user_id = event.userId;
  if (event.address !== undefined) flat[ADDRESSES[event.channel ?? ''] ?? 'address'] = event.address;
  if (event.ip !== undefined) flat.ip_address = event.ip;
  if (event.userAgent !== undefined) flat.user_agent = event.userAgent;
  return flat;
}

/** A name of an attribute with a dot makes the API refuse the request. */
function withoutDots(properties: Properties): Properties {
  for (const name of Object.keys(properties)) {
    if (!name.includes('.')) continue;
    setOwn(properties, name.replaceAll('.', '_'), properties[name]);
    delete properties[name];
  }
  return properties;
}

const SNAKE = new Map<string, string>();
const MAX_NAMES = 2_000;

/** `Email Link Clicked` as Tealium's own events are written: `email_link_clicked`. */
function snakeCase(name: string): string {
  const known = SNAKE.get(name);
  if (known !== undefined) return known;
  const snake = name.trim().toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '_');
  if (SNAKE.size < MAX_NAMES) SNAKE.set(name, snake);
  return snake;
}
