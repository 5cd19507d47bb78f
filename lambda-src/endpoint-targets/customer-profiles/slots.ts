import { ADDRESS_FACTS, ADDRESS_FIELDS, AddressKind, factName } from '../../../src/contract/profile-fields';
import type { Channel } from '../../../src/contract/trait-mapping';
import type { EndpointIds } from '../../mapping/endpoint-id';
import type { EndpointPatch } from '../../model';
import { Rejection } from '../../runtime/errors';

/** A profile's fields and attributes by name, as far as they are known. */
export type Fields = Readonly<Record<string, string | undefined>>;

const KINDS = Object.keys(ADDRESS_FIELDS) as AddressKind[];

export function kindOf(channel: Channel): AddressKind {
  if (channel === 'EMAIL') return 'email';
  return channel === 'SMS' || channel === 'VOICE' ? 'phone' : 'device';
}

/** E-mail addresses are the same in any case, tokens are not. */
export function isSameAddress(a: string | undefined, b: string): boolean {
  return a === b || (a !== undefined && a.includes('@') && a.toLowerCase() === b.toLowerCase());
}

/**
 * Which field of a profile an endpoint has. The first e-mail address and the first number for text messages of a CDP are always in the first
 * field, and another endpoint that is there moves; any other endpoint keeps the field under which the profile knows its id, or takes the first one
 * that is free.
 */
export class Slots {
  /** Field by field the id of its endpoint. */
  private readonly owners = new Map<string, { id?: string; channel?: string }>();

  public constructor(private readonly userId: string, private readonly ids: EndpointIds, public readonly known: Fields) {
    for (const field of KINDS.flatMap((kind) => [...ADDRESS_FIELDS[kind]])) {
      const id = known[factName('EndpointId', field)];
      if (id === undefined && known[field] === undefined) continue;
      const channel = (ADDRESS_FIELDS.email as readonly string[]).includes(field) ? 'EMAIL' : known[factName('ChannelType', field)];
      this.owners.set(field, { id: id?.toLowerCase(), channel });
    }
  }

  /**
   * Another endpoint that has the first field, when the CDP's first address comes: which field it moves to, with all that is known of it.
   * The same address under another id is the same endpoint and stays, unless it is opted out and the one that comes is not.
   */
  public makeRoom(patch: EndpointPatch): { readonly from: string; readonly to?: string } | undefined {
    if (typeof patch.address !== 'string' || !isFirst(patch, this.userId, this.ids)) return undefined;
    const fields: readonly string[] = ADDRESS_FIELDS[kindOf(patch.channel!)];
    const owner = this.owners.get(fields[0]);
    if (owner?.id === undefined || owner.id === this.idOf(patch).toLowerCase()) return undefined;
    const undoesOptOut = patch.optOut === 'NONE' && this.known[factName('OptOut', fields[0])] === 'ALL';
    if (isSameAddress(this.known[fields[0]], patch.address) && !undoesOptOut) return undefined;
    const to = fields.find((field) => !this.owners.has(field));
    if (to !== undefined) this.owners.set(to, owner);
    return { from: fields[0], to };
  }

  /** The fields that a patch is for; one that has none yet gets one if it brings an address. */
  public fieldsOf(patch: EndpointPatch): string[] {
    if (typeof patch.address === 'string') return [this.take(patch)];
    if (patch.id !== undefined || patch.address === null) return this.existing(patch);
    return this.ofChannel(patch);
  }

  public idOf({ id, channel, slot }: EndpointPatch): string {
    return id ?? this.ids.idOf(this.userId, channel!, slot);
  }

  private take(patch: EndpointPatch): string {
    const { channel } = patch;
    const [field] = this.existing(patch);
    if (!channel && field === undefined) throw new Rejection('UnknownChannel', 'an address needs the channel that it is for');
    const taken = field ?? this.free(channel!, patch);
    this.owners.set(taken, { id: this.idOf(patch).toLowerCase(), channel: channel ?? this.owners.get(taken)?.channel });
    return taken;
  }

  private existing(patch: EndpointPatch): string[] {
    if (isFirst(patch, this.userId, this.ids)) return [ADDRESS_FIELDS[kindOf(patch.channel!)][0]];
    const id = this.idOf(patch).toLowerCase();
    const found = [...this.owners].find(([, owner]) => owner.id === id);
    return found ? [found[0]] : [];
  }

  /** What comes without address and id is for all addresses of the channel, and for the first one that is still to come. */
  private ofChannel({ channel }: EndpointPatch): string[] {
    const known = [...this.owners].filter(([, owner]) => owner.channel === channel).map(([field]) => field);
    const first = channel === 'EMAIL' || channel === 'SMS' ? [ADDRESS_FIELDS[kindOf(channel)][0]] : [];
    return [...new Set([...first, ...known])];
  }

  private free(channel: Channel, { id }: EndpointPatch): string {
    const kind = kindOf(channel);
    // A further address of the CDP leaves the first field to the first.
    const start = id === undefined && kind !== 'device' ? 1 : 0;
    const field = ADDRESS_FIELDS[kind].slice(start).find((one) => !this.owners.has(one));
    if (field === undefined) {
      throw new Rejection('TooManyAddresses', `a profile has room for ${ADDRESS_FIELDS[kind].length} addresses of the kind ${kind}, and they are taken`);
    }
    return field;
  }
}

function isFirst({ id, slot, channel }: EndpointPatch, userId: string, ids: EndpointIds): boolean {
  if (slot !== undefined || (channel !== 'EMAIL' && channel !== 'SMS')) return false;
  return id === undefined || id.toLowerCase() === ids.idOf(userId, channel).toLowerCase();
}

/** Whether nobody has to be asked: the field follows from the patch, and no other endpoint has to move as far as `recent` tells. */
export function isFieldCertain(patch: EndpointPatch, userId: string, ids: EndpointIds, recent: Fields): boolean {
  if (!isFirst(patch, userId, ids)) return false;
  if (typeof patch.address === 'string') return recent[ADDRESS_FIELDS[kindOf(patch.channel!)][0]] === patch.address;
  return patch.address === null || patch.id !== undefined;
}

/** The facts of every address that a profile can have. */
export const ALL_FIELDS: readonly string[] = KINDS.flatMap((kind) => [...ADDRESS_FIELDS[kind]]);

/** What of a profile decides where its endpoints are. */
export const SLOT_NAMES: readonly string[] = ALL_FIELDS.flatMap((field) => [field, ...ADDRESS_FACTS.map((fact) => factName(fact, field))]);
