import type { EndpointPatch, ProfileChange, TrackedEvent, TrackMessage } from '../model';
import { isObject, MAX_DEPTH, scalar, setFree } from './values';

/** A track message as an event: numbers become metrics, everything else attributes, as an event's attributes are texts. */
export function trackedEvent(message: TrackMessage, profile: ProfileChange, cut: (reason: string) => void): TrackedEvent {
  const attributes: Record<string, string> = {};
  const metrics: Record<string, number> = {};
  const into: Into = { attributes, metrics, cut };
  for (const name in message.properties) spread(name, message.properties[name], into, 0);
  return { kind: 'event', userId: message.userId, id: message.id, type: message.event, at: message.at, attributes, metrics,
    endpoints: addressed(profile) };
}

/**
 * The opt-outs that an event brings for more than the addresses which go along with it, as a change of their own. An opt-in is for the
 * addresses of its message: libraries send along what they once knew, and that must not undo what a user has said since.
 */
export function optOutBeside(profile: ProfileChange, cut: (reason: string) => void): ProfileChange | undefined {
  const { userId, endpoints, common, at } = profile;
  if (!common?.optOut && !endpoints.some(({ optOut }) => optOut)) return undefined;
  const told = endpoints.filter((endpoint) => endpoint.optOut && !hasAddress(endpoint));
  const optedOut = told.filter(({ optOut }) => optOut === 'ALL').map(({ channel, slot, optOut }) => ({ channel, slot, optOut }));
  if (told.length > optedOut.length || common?.optOut === 'NONE' && !endpoints.some(hasAddress)) cut('OptInWithoutAddress');
  const change = { kind: 'profile', userId, userAttributes: {}, at } as const;
  if (common?.optOut === 'ALL') return { ...change, endpoints: addressed(profile), common: { optOut: 'ALL' } };
  return optedOut.length > 0 ? { ...change, endpoints: optedOut } : undefined;
}

export const hasAddress = ({ address }: EndpointPatch): boolean => typeof address === 'string';

/** An event takes its addresses along, and with them the consent that came in the same message. */
function addressed({ endpoints, common }: ProfileChange): EndpointPatch[] {
  const own = endpoints.filter(hasAddress);
  const optOut = common?.optOut;
  return optOut ? own.map((endpoint) => ({ ...endpoint, optOut: optOut === 'ALL' ? optOut : endpoint.optOut ?? optOut })) : own;
}

interface Into {
  readonly attributes: Record<string, string>;
  readonly metrics: Record<string, number>;
  readonly cut: (reason: string) => void;
}

function spread(name: string, value: unknown, into: Into, depth: number): void {
  if (isObject(value) && depth < MAX_DEPTH) {
    for (const key in value) spread(`${name}_${key}`, value[key], into, depth + 1);
    return;
  }
  if (typeof value === 'number') return setFree(into.metrics, name, value, into.cut);
  const text = Array.isArray(value) && !value.some(isObject) ? value.map(scalar).filter((item) => item !== undefined).join(',') : scalar(value);
  if (text !== undefined && text !== '') setFree(into.attributes, name, text, into.cut);
}
