import type { EventBusDestinationConfig } from '../../src/contract/cdp-destination';
import type { EngagementEvent } from '../engagement';
import { DestinationAdapter, itemOf, Limits } from './destination';
import { genericEvent } from '../formats/outbound/generic';
import { eventBusTransport } from '../transports/event-bus';

/** Source of every entry; rules match it. The detail type is the event's type, such as `EMAIL_HARD_BOUNCE`. */
export const EVENT_SOURCE = 'cdk-cdp-engagement';
/** An entry's size is that of its text members and 14 bytes for its time.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html#eb-putevent-size */
const ENTRY_BYTES = 14 + EVENT_SOURCE.length + 40;
const MAX_BYTES = 256 * 1024;
export const EVENT_BUS_LIMITS: Limits = {
  items: 10, bytes: MAX_BYTES, itemBytes: MAX_BYTES - ENTRY_BYTES, envelopeBytes: 0, perItemBytes: ENTRY_BYTES, inFlight: 4,
};

export function eventBusDestination({ eventBusName }: EventBusDestinationConfig, put = eventBusTransport()): DestinationAdapter {
  return {
    limits: EVENT_BUS_LIMITS,
    encode: (event) => itemOf(event, genericEvent(event), event.type),
    send: (items, deadline) => put(items.map(({ text, head: DetailType }) => ({
      EventBusName: eventBusName, Source: EVENT_SOURCE, DetailType, Detail: text, Time: new Date((JSON.parse(text) as EngagementEvent).at),
    })), deadline),
  };
}
