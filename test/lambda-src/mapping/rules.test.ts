import type { TraitMappingConfig, TraitRule } from '../../../src/contract/trait-mapping';
import { mapping, MAPPING, OPT_OUT } from '../support/mapping';
import { map } from '../support/messages';

const EMAIL = { channel: 'EMAIL', address: 'a@example.com' };
const SMS = { channel: 'SMS', address: '+12065550100' };
const BOTH = { email: EMAIL.address, phone: SMS.address };

test.each<[string, TraitRule, unknown, object]>([
  ['address of another channel', { to: 'address', trait: 'whatsapp', channel: 'CUSTOM' }, { whatsapp: 'wa:1' }, { endpoints: [{ channel: 'CUSTOM', address: 'wa:1' }] }],
  ['address by a path', { to: 'address', trait: 'contact.mail', channel: 'EMAIL' }, { contact: { mail: EMAIL.address } },
    { endpoints: [{ ...EMAIL, slot: 'contact.mail' }] }],
  ['attribute of all endpoints', { to: 'endpointAttribute', trait: 'tier', name: 'Tier' }, { ...BOTH, tier: ['a', 'b'] },
    { endpoints: [EMAIL, SMS], common: { attributes: { Tier: ['a', 'b'] } } }],
  ['attribute of one channel', { to: 'endpointAttribute', trait: 'news', name: 'News', channels: ['EMAIL'] }, { ...BOTH, news: true },
    { endpoints: [{ ...EMAIL, attributes: { News: ['true'] } }, SMS] }],
  ['attribute of a channel that the message does not bring', { to: 'endpointAttribute', trait: 'news', name: 'News', channels: ['APNS'] }, { ...BOTH, news: 1 },
    { endpoints: [EMAIL, SMS, { channel: 'APNS', attributes: { News: ['1'] } }] }],
  ['attribute with values', { to: 'endpointAttribute', trait: 'news', name: 'EmailPreference_Newsletter', channels: ['EMAIL'], values: { true: 'Subscribed', false: 'Unsubscribed' } },
    { ...BOTH, news: true }, { endpoints: [{ ...EMAIL, attributes: { EmailPreference_Newsletter: ['Subscribed'] } }, SMS] }],
  ['a value that the rule does not name', { to: 'userAttribute', trait: 'news', name: 'News', values: { true: 'Subscribed' } }, { news: ['true', 'maybe', 'toString'] },
    { userAttributes: { News: ['Subscribed', 'maybe', 'toString'] } }],
  ['a deleted attribute', { to: 'userAttribute', trait: 'tier', name: 'Tier', values: { null: 'None' } }, { tier: null }, { userAttributes: { Tier: [] } }],
  ['metric', { to: 'metric', trait: 'ltv', name: 'LTV' }, { ltv: 12.5 }, { common: { metrics: { LTV: 12.5 } } }],
  ['metric as text, of one channel', { to: 'metric', trait: 'ltv', name: 'LTV', channels: ['EMAIL'] }, { ...BOTH, ltv: ' 1e3 ' },
    { endpoints: [{ ...EMAIL, metrics: { LTV: 1000 } }, SMS] }],
  ['location', { to: 'location', trait: 'lat', field: 'Latitude' }, { lat: 47.6 }, { common: { location: { Latitude: 47.6 } } }],
  ['a deleted location', { to: 'location', trait: 'town', field: 'City' }, { town: null }, { cuts: ['NotClearable'] }],
  ['demographic', { to: 'demographic', trait: 'context.device.model', field: 'Model' }, {}, { common: { demographic: { Model: 'X1' } } }],
  ['ignore', { to: 'ignore', trait: 'secret' }, { secret: 's' }, {}],
  ['ignore by a path', { to: 'ignore', trait: 'card.number' }, { card: { number: '4111', brand: 'V' } }, { userAttributes: { card_brand: ['V'] } }],
  ['a deleted trait whose own name has dots', { to: 'userAttribute', trait: 'a.b', name: 'AB' }, { 'a.b': null, 'a': { b: 'path' } }, { userAttributes: { AB: [] } }],
  ['a name that only JavaScript knows', { to: 'userAttribute', trait: 'constructor', name: 'AB' }, {}, {}],
  ['a name that JavaScript knows too', { to: 'userAttribute', trait: 'constructor', name: 'AB' }, { constructor: 'x' }, { userAttributes: { AB: ['x'] } }],
  ['a path that only JavaScript knows', { to: 'userAttribute', trait: 'constructor.name', name: 'AB' }, {}, {}],
  ['a trait whose own name has dots wins over the path', { to: 'userAttribute', trait: 'a.b', name: 'AB' }, { 'a.b': 'own', 'a': { b: 'path' } }, { userAttributes: { AB: ['own'] } }],
])('%s', (_, rule, traits, expected) => {
  expect(map(traits, mapping(rule), { device: { model: 'X1' } })).toEqual({ endpoints: [], userAttributes: {}, cuts: [], ...expected });
});

test.each([null, 'many', '', {}, [], true, 'Infinity', JSON.parse('1e999')])('%p is no metric: counted, nothing written', (ltv) => {
  const { common, cuts } = map({ ltv }, mapping({ to: 'metric', trait: 'ltv', name: 'LTV' }));
  expect({ common, cuts }).toEqual({ common: undefined, cuts: [ltv === null ? 'NotClearable' : 'NotANumber'] });
});

describe('several addresses', () => {
  test('of one trait are told apart by their position', () => {
    expect(map({ email: ['a@example.com', 'b@example.com', 'bad', 'd@example.com'] })).toMatchObject({
      endpoints: [EMAIL, { channel: 'EMAIL', slot: '2', address: 'b@example.com' }, { channel: 'EMAIL', slot: '4', address: 'd@example.com' }],
      cuts: ['InvalidAddress'],
    });
  });

  test('of one channel by the trait of each rule after the first', () => {
    const work: TraitRule = { to: 'address', trait: 'work.email', channel: 'EMAIL' };
    expect(map({ email: 'a@example.com', work: { email: ['b@example.com', 'c@example.com'] } }, mapping(work)).endpoints).toEqual([
      EMAIL, { channel: 'EMAIL', slot: 'work.email', address: 'b@example.com' }, { channel: 'EMAIL', slot: 'work.email.2', address: 'c@example.com' },
    ]);
  });

  test('a rule for a channel concerns all addresses of it', () => {
    const rule: TraitRule = { to: 'endpointAttribute', trait: 'x', name: 'X', channels: ['EMAIL'] };
    const { endpoints } = map({ email: ['a@example.com', 'b@example.com'], x: 1 }, mapping(rule));
    expect(endpoints.map(({ attributes }) => attributes)).toEqual([{ X: ['1'] }, { X: ['1'] }]);
  });

  test('a deleted one leaves its endpoint without an address', () => {
    expect(map({ email: null, phone: SMS.address }).endpoints).toEqual([{ channel: 'EMAIL', address: null }, SMS]);
  });
});

describe('the opt-out', () => {
  const email: TraitRule = { to: 'optOut', trait: 'emailOptOut', channels: ['EMAIL'], values: { yes: 'ALL', no: 'NONE' } };
  const optOuts = (traits: object, ...rules: TraitRule[]) => {
    const { endpoints, common } = map({ ...BOTH, ...traits }, mapping(...rules));
    return { all: common?.optOut, ...Object.fromEntries(endpoints.map(({ channel, optOut }) => [channel, optOut])) };
  };

  test.each<[object, TraitRule[], object]>([
    [{ unsubscribed: true }, [OPT_OUT], { all: 'ALL' }],
    [{ unsubscribed: 'false' }, [OPT_OUT], { all: 'NONE' }],
    [{ unsubscribed: null }, [OPT_OUT], {}],
    [{ unsubscribed: '' }, [OPT_OUT], {}],
    [{}, [OPT_OUT], {}],
    [{ emailOptOut: 'yes' }, [email], { EMAIL: 'ALL' }],
    [{ emailOptOut: 'yes', unsubscribed: false }, [OPT_OUT, email], { all: 'NONE', EMAIL: 'ALL' }],
    [{ a: 'yes', b: 'no' }, [{ ...OPT_OUT, trait: 'a', values: { yes: 'ALL', no: 'NONE' } }, { ...OPT_OUT, trait: 'b', values: { yes: 'ALL', no: 'NONE' } }], { all: 'ALL' }],
    [{ a: 'no', b: 'yes' }, [{ ...OPT_OUT, trait: 'a', values: { yes: 'ALL', no: 'NONE' } }, { ...OPT_OUT, trait: 'b', values: { yes: 'ALL', no: 'NONE' } }], { all: 'ALL' }],
  ])('%j with %j', (traits, rules, expected) => {
    expect(optOuts(traits, ...rules as TraitRule[])).toEqual({ all: undefined, EMAIL: undefined, SMS: undefined, ...expected });
  });

  test.each([['maybe'], [1], [{}], [['true']], ['toString'], ['__proto__']])('%p is not guessed: the message is refused', (unsubscribed) => {
    expect(() => map({ unsubscribed }, mapping(OPT_OUT))).toThrow(expect.objectContaining({ code: 'UnknownOptOut' }));
  });
});

describe('the device', () => {
  const device = { id: 'Device-1', token: 'abc', type: 'ios', manufacturer: 'Apple', model: 'iPhone17,1' };
  const endpointsOf = (context: unknown, config: TraitMappingConfig = MAPPING) => map({ x: 1 }, config, context as Record<string, unknown>);

  test('becomes an endpoint of its own, told apart by its id', () => {
    expect(endpointsOf({ device, os: { name: 'iOS', version: '19.1' }, app: { version: 2 } }).endpoints).toEqual([{
      channel: 'APNS', slot: 'Device-1', address: 'abc',
      demographic: { Make: 'Apple', Model: 'iPhone17,1', Platform: 'iOS', PlatformVersion: '19.1', AppVersion: '2' },
    }]);
  });

  test.each([['ios', 'APNS'], ['iPadOS', 'APNS'], ['Android', 'GCM'], ['fireos', 'ADM'], ['Baidu', 'BAIDU']])('%s is %s', (type, channel) => {
    expect(endpointsOf({ device: { token: 't', type } }).endpoints).toEqual([{ channel, address: 't', demographic: { Platform: type } }]);
  });

  test.each([['phone'], [undefined], ['constructor'], ['__proto__'], ['toString'], [{}], [['ios']]])('%p is no type of device: counted, no endpoint', (type) => {
    expect(endpointsOf({ device: { token: 't', type } })).toMatchObject({ endpoints: [], cuts: ['UnknownDeviceType'] });
  });

  test.each([[undefined], [null], ['phone'], [{ type: 'ios' }], [{ type: 'ios', token: '' }], [[]]])('%j has no token', (given) => {
    expect(endpointsOf({ device: given })).toMatchObject({ endpoints: [], cuts: [] });
  });

  test('a rule for its token switches it off', () => {
    expect(endpointsOf({ device }, mapping({ to: 'ignore', trait: 'context.device.token' })).endpoints).toEqual([]);
  });
});

test.each<[string, object, object]>([
  ['an opt-in with an address that can\'t be used is for no other address', { email: 'nobody', plan: 'x', unsubscribed: false }, { common: undefined, cuts: ['InvalidAddress', 'OptInWithoutAddress'] }],
  ['an opt-out stays', { email: 'nobody', plan: 'x', unsubscribed: true }, { common: { optOut: 'ALL' }, cuts: ['InvalidAddress'] }],
  ['an opt-in without any address is for all', { plan: 'x', unsubscribed: false }, { common: { optOut: 'NONE' }, cuts: [] }],
])('%s', (_, traits, expected) => {
  expect(map(traits, mapping(OPT_OUT))).toMatchObject(expected);
});
