import type { Member } from './member';
import { isObject } from '../../../src/contract/parse';
import { checkEndpoint, Endpoint, isFilled } from '../../endpoint-targets/pinpoint/item';
import { Cut, fitAttributes, fitDemographic, fitLocation, fitMetrics } from '../../endpoint-targets/pinpoint/limits';
import { setOwn, valuesOf } from '../../mapping/values';
import type { Attributes } from '../../model';
import { Rejection } from '../../runtime/errors';

/** Members of an endpoint; the last two are set by the service itself. */
const MEMBERS: readonly string[] = [
  'Id', 'Address', 'ChannelType', 'OptOut', 'RequestId', 'Attributes', 'Metrics', 'Demographic', 'Location', 'User',
  'EffectiveDate', 'EndpointStatus',
];

/** One line of newline-delimited JSON in the endpoint shape, checked, completed and cut to the limits. */
export function memberOf(raw: unknown, check: (member: Member) => void, cut: Cut): string {
  if (!isObject(raw)) throw new Rejection('NotAnObject', 'a line is a JSON object');
  const unknown = Object.keys(raw).find((key) => !MEMBERS.includes(key));
  if (unknown !== undefined) throw new Rejection('UnknownMember', `member "${unknown.slice(0, 100)}" is none of an endpoint`);
  const user = part(raw, 'User');
  const text = (name: string) => textOf(raw[name], name);
  const member = { id: text('Id'), channel: text('ChannelType'), address: text('Address'), userId: textOf(user.UserId, 'User.UserId') };
  check(member);
  const endpoint: Endpoint = { Id: member.id };
  if (member.channel !== '') endpoint.ChannelType = member.channel as Endpoint['ChannelType'];
  if (member.address !== '') endpoint.Address = member.address;
  const optOut = optOutOf(raw.OptOut);
  if (optOut !== '') endpoint.OptOut = optOut;
  addParts(endpoint, raw, cut);
  const userAttributes = fitAttributes(listsOf(part(user, 'UserAttributes')), cut);
  if (member.userId === '' && isFilled(userAttributes)) cut('UserAttributesWithoutUserId');
  if (member.userId !== '') endpoint.User = { UserId: member.userId, ...isFilled(userAttributes) && { UserAttributes: userAttributes } };
  checkEndpoint(endpoint);
  return JSON.stringify(endpoint);
}

function addParts(endpoint: Endpoint, raw: Record<string, unknown>, cut: Cut): void {
  const [attributes, metrics] = [listsOf(part(raw, 'Attributes')), part(raw, 'Metrics')];
  const [location, demographic] = [textsOf(part(raw, 'Location'), cut), textsOf(part(raw, 'Demographic'), cut)];
  if (isFilled(attributes)) endpoint.Attributes = fitAttributes(attributes, cut);
  if (isFilled(metrics)) endpoint.Metrics = fitMetrics(metrics as Record<string, number>, cut);
  if (isFilled(location)) endpoint.Location = fitLocation(location, cut);
  if (isFilled(demographic)) endpoint.Demographic = fitDemographic(demographic as Record<string, string>, cut);
}

function part(raw: Record<string, unknown>, name: string): Record<string, unknown> {
  const value = raw[name] ?? {};
  if (!isObject(value)) throw new Rejection('NotAnObject', `${name} is not an object`);
  return value;
}

/** A number is no text here: JSON rounds large ones, so that two members could become one. */
function textOf(value: unknown, name: string): string {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'string') throw new Rejection('NotText', `${name} is not text`);
  return value.trim();
}

function optOutOf(value: unknown): string {
  const choice = textOf(value, 'OptOut').toUpperCase();
  if (!['', 'ALL', 'NONE'].includes(choice)) throw new Rejection('InvalidOptOut', 'OptOut must be ALL or NONE');
  return choice;
}

function listsOf(raw: Record<string, unknown>): Attributes {
  const lists: Attributes = {};
  for (const name of Object.keys(raw)) setOwn(lists, name, valuesOf(raw[name]));
  return lists;
}

/** The service's own `null` is nothing; anything else that is no text or number is left out, and counted. */
function textsOf(raw: Record<string, unknown>, cut: Cut): Record<string, string | number> {
  const isText = (value: unknown): value is string | number => typeof value === 'string' || typeof value === 'number';
  return Object.fromEntries(Object.entries(raw).filter((entry): entry is [string, string | number] => {
    if (!isText(entry[1]) && entry[1] !== null) cut('NotText');
    return isText(entry[1]);
  }));
}
