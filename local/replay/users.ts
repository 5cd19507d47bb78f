import { Exported } from './read';
import { ADDRESS_FIELDS, AddressKind } from '../../src/contract/profile-fields';
import { isObject } from '../template/model';

/** Members that the service adds to what it tells, and takes from nobody. */
const SERVICE_MEMBERS: readonly string[] = ['ApplicationId', 'CohortId', 'CreationDate', 'EffectiveDate', 'RequestId'];

/** What a profile can be made of, and what has to be known before it is. */
export interface Inventory {
  readonly endpoints: number;
  readonly users: number;
  /** Endpoints that no user has: a profile needs one. */
  readonly withoutUser: number;
  /** By channel type. */
  readonly channels: Readonly<Record<string, number>>;
  readonly optedOut: number;
  readonly inactive: number;
  /** For the props of the same names. */
  readonly attributes: readonly string[];
  readonly metrics: readonly string[];
  /** Users with more addresses of a kind than a profile has room for. */
  readonly tooManyAddresses: readonly string[];
  /** Users whose endpoints differ in an attribute or a metric, of which a profile has one. */
  readonly differing: number;
}

/** All endpoints of one user: one record of the stream, so that they are given their places together. */
export interface UserRecord {
  readonly partitionKey: string;
  readonly body: { readonly Item: readonly Exported[] };
}

export interface CollectOptions {
  /** Takes the endpoint's id for the user of an endpoint that has none. */
  readonly userFromEndpoint?: boolean;
}

const objectIn = (value: Exported, member: string): Exported => isObject(value[member]) ? value[member] as Exported : {};
const userOf = (endpoint: Exported): string | undefined => {
  const { UserId } = objectIn(endpoint, 'User');
  return typeof UserId === 'string' && UserId !== '' ? UserId : undefined;
};
const idOf = ({ Id }: Exported): string => String(Id ?? '');

/** Endpoints by user. The first of a kind takes the first field: active ones come first, else the id decides, so that a replay can be repeated. */
export class Users {
  private readonly byUser = new Map<string, Exported[]>();
  private readonly homeless: Exported[] = [];

  public constructor(private readonly options: CollectOptions = {}) {}

  public add(endpoint: Exported): void {
    const own = Object.fromEntries(Object.entries(endpoint).filter(([member]) => !SERVICE_MEMBERS.includes(member)));
    const userId = userOf(own) ?? (this.options.userFromEndpoint ? idOf(own) : '');
    if (userId === '') return void this.homeless.push(own);
    const known = this.byUser.get(userId);
    const withUser = { ...own, User: { ...objectIn(own, 'User'), UserId: userId } };
    if (known) known.push(withUser);
    else this.byUser.set(userId, [withUser]);
  }

  /** Endpoints without a user go too, on their own: the handler makes dead letters of them, so that they are not lost. */
  public *records(): Generator<UserRecord> {
    for (const [userId, endpoints] of this.byUser) yield { partitionKey: userId.slice(0, 256), body: { Item: endpoints.sort(byPlace) } };
    for (const endpoint of this.homeless) yield { partitionKey: idOf(endpoint).slice(0, 256) || '-', body: { Item: [endpoint] } };
  }

  public inventory(): Inventory {
    const users = [...this.byUser];
    const endpoints = [...users.flatMap(([, own]) => own), ...this.homeless];
    const channels: Record<string, number> = {};
    for (const { ChannelType } of endpoints) channels[String(ChannelType)] = (channels[String(ChannelType)] ?? 0) + 1;
    const namesOf = (parts: (endpoint: Exported) => Exported) => [...new Set(endpoints.flatMap((one) => Object.keys(parts(one))))].sort();
    return {
      endpoints: endpoints.length, users: users.length, withoutUser: this.homeless.length, channels,
      optedOut: endpoints.filter(({ OptOut }) => OptOut === 'ALL').length,
      inactive: endpoints.filter(({ EndpointStatus }) => EndpointStatus === 'INACTIVE').length,
      attributes: namesOf((one) => ({ ...objectIn(one, 'Attributes'), ...objectIn(objectIn(one, 'User'), 'UserAttributes') })),
      metrics: namesOf((one) => objectIn(one, 'Metrics')),
      tooManyAddresses: users.filter(([, own]) => hasTooMany(own)).map(([userId]) => userId),
      differing: users.filter(([, own]) => ['Attributes', 'Metrics'].some((member) => differ(own, member))).length,
    };
  }
}

function byPlace(a: Exported, b: Exported): number {
  const inactive = ({ EndpointStatus }: Exported) => Number(EndpointStatus === 'INACTIVE');
  return inactive(a) - inactive(b) || (idOf(a) < idOf(b) ? -1 : 1);
}

function kindOf({ ChannelType }: Exported): AddressKind {
  if (ChannelType === 'EMAIL') return 'email';
  return ChannelType === 'SMS' || ChannelType === 'VOICE' ? 'phone' : 'device';
}

function hasTooMany(endpoints: readonly Exported[]): boolean {
  return Object.entries(ADDRESS_FIELDS).some(([kind, fields]) => endpoints.filter((one) => kindOf(one) === kind).length > fields.length);
}

function differ(endpoints: readonly Exported[], member: string): boolean {
  const seen = new Map<string, string>();
  return endpoints.flatMap((one) => Object.entries(objectIn(one, member))).some(([name, value]) => {
    const text = JSON.stringify(value);
    const before = seen.get(name);
    seen.set(name, text);
    return before !== undefined && before !== text;
  });
}
