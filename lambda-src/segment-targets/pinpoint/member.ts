import type { RowsConfig } from '../../../src/contract/segment-prepare';
import { Channel, CHANNELS } from '../../../src/contract/trait-mapping';
import { isValidId } from '../../endpoint-targets/pinpoint/limits';
import { normalizeAddress } from '../../mapping/addresses';
import { endpointIds } from '../../mapping/endpoint-id';
import { Rejection } from '../../runtime/errors';

/** What makes a row an endpoint; an empty text is none. */
export interface Member {
  id: string;
  channel: string;
  address: string;
  readonly userId: string;
}

const KNOWN: ReadonlySet<string> = new Set(CHANNELS);

/**
 * Checks a member and completes it in place: the channel that the row leaves out, the address in the form of its channel, and the id
 * that CdpEndpointSync gives the same endpoint, without which each import would make another.
 */
export function createMembers({ endpointId, defaultChannel, defaultCountry }: RowsConfig): (member: Member) => void {
  const ids = endpointIds(endpointId);
  return (member) => {
    if (member.userId !== '' && !isValidId(member.userId)) throw new Rejection('InvalidUserId', 'User.UserId can not be an id of this service');
    if (member.channel === '' && member.address !== '') member.channel = defaultChannel ?? '';
    if (member.channel !== '') member.channel = channelOf(member.channel);
    if (member.address !== '') member.address = addressOf(member, defaultCountry);
    if (member.id === '') member.id = idOf(member);
    if (!isValidId(member.id)) throw new Rejection('InvalidId', 'Id can not be an id of this service');
  };

  function idOf({ channel, address, userId }: Member): string {
    if (address === '') throw new Rejection('NoAddress', 'a row without Id needs an Address');
    if (userId === '') throw new Rejection('NoId', 'a row needs an Id or a User.UserId, or each import would make another endpoint of it');
    return ids.idOf(userId, channel);
  }
}

function channelOf(raw: string): string {
  if (KNOWN.has(raw)) return raw;
  const channel = raw.trim().toUpperCase();
  if (!KNOWN.has(channel)) throw new Rejection('InvalidChannelType', 'ChannelType is none of this service');
  return channel;
}

function addressOf({ channel, address }: Member, defaultCountry: string | undefined): string {
  if (channel === '') throw new Rejection('NoChannelType', 'a row with an Address needs a ChannelType');
  const normal = normalizeAddress(channel as Channel, address, defaultCountry);
  if (normal === undefined) throw new Rejection('InvalidAddress', `Address is none of channel ${channel}`);
  return normal;
}
