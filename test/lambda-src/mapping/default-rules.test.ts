import type { TraitMappingConfig, TraitRule } from '../../../src/contract/trait-mapping';
import { MAPPING, mapping } from '../support/mapping';
import { map } from '../support/messages';

const NOTHING = { endpoints: [], common: undefined, userAttributes: {}, cuts: [] };

test.each<[string, unknown, object]>([
  ['email', { email: ' ann@example.com ' }, { endpoints: [{ channel: 'EMAIL', address: 'ann@example.com' }] }],
  ['phone', { phone: '+1 (206) 555-0100' }, { endpoints: [{ channel: 'SMS', address: '+12065550100' }] }],
  ['the names', { firstName: 'Ann', lastName: 'Lee', name: 'Ann Lee' }, { userAttributes: { FirstName: ['Ann'], LastName: ['Lee'], Name: ['Ann Lee'] } }],
  ['address', { address: { city: 'Seattle', state: 'WA', postalCode: 98109, country: 'US' } },
    { common: { location: { City: 'Seattle', Region: 'WA', PostalCode: 98109, Country: 'US' } } }],
  ['what address has beside', { address: { city: 'Seattle', street: '1 Main St' } },
    { common: { location: { City: 'Seattle' } }, userAttributes: { address_street: ['1 Main St'] } }],
  ['address as text', { address: '1 Main St, Seattle' }, { userAttributes: { address: ['1 Main St, Seattle'] } }],
  ['locale and time zone', { locale: 'en-US', timezone: 'Europe/Paris' }, { common: { demographic: { Locale: 'en-US', Timezone: 'Europe/Paris' } } }],
  ['a trait of no rule', { plan: 'gold' }, { userAttributes: { plan: ['gold'] } }],
  ['every kind of value', { a: 1, b: true, c: false, d: 0, e: 1.5e-7, f: ['x', 2, null, ''], g: [{ h: 1 }] },
    { userAttributes: { a: ['1'], b: ['true'], c: ['false'], d: ['0'], e: ['1.5e-7'], f: ['x', '2'], g: ['{"h":1}'] } }],
  ['deleted and empty traits', { plan: null, tags: [], note: '' }, { userAttributes: { plan: [], tags: [], note: [] } }],
  ['deleted reserved traits', { firstName: null, email: null }, { userAttributes: { FirstName: [] }, endpoints: [{ channel: 'EMAIL', address: null }] }],
  ['an object that was deleted', { address: null }, { userAttributes: { address: [] } }],
  ['an empty object', { address: {} }, {}],
  ['a subscription', { email: 'a@example.com', subscriptions: { EMAIL: 'UNSUBSCRIBED', PUSH: 'SUBSCRIBED' } },
    { endpoints: [{ channel: 'EMAIL', address: 'a@example.com', optOut: 'ALL' }], userAttributes: { subscriptions_PUSH: ['SUBSCRIBED'] } }],
  ['one without the address', { subscriptions: { SMS: 'SUBSCRIBED' } }, { endpoints: [{ channel: 'SMS', optOut: 'NONE' }] }],
  ['no traits', {}, {}],
  ['a nested object', { company: { id: 7, size: { min: 1, max: null } } }, { userAttributes: { company_id: ['7'], company_size_min: ['1'], company_size_max: [] } }],
  ['a name with dots', { 'company.id': 7 }, { userAttributes: { 'company.id': ['7'] } }],
])('%s', (_, traits, expected) => {
  expect(map(traits)).toEqual({ ...NOTHING, ...expected });
});

test.each<[string, unknown, string[]]>([
  ['no e-mail address', { email: 'nobody', plan: 'gold' }, ['InvalidAddress']],
  ['an object for an address', { email: { a: 1 }, plan: 'gold' }, ['InvalidAddress']],
  ['a phone number without its country', { phone: '(206) 555-0100', plan: 'gold' }, ['InvalidAddress']],
])('%s is left out and counted; the rest goes on', (_, traits, cuts) => {
  expect(map(traits)).toEqual({ ...NOTHING, userAttributes: { plan: ['gold'] }, cuts });
});

test('a message of which only an unusable address is left is refused', () => {
  expect(() => map({ email: 'nobody' })).toThrow(expect.objectContaining({ code: 'InvalidAddress' }));
});

test('the default country is for numbers that are written without one', () => {
  const german = { ...MAPPING, defaultCountry: 'DE' };
  const address = (phone: unknown, config: TraitMappingConfig = german) => map({ phone, x: 1 }, config).endpoints[0]?.address;
  expect(address('030 1234567')).toBe('+49301234567');
  expect(address('+1 206 555 0100')).toBe('+12065550100');
  expect(address('0049 30 1234567')).toBe('+49301234567');
  expect(address(49_301_234_567, MAPPING)).toBeUndefined();
});

test('the context gives locale and time zone, the traits win', () => {
  const context = { locale: 'de-DE', timezone: 'Europe/Berlin' };
  expect(map({ locale: 'en-GB' }, MAPPING, context).common).toEqual({ demographic: { Locale: 'en-GB', Timezone: 'Europe/Berlin' } });
});

test('unmapped traits are dropped when the mapping says so, ruled ones stay', () => {
  expect(map({ email: 'a@example.com', firstName: 'Ann', plan: 'gold', address: { street: 'x' } }, { ...MAPPING, unmapped: 'drop' })).toEqual(
    { ...NOTHING, endpoints: [{ channel: 'EMAIL', address: 'a@example.com' }], userAttributes: { FirstName: ['Ann'] } });
});

test('a rule for a trait replaces its default, also when it ignores it', () => {
  expect(map({ email: 'a@example.com', plan: 'x' }, mapping({ to: 'ignore', trait: 'email' }))).toEqual({ ...NOTHING, userAttributes: { plan: ['x'] } });
  expect(map({ email: 'a@example.com' }, mapping({ to: 'userAttribute', trait: 'email', name: 'Mail' })).userAttributes).toEqual({ Mail: ['a@example.com'] });
});

describe('names and values that mean something to JavaScript', () => {
  const hostile = JSON.parse('{"__proto__":{"admin":"yes"},"constructor":"c","toString":["t"],"address":{"__proto__":"p","city":"Rome"},"hasOwnProperty":1}') as object;

  test('are attributes like any other, and change nothing else', () => {
    const { userAttributes, common } = map(hostile);
    expect(Object.entries(userAttributes).map(([name, values]) => [name, ...values])).toEqual(expect.arrayContaining([
      ['__proto___admin', 'yes'], ['constructor', 'c'], ['toString', 't'], ['address___proto__', 'p'], ['hasOwnProperty', '1'],
    ]));
    expect(common).toEqual({ location: { City: 'Rome' } });
    expect(({} as { admin?: string }).admin).toBeUndefined();
  });

  test('as a scalar, too', () => {
    const { userAttributes } = map(JSON.parse('{"__proto__":"p"}'));
    expect(Object.getOwnPropertyDescriptor(userAttributes, '__proto__')?.value).toEqual(['p']);
    expect(Object.getPrototypeOf(userAttributes)).toBe(Object.prototype);
  });
});

test('what lies deep is kept as JSON text', () => {
  const nested = (depth: number): unknown => depth === 0 ? 'leaf' : { n: nested(depth - 1) };
  const { userAttributes } = map({ top: nested(10) });
  expect(userAttributes).toEqual({ top_n_n_n_n_n: [JSON.stringify(nested(5))] });
});

test.each<[string, object, TraitRule[], Record<string, string[]>]>([
  ['a trait and one within another', { home_city: 'Rome', home: { city: 'Oslo' } }, [], { home_city: ['Rome'] }],
  ['the other way round', { home: { city: 'Oslo' }, home_city: 'Rome' }, [], { home_city: ['Oslo'] }],
  ['a rule comes first', { plan: 'x', tier: 'gold' }, [{ to: 'userAttribute', trait: 'tier', name: 'plan' }], { plan: ['gold'] }],
])('two traits of one name: %s', (_, traits, rules, userAttributes) => {
  expect(map(traits, mapping(...rules))).toEqual({ ...NOTHING, userAttributes, cuts: ['NameTaken'] });
});
