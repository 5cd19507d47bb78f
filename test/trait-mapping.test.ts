import { Lazy } from 'aws-cdk-lib';
import { ChannelType, DemographicField, LocationField, OptOut, TraitMapping, UnmappedTraits } from '../src';
import { givenSync } from './support/synth';
import { CHANNELS, DEMOGRAPHIC_FIELDS, LOCATION_FIELDS, parseTraitRule, TraitRule } from '../src/contract/trait-mapping';
import { checkRules } from '../src/private/trait-rules';

/** A rule as the handler will parse it, after a way through JSON. */
const parsed = (mapping: TraitMapping): TraitRule => parseTraitRule(JSON.parse(JSON.stringify(mapping._rule)), '');

/** Every kind of rule; a new kind without an example is a compile error. */
const EXAMPLES: { readonly [K in TraitRule['to']]: readonly [TraitMapping, TraitRule][] } = {
  address: [[TraitMapping.address('workEmail', ChannelType.EMAIL), { to: 'address', trait: 'workEmail', channel: 'EMAIL' }]],
  endpointAttribute: [
    [TraitMapping.endpointAttribute('plan'), { to: 'endpointAttribute', trait: 'plan', name: 'plan' }],
    [
      TraitMapping.endpointAttribute('newsletter', {
        name: 'EmailPreference_Newsletter',
        channels: [ChannelType.EMAIL],
        values: { true: 'Subscribed' },
      }),
      { to: 'endpointAttribute', trait: 'newsletter', name: 'EmailPreference_Newsletter', channels: ['EMAIL'], values: { true: 'Subscribed' } },
    ],
  ],
  userAttribute: [
    [TraitMapping.userAttribute('company.name'), { to: 'userAttribute', trait: 'company.name', name: 'company_name' }],
    [
      TraitMapping.userAttribute('vip', { name: 'Tier', values: { true: 'Gold', false: 'Basic' } }),
      { to: 'userAttribute', trait: 'vip', name: 'Tier', values: { true: 'Gold', false: 'Basic' } },
    ],
  ],
  metric: [
    [TraitMapping.metric('context.session.length'), { to: 'metric', trait: 'context.session.length', name: 'context_session_length' }],
    [TraitMapping.metric('ltv', { name: 'LTV', channels: [ChannelType.SMS] }), { to: 'metric', trait: 'ltv', name: 'LTV', channels: ['SMS'] }],
  ],
  location: [[TraitMapping.location('town', LocationField.CITY), { to: 'location', trait: 'town', field: 'City' }]],
  demographic: [[TraitMapping.demographic('context.os', DemographicField.PLATFORM), { to: 'demographic', trait: 'context.os', field: 'Platform' }]],
  optOut: [
    [TraitMapping.optOut('unsubscribed'), { to: 'optOut', trait: 'unsubscribed', values: { true: 'ALL', false: 'NONE' } }],
    [
      TraitMapping.optOut('sms', { channels: [ChannelType.SMS], values: { no: OptOut.ALL } }),
      { to: 'optOut', trait: 'sms', channels: ['SMS'], values: { no: 'ALL' } },
    ],
  ],
  ignore: [[TraitMapping.ignore('password'), { to: 'ignore', trait: 'password' }]],
};

test.each(Object.values(EXAMPLES).flat())('a rule is what the handler reads (%#)', (mapping, rule) => {
  expect(parsed(mapping)).toEqual(rule);
});

test.each([
  [Object.values(ChannelType), CHANNELS],
  [Object.values(LocationField), LOCATION_FIELDS],
  [Object.values(DemographicField), DEMOGRAPHIC_FIELDS],
  [Object.values(OptOut), ['ALL', 'NONE']],
  [Object.values(UnmappedTraits), ['userAttributes', 'drop']],
])('the public names are those of the contract (%#)', (names, contract) => {
  expect([...names].sort()).toEqual([...contract].sort());
});

describe('names', () => {
  test('of 50 characters are the longest', () => {
    expect(() => TraitMapping.metric('x'.repeat(50))).not.toThrow();
    expect(() => TraitMapping.metric('x'.repeat(51))).toThrow(
      /^`name` must have 1 to 50 characters, got: 'x{51}'; give the trait 'x{51}' a name of its own$/);
    expect(() => TraitMapping.metric('x', { name: 'y'.repeat(51) })).toThrow(/choose another name$/);
    expect(() => TraitMapping.metric('x', { name: '' })).toThrow('`name` must have 1 to 50 characters');
  });

  test.each(['#', ':', '?', '\\', '/'])('fails with %s in one', (character) => {
    expect(() => TraitMapping.userAttribute('x', { name: `a${character}b` })).toThrow('`name` must not contain any of # : ? \\ /');
    expect(() => TraitMapping.endpointAttribute(`a${character}b`)).toThrow('`name` must not contain any of # : ? \\ /');
  });

  test('may be tokens', () => {
    const token = Lazy.string({ produce: () => 'later' });
    expect(() => TraitMapping.userAttribute('x', { name: token, values: { true: token } })).not.toThrow();
    expect(() => TraitMapping.ignore(token)).not.toThrow();
  });
});

test.each(['', '.', 'a.', '.a', 'a..b', 'context'])('fails with the path %p', (trait) => {
  expect(() => TraitMapping.ignore(trait)).toThrow('`trait` must be a path of non-empty names that dots join');
});

test.each(['', 'x'.repeat(101)])('fails with the value %p', (value) => {
  expect(() => TraitMapping.userAttribute('x', { values: { true: value } })).toThrow('`values` must have 1 to 100 characters each');
});

describe('rules that contradict each other: fails with', () => {
  const { EMAIL, SMS } = ChannelType;

  test.each<[string, TraitMapping[], string]>([
    ['one endpoint attribute',
      [TraitMapping.endpointAttribute('a', { name: 'X' }), TraitMapping.endpointAttribute('b', { name: 'X', channels: [SMS] })],
      '`mapping` must not write the same endpoint attribute from two rules, got: ["a","b"]; give one of them another name or other channels'],
    ['one user attribute', [TraitMapping.userAttribute('a.b'), TraitMapping.userAttribute('a_b')], 'the same user attribute'],
    ['one metric', [TraitMapping.metric('a'), TraitMapping.metric('b', { name: 'a' })], 'the same metric'],
    ['one location field',
      [TraitMapping.location('a', LocationField.CITY), TraitMapping.location('b', LocationField.CITY)], 'the same location field'],
    ['one demographic field',
      [TraitMapping.demographic('a', DemographicField.MAKE), TraitMapping.demographic('b', DemographicField.MAKE)], 'the same demographic'],
    ['one opt-out', [TraitMapping.optOut('a'), TraitMapping.optOut('b', { channels: [EMAIL] })], 'the same opt-out'],
    ['one address twice', [TraitMapping.address('a', EMAIL), TraitMapping.address('a', EMAIL)], 'the same address'],
    ['a trait both ignored and used', [TraitMapping.metric('a'), TraitMapping.ignore('a')],
      '`mapping` must not both ignore a trait and use it, got: \'a\''],
  ])('%s', (_, mapping, message) => {
    expect(() => givenSync({ mapping })).toThrow(message);
  });

  test('more names than an application may have', () => {
    const rules = Array.from({ length: 251 }, (_, index) => TraitMapping.userAttribute(`a${index}`)._rule);
    expect(() => checkRules(rules.slice(0, 250))).not.toThrow();
    expect(() => checkRules(rules)).toThrow('`mapping` must name at most 250 attributes and metrics, which is all an application may have, got: 251');
  });
});

test('rules that look alike and do not contradict each other', () => {
  const { EMAIL, SMS } = ChannelType;
  const mapping = [
    TraitMapping.endpointAttribute('a', { name: 'X', channels: [EMAIL] }),
    TraitMapping.endpointAttribute('b', { name: 'X', channels: [SMS] }),
    TraitMapping.userAttribute('a', { name: 'X' }),
    TraitMapping.metric('a', { name: 'X' }),
    TraitMapping.optOut('c', { channels: [EMAIL] }),
    TraitMapping.optOut('d', { channels: [SMS] }),
    TraitMapping.address('e', EMAIL),
    TraitMapping.address('f', EMAIL),
    TraitMapping.address('f', SMS),
  ];
  expect(() => givenSync({ mapping })).not.toThrow();
});
