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
