import { cloudEvents, isCloudEvent } from './cloudevents';
import type { Format } from './index';
import { mParticle } from './mparticle';
import { isPinpoint, pinpoint } from './pinpoint';
import { RUDDERSTACK_READERS } from './rudderstack';
import { SEGMENT_READERS, specFormat } from './segment';
import { tealium } from './tealium';
import { isObject } from '../mapping/values';
import { Rejection } from '../runtime/errors';

type Body = Readonly<Record<string, unknown>>;

/** Segment's and RudderStack's can't be told apart by their shape, and need not be: where both have a message it means the same. */
const spec = specFormat({ ...SEGMENT_READERS, ...RUDDERSTACK_READERS }, 'the Segment spec or the RudderStack event spec');

const SPEC_MEMBERS = ['type', 'action', 'event', 'traits', 'groupId', 'group_id', 'previousId', 'mergeProperties'] as const;

const isMParticle = (body: Body): boolean => body.user_identities !== undefined || body.mpid !== undefined
  || Array.isArray(body.events) && body.events.some((event) => isObject(event) && event.event_type !== undefined);

const isTealium = (body: Body): boolean => Object.keys(body).some((name) => name.startsWith('tealium_'))
  || Array.isArray(body.events) && isObject(body.shared)
  || Array.isArray(body.events) && body.events.some((event) => isObject(event) && event.tealium_event !== undefined);

const isSpec = (body: Body): boolean => Array.isArray(body.batch) || SPEC_MEMBERS.some((member) => body[member] !== undefined)
  || isObject(body.context) && isObject(body.context.traits);

/** The first that a message has the shape of: those whose marks nobody else uses come first, the Segment spec's common words last. */
const BARE: readonly (readonly [(body: Body) => boolean, Format])[] = [
  [isMParticle, mParticle], [isTealium, tealium], [isPinpoint, pinpoint], [isSpec, spec],
];

const recognizing = (kinds: typeof BARE): Format => {
  const formatOf = (body: Body) => kinds.find(([matches]) => matches(body))?.[1];
  return {
    parse: mParticle.parse,
    split: (body) => isObject(body) && formatOf(body)?.split(body) || [body],
    read: (body, arrival, cut) => {
      const format = formatOf(body);
      if (!format) throw new Rejection('UnknownFormat', 'the message has the shape of no known vocabulary');
      return format.read(body, arrival, cut);
    },
  };
};

export const auto: Format = recognizing([[isCloudEvent, cloudEvents(recognizing(BARE))], ...BARE]);
