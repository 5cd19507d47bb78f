import type { Format } from './index';
import { Read, SEGMENT_READERS, specFormat } from './segment';
import { Rejection } from '../runtime/errors';

/**
 * RudderStack's event spec: the Segment spec, traits in `context.traits`, and `merge`. `rudderId` is an id of RudderStack's own and
 * names nobody outside of it. There is no `delete`: RudderStack deletes by another API, not by an event.
 * @see https://www.rudderstack.com/docs/event-spec/standard-events/
 */
const { delete: _, ...EVENTS } = SEGMENT_READERS;

export const RUDDERSTACK_READERS: Readonly<Record<string, Read>> = {
  ...EVENTS,
  merge: () => {
    throw new Rejection('MergeNotSupported', 'properties that make two users one: their endpoints have to be joined by hand');
  },
};

export const rudderStack: Format = specFormat(RUDDERSTACK_READERS, 'the RudderStack event spec');
