import { Cut, fitValue, MAX_VALUE_LENGTH } from './limits';
import { ALL_FIELDS, Fields, isSameAddress, kindOf, Slots } from './slots';
import {
  ADDRESS_FACTS, ADDRESS_MEMBERS, attributeName, coordinateName, demographicName, factName, metricName, NAME_FIELDS,
} from '../../../src/contract/profile-fields';
import type { Attributes, EndpointPatch, ProfileChange } from '../../model';
import { Rejection } from '../../runtime/errors';

/** What an object says of a user; everything that it leaves out stays in the profile as it is. */
export type UserObject = Record<string, string>;

/** Names that the object type has fields for. */
export interface Names {
  readonly attributes: ReadonlySet<string>;
  readonly metrics: ReadonlySet<string>;
}

/** Stands for an attribute that was cleared: the service takes an empty value for an absent one, which clears nothing. */
export const CLEARED = '-';

const OWN_FIELDS: readonly string[] = NAME_FIELDS;

/** A change of a profile as an object, without the id of its user. */
export function userObject(change: ProfileChange, slots: Slots, names: Names, cut: Cut): UserObject {
  const builder = new ObjectBuilder(slots, names, cut);
  if (change.common) builder.addTraits(change.common);
  const fields = change.endpoints.flatMap((patch) => builder.addEndpoint(patch));
  builder.addCommonConsent(change, fields);
  builder.carryConsent(fields);
  builder.addAttributes(change.userAttributes);
  return builder.object;
}

class ObjectBuilder {
  public readonly object: UserObject = {};

  public constructor(private readonly slots: Slots, private readonly names: Names, private readonly cut: Cut) {}

  /** Returns the fields that the patch is for. */
  public addEndpoint(patch: EndpointPatch): string[] {
    this.addTraits(patch);
    if (patch.address === undefined && patch.optOut === undefined && patch.status === undefined) return [];
    this.makeRoom(patch);
    const fields = this.slots.fieldsOf(patch);
    if (fields.length === 0) this.notThere(patch);
    for (const field of fields) this.addFacts(field, patch);
    return fields;
  }

  /** What belongs to the user in a profile, and to an endpoint in the model. */
  public addTraits({ attributes = {}, metrics = {}, location = {}, demographic = {} }: EndpointPatch): void {
    this.addAttributes(attributes);
    for (const [metric, value] of Object.entries(metrics)) {
      // JSON has numbers that are too large for one: 1e999.
      if (!Number.isFinite(value)) this.cut('NotANumber');
      else if (this.names.metrics.has(metric)) this.set(metricName(metric), String(value));
      else this.cut('UndeclaredMetric');
    }
    for (const [field, value] of Object.entries(demographic)) this.set(demographicName(field), value);
    const { Latitude, Longitude, ...address } = location;
    for (const [member, value] of Object.entries(address)) this.set(ADDRESS_MEMBERS[member as keyof typeof ADDRESS_MEMBERS], String(value));
    if (Latitude !== undefined && Longitude !== undefined) {
      this.set(coordinateName('Latitude'), String(Latitude));
      this.set(coordinateName('Longitude'), String(Longitude));
    }
  }

  public addAttributes(attributes: Attributes): void {
    for (const [name, values] of Object.entries(attributes)) {
      const field = OWN_FIELDS.includes(name) ? name : this.names.attributes.has(name) ? attributeName(name) : undefined;
      if (field === undefined) this.cut('UndeclaredAttribute');
      else this.set(field, values.length === 0 ? CLEARED : values.join(','));
    }
  }

  /** An opt-out from everything is also for addresses that are still to come; it wins over whatever else the message says. */
  public addCommonConsent({ common, endpoints }: ProfileChange, named: readonly string[]): void {
    if (common?.optOut === 'ALL') for (const field of ALL_FIELDS) this.object[factName('OptOut', field)] = 'ALL';
    if (common?.optOut !== 'NONE') return;
    const fields = endpoints.length === 0 ? ALL_FIELDS : named;
    for (const field of fields) this.object[factName('OptOut', field)] ??= 'NONE';
  }

  /** An address that comes to a field and is opted out in another one is opted out there too, unless the message says more. */
  public carryConsent(named: readonly string[]): void {
    const { known } = this.slots;
    const now: Fields = { ...known, ...this.object };
    for (const field of named) {
      const address = this.object[field];
      if (address === undefined || isSameAddress(known[field], address) || this.object[factName('OptOut', field)] !== undefined) continue;
      const isOptedOut = ALL_FIELDS.some((one) => one !== field && isSameAddress(now[one], address) && now[factName('OptOut', one)] === 'ALL');
      if (isOptedOut) this.object[factName('OptOut', field)] = 'ALL';
    }
  }

  /** An endpoint that has to leave the first field takes along all that is known of it. */
  private makeRoom(patch: EndpointPatch): void {
    const move = this.slots.makeRoom(patch);
    if (move === undefined) return;
    const { from, to } = move;
    if (to === undefined) return this.cut('EndpointReplaced');
    const now: Fields = { ...this.slots.known, ...this.object };
    const names = [[from, to], ...ADDRESS_FACTS.map((fact) => [factName(fact, from), factName(fact, to)])];
    for (const [source, target] of names) if (now[source] !== undefined) this.object[target] = now[source];
  }

  private addFacts(field: string, patch: EndpointPatch): void {
    const { address, channel, optOut, status } = patch;
    if (typeof address === 'string') {
      if (address.length > MAX_VALUE_LENGTH) throw new Rejection('AddressTooLong', `an address has more than ${MAX_VALUE_LENGTH} characters`);
      this.object[field] = address;
      this.set(factName('EndpointId', field), this.slots.idOf(patch));
    }
    if (typeof address === 'string' && channel && kindOf(channel) !== 'email') this.object[factName('ChannelType', field)] = channel;
    const active = status ?? (address === undefined ? undefined : address === null ? 'INACTIVE' : 'ACTIVE');
    if (active) this.object[factName('EndpointStatus', field)] = active;
    if (optOut) this.object[factName('OptOut', field)] = optOut;
  }

  /** What names an endpoint that nobody knows must not be taken for said; what is for a channel is for as many addresses as it has. */
  private notThere({ id }: EndpointPatch): void {
    if (id !== undefined) throw new Rejection('UnknownEndpoint', 'the profile has no address of this endpoint id, and the message brings none');
    this.cut('NoEndpointOfChannel');
  }

  private set(name: string, value: string): void {
    this.object[name] = fitValue(value, this.cut);
  }
}
