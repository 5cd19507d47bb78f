import { ARRIVED, fixture, readAll, readOne } from '../support/formats';

test('a known visitor: the whole visitor id is the user, since its value alone may be that of another attribute', () => {
  const common = { userId: '__example_main__7688_45__', anonymous: false, at: '2026-11-23T10:00:00.000Z', traits: { email: 'mary.major@example.com' }, context: {} };
  expect(readOne('tealium', fixture('tealium/known-visitor.json')).messages).toEqual([
    { kind: 'identify', ...common },
    { kind: 'track', ...common, id: 't-1', event: 'user_login', properties: { basket: { items: 2 } } },
  ]);
});

test('a bulk: each event with what is shared', () => {
  expect(readAll('tealium', fixture('tealium/bulk-event.json'))).toMatchObject([
    [{ kind: 'track', userId: 'abc_1', anonymous: true, event: 'page_view', properties: { page_name: 'Hats' }, id: ARRIVED.id, at: ARRIVED.at }],
    [
      { kind: 'identify', userId: 'c-1', anonymous: false, traits: { email: 'mary.major@example.com', firstName: 'Mary', address: { city: 'Seattle' } } },
      { kind: 'track', userId: 'c-1', event: 'user_register', properties: { order_total: 12.5 } },
    ],
    'MissingEvent',
  ]);
});

test.each([
  ['no id', { tealium_event: 'e' }, ['MissingUserId']],
  ['user_id before customer_id', { user_id: 'u', customer_id: 'c', tealium_event: 'e' }, [[{ kind: 'track', userId: 'u' }]]],
  ['an e-mail that was cleared', { user_id: 'u', email_address: null }, [[{ kind: 'identify', traits: { email: null } }]]],
  ['an empty e-mail, which says nothing', { user_id: 'u', email_address: '', tealium_event: 'e' }, [[{ kind: 'track', traits: {} }]]],
])('%s', (_, body, expected) => {
  expect(readAll('tealium', body)).toMatchObject(expected);
});

test('a time that is none is counted', () => {
  expect(readOne('tealium', { user_id: 'u', tealium_event: 'e', event_timestamp: 'week 5' })).toMatchObject({ cuts: ['InvalidTimestamp'], messages: [{ at: ARRIVED.at }] });
});

test.each([
  ['timestamp', '2026-11-23T10:00:00Z'], ['timestamp_unix', 1795428000], ['timestamp_unix', '1795428000'], ['timestamp_unix_milliseconds', 1795428000000],
  ['tealium_timestamp_epoch', '1795428000'], ['tealium_timestamp_epoch_milliseconds', 1795428000000], ['tealium_timestamp_utc', '2026-11-23T10:00:00Z'],
])('the time is %s: %p', (name, value) => {
  const local = { timestamp_local: '2026-11-23T02:00:00', tealium_timestamp_local: '2026-11-23T02:00:00', timestamp_offset: '-8' };
  expect(readOne('tealium', { user_id: 'u', tealium_event: 'e', ...local, [name]: value })).toMatchObject({ messages: [{ at: '2026-11-23T10:00:00.000Z', properties: {} }], cuts: [] });
});

describe('an answer to the consent manager', () => {
  const said = (event: string, policy: string, consent_categories: unknown) => {
    const [first, ...others] = readOne('tealium', { user_id: 'u', tealium_event: event, policy, consent_categories }).messages;
    return { traits: (first as { traits: Record<string, unknown> }).traits, kinds: [first, ...others].map(({ kind }) => kind) };
  };
  const categories = ['analytics', 'affiliates', 'display_ads', 'search', 'email', 'personalization', 'social', 'big_data', 'misc', 'cookiematch', 'cdp', 'mobile', 'engagement',
    'monitoring', 'crm'];
  const consent = (given: readonly string[]) => ({ consent: Object.fromEntries([...categories, ...given].map((category) => [category, given.includes(category)])) });

  test.each<[string, unknown, readonly string[]]>([
    ['grant_full_consent', categories, categories], ['grant_partial_consent', ['affiliates', 'social'], ['affiliates', 'social']],
    ['decline_consent', [], []], ['grant_partial_consent', ['own_category', '', 5], ['own_category']],
  ])('%s %j', (event, listed, given) => {
    expect(said(event, 'gdpr', listed)).toEqual({ traits: consent(given), kinds: ['identify', 'track'] });
  });

  test.each<[string, string, unknown]>([['grant_full_consent', 'ccpa', []], ['decline_consent', 'gdpr', undefined], ['decline_consent', 'gdpr', 'email'], ['page_view', 'gdpr', ['email']]])(
    '%s under %s with %j says nothing for certain', (event, policy, listed) => {
      expect(said(event, policy, listed)).toEqual({ traits: {}, kinds: ['track'] });
    });
});
