import { Body, jsonMember, member, nested } from '../members';

/** Whom an event is about. */
export interface Carrier {
  readonly userId?: string;
  readonly endpointId?: string;
  readonly channel?: string;
  readonly address?: string;
}

/** Names that applications give the user in a customer context; the first is what AWS' own samples write. */
const USER_NAMES = ['userId', 'UserId', 'user_id', 'userid'];

/** In this order: the endpoint that the event brings, the context of whoever sent the message, the id of the endpoint. */
export function carrierOf(body: Body, attributes: Body, userOf: (endpointId: string) => string | undefined): Carrier {
  const endpointId = member(nested(body, 'client'), 'client_id');
  const endpoint = jsonMember(nested(nested(body, 'client_context'), 'custom'), 'endpoint');
  const userId = (endpoint && member(nested(endpoint, 'User'), 'UserId')) ?? userOfContext(attributes)
    ?? (endpointId === undefined ? undefined : userOf(endpointId));
  return { userId, endpointId, channel: endpoint && member(endpoint, 'ChannelType'), address: endpoint && member(endpoint, 'Address') };
}

function userOfContext(attributes: Body): string | undefined {
  const context = jsonMember(attributes, 'customer_context');
  if (!context) return undefined;
  const name = USER_NAMES.find((candidate) => member(context, candidate) !== undefined);
  return name === undefined ? undefined : member(context, name);
}
