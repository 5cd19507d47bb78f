import { userObject } from '../../../../lambda-src/endpoint-targets/customer-profiles/object';
import { Fields, Slots } from '../../../../lambda-src/endpoint-targets/customer-profiles/slots';
import type { EndpointPatch, ProfileChange } from '../../../../lambda-src/model';
import { ADDRESS_FIELDS } from '../../../../src/contract/profile-fields';
import type { TraitMappingConfig } from '../../../../src/contract/trait-mapping';
import { mapping, OPT_OUT, TARGET_OPTIONS } from '../../support/mapping';
import { changesOf, identifyOf } from '../../support/plans';
import { PROFILES_TARGET } from '../../support/profiles';

const NAMES = { attributes: new Set(PROFILES_TARGET.attributes), metrics: new Set(PROFILES_TARGET.metrics) };

function objectOf(change: ProfileChange, known: Fields = {}) {
  const cuts: string[] = [];
  const object = userObject(change, new Slots('u', TARGET_OPTIONS.ids, known), NAMES, (reason) => void cuts.push(reason));
  return { object, cuts };
}

const identified = (traits: object, config?: TraitMappingConfig, extra: object = {}) =>
  changesOf('segment', [identifyOf('u', traits, extra)], config)[0].change as ProfileChange;
const exported = (item: object) => changesOf('pinpoint', [item])[0].change as ProfileChange;
const change = (...endpoints: EndpointPatch[]): ProfileChange => ({ kind: 'profile', userId: 'u', endpoints, userAttributes: {}, at: '' });

test('traits of a CDP have their fields', () => {
  const traits = {
    email: 'ann@example.com', phone: '+12065550100', firstName: 'Ann', lastName: 'Lee', name: 'Ann Lee', plan: 'gold', tags: ['a', 'b'],
    address: { city: 'Oslo', state: 'Oslo fylke', postalCode: '0150', country: 'NO' }, locale: 'nb-NO', secret: 'x',
  };
  expect(objectOf(identified(traits))).toEqual({
    object: {
      EmailAddress: 'ann@example.com', EndpointId_EmailAddress: 'u:EMAIL', EndpointStatus_EmailAddress: 'ACTIVE',
      PhoneNumber: '+12065550100', EndpointId_PhoneNumber: 'u:SMS', ChannelType_PhoneNumber: 'SMS', EndpointStatus_PhoneNumber: 'ACTIVE',
      FirstName: 'Ann', LastName: 'Lee', Attributes_Name: 'Ann Lee', Attributes_plan: 'gold', Attributes_tags: 'a,b',
      City: 'Oslo', Province: 'Oslo fylke', PostalCode: '0150', Country: 'NO', Demographic_Locale: 'nb-NO',
    },
    cuts: ['UndeclaredAttribute'],
  });
});

test('a partial change says only what it says', () => {
  expect(objectOf(identified({ plan: 'gold' })).object).toEqual({ Attributes_plan: 'gold' });
});

test.each<[string, object, object]>([
  ['an attribute', { plan: null }, { Attributes_plan: '-' }],
  ['an empty list', { tags: [] }, { Attributes_tags: '-' }],
  ['a name', { firstName: null }, { FirstName: '-' }],
  ['an address', { email: null }, { EndpointStatus_EmailAddress: 'INACTIVE' }],
])('null clears %s', (_, traits, object) => {
  expect(objectOf(identified(traits)).object).toEqual(object);
});

test('the opt-out from everything is for every address there can be, an opt-in for those that the message names', () => {
  const { object } = objectOf(identified({ unsubscribed: true }, mapping(OPT_OUT)));
  expect(Object.keys(object)).toHaveLength(21);
  expect(new Set(Object.values(object))).toEqual(new Set(['ALL']));
  expect(object).toMatchObject({ OptOut_EmailAddress: 'ALL', OptOut_BusinessPhoneNumber: 'ALL', OptOut_DeviceToken_10: 'ALL' });
  expect(objectOf(identified({ email: 'a@example.com', unsubscribed: false }, mapping(OPT_OUT))).object).toEqual({
    EmailAddress: 'a@example.com', EndpointId_EmailAddress: 'u:EMAIL', EndpointStatus_EmailAddress: 'ACTIVE', OptOut_EmailAddress: 'NONE',
  });
  expect(Object.keys(objectOf(identified({ unsubscribed: false }, mapping(OPT_OUT))).object)).toHaveLength(21);
});

test('the opt-out from everything wins over what is said of one address', () => {
  const both = { ...change({ channel: 'EMAIL', address: 'a@example.com', optOut: 'NONE' }), common: { optOut: 'ALL' as const } };
  expect(objectOf(both).object.OptOut_EmailAddress).toBe('ALL');
});

test('the opt-out from a channel is for all its addresses, and for the first that is still to come', () => {
  const known = {
    PersonalEmailAddress: 'b@example.com', EndpointId_PersonalEmailAddress: 'e2', HomePhoneNumber: '+12065550100', ChannelType_HomePhoneNumber: 'VOICE',
    DeviceToken_3: 't', ChannelType_DeviceToken_3: 'GCM', DeviceToken_4: 't', ChannelType_DeviceToken_4: 'APNS',
  };
  expect(objectOf(change({ channel: 'EMAIL', optOut: 'ALL' }), known).object).toEqual({ OptOut_EmailAddress: 'ALL', OptOut_PersonalEmailAddress: 'ALL' });
  expect(objectOf(change({ channel: 'SMS', optOut: 'ALL' }), known).object).toEqual({ OptOut_PhoneNumber: 'ALL' });
  expect(objectOf(change({ channel: 'GCM', optOut: 'ALL' }), known).object).toEqual({ OptOut_DeviceToken_3: 'ALL' });
  expect(objectOf(change({ channel: 'ADM', optOut: 'ALL' }), known)).toEqual({ object: {}, cuts: ['NoEndpointOfChannel'] });
});

test('an exported endpoint keeps its id, its opt-out, its status and its token', () => {
  const endpoint = {
    Id: 'device-1', ChannelType: 'GCM', Address: 'token-1', OptOut: 'ALL', EndpointStatus: 'INACTIVE', Attributes: { plan: ['gold'], other: ['x'] },
    Metrics: { ltv: 3.5, other: 1 }, Demographic: { Make: 'LG' }, Location: { Latitude: 59.9, Longitude: 10.7 },
    User: { UserId: 'u', UserAttributes: { tags: ['a'] } },
  };
  expect(objectOf(exported(endpoint))).toEqual({
    object: {
      DeviceToken_1: 'token-1', EndpointId_DeviceToken_1: 'device-1', ChannelType_DeviceToken_1: 'GCM', OptOut_DeviceToken_1: 'ALL',
      EndpointStatus_DeviceToken_1: 'INACTIVE', Attributes_plan: 'gold', Metrics_ltv: '3.5', Demographic_Make: 'LG',
      Location_Latitude: '59.9', Location_Longitude: '10.7', Attributes_tags: 'a',
    },
    cuts: ['UndeclaredAttribute', 'UndeclaredMetric'],
  });
});

describe('which field an address has', () => {
  const fieldOf = (patch: EndpointPatch, known: Fields = {}) =>
    Object.keys(objectOf(change(patch), known).object).filter((name) => !name.includes('_') || /^(DeviceToken|EmailAddress|PhoneNumber)_\d+$/.test(name));
  const email = (id: string | undefined, slot?: string): EndpointPatch => ({ id, slot, channel: 'EMAIL', address: 'x@example.com' });
  const taken = { EmailAddress: 'a@example.com', EndpointId_EmailAddress: 'e1', PersonalEmailAddress: 'b@example.com', EndpointId_PersonalEmailAddress: 'e2' };

  test.each<[string, EndpointPatch, Fields, string[]]>([
    ['the first of the CDP: the first, and whoever has it moves', email(undefined), taken, ['BusinessEmailAddress', 'EmailAddress']],
    ['the first of the CDP by the id it has here', email('U:email'), taken, ['BusinessEmailAddress', 'EmailAddress']],
    ['the first of the CDP has its own', email(undefined), { ...taken, EndpointId_EmailAddress: 'u:EMAIL' }, ['EmailAddress']],
    ['a further one of the CDP leaves the first free', email(undefined, 'work'), {}, ['PersonalEmailAddress']],
    ['a further one of the CDP has the one it had', email(undefined, 'work'), { EndpointId_BusinessEmailAddress: 'u:EMAIL:work' }, ['BusinessEmailAddress']],
    ['a known id has the field it had, in any case', email('E2'), taken, ['PersonalEmailAddress']],
    ['a new id has the first that is free', email('e3'), taken, ['BusinessEmailAddress']],
    ['a new id of a new user has the first', email('e3'), {}, ['EmailAddress']],
    ['an address without an id, by someone else, is not overwritten', email('e3'), { EmailAddress: 'agent@example.com' }, ['PersonalEmailAddress']],
    ['text messages and calls share the numbers', { id: 'v', channel: 'VOICE', address: '+12065550100' }, { PhoneNumber: '+1' }, ['HomePhoneNumber']],
    ['the first for text messages', { channel: 'SMS', address: '+12065550100' }, {}, ['PhoneNumber']],
    ['the first for calls is a further number', { channel: 'VOICE', address: '+12065550100' }, {}, ['HomePhoneNumber']],
    ['a device', { channel: 'APNS', slot: 'phone', address: 't' }, {}, ['DeviceToken_1']],
  ])('%s', (_, patch, known, fields) => {
    expect(fieldOf(patch, known)).toEqual(fields);
  });

  test.each<[string, EndpointPatch['channel'], number]>([['e-mail', 'EMAIL', 5], ['phone', 'SMS', 6], ['device', 'GCM', 10]])(
    '%s: as many as there are fields, in the order of their coming, and one more is refused', (_, channel, room) => {
      const patches = Array.from({ length: room }, (__, index) => ({ id: `e${index}`, channel, address: `a${index}` }));
      expect(Object.entries(objectOf(change(...patches)).object).filter(([name]) => name.startsWith('EndpointId_')).map(([, id]) => id))
        .toEqual(patches.map(({ id }) => id));
      expect(() => objectOf(change(...patches, { id: 'more', channel, address: 'a' }))).toThrow(`room for ${room} addresses`);
    });

  test('without a field to move to, the one that has the first is replaced, and counted', () => {
    const full = Object.fromEntries(ADDRESS_FIELDS.email.flatMap((field, index) => [[field, `a${index}@example.com`], [`EndpointId_${field}`, `e${index}`]]));
    const { object, cuts } = objectOf(change(email(undefined)), full);
    expect(cuts).toEqual(['EndpointReplaced']);
    expect(object).toEqual({ EmailAddress: 'x@example.com', EndpointId_EmailAddress: 'u:EMAIL', EndpointStatus_EmailAddress: 'ACTIVE' });
  });

  test('an id that is not known brings an address or is refused', () => {
    expect(() => objectOf(change({ id: 'who', optOut: 'ALL' }))).toThrow('the profile has no address of this endpoint id');
    expect(objectOf(change({ id: 'E1', optOut: 'ALL' }), taken).object).toEqual({ OptOut_EmailAddress: 'ALL' });
  });
});

test('a number that is too large for one is left out', () => {
  expect(objectOf(change({ metrics: { ltv: Infinity } }))).toEqual({ object: {}, cuts: ['NotANumber'] });
});

test('values have 255 characters at most, addresses all of theirs', () => {
  const of = (length: number) => objectOf(identified({ plan: 'x'.repeat(length) }));
  expect(of(255)).toEqual({ object: { Attributes_plan: 'x'.repeat(255) }, cuts: [] });
  expect(of(256)).toEqual({ object: { Attributes_plan: 'x'.repeat(255) }, cuts: ['AttributeValueShortened'] });
  expect(objectOf(identified({ plan: `${'x'.repeat(254)}😀` })).object.Attributes_plan).toBe('x'.repeat(254));
  expect(objectOf(change({ channel: 'GCM', slot: 'd', address: 't'.repeat(255) })).object.DeviceToken_1).toHaveLength(255);
  expect(() => objectOf(change({ channel: 'GCM', slot: 'd', address: 't'.repeat(256) }))).toThrow('more than 255 characters');
});
