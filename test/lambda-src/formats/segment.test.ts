import { ARRIVED, fixture, readAll, readOne } from '../support/formats';

const read = (body: object) => readOne('segment', body).messages;
const codeOf = (body: unknown) => readAll('segment', body);

test('identify', () => {
  const message = fixture('segment/identify.json');
  expect(read(message)).toEqual([{
    kind: 'identify', userId: '97980cfea0067', anonymous: false, at: '2026-11-23T10:00:00.100Z', traits: message.traits, context: message.context,
  }]);
});

test('track: the traits are those of the context', () => {
  const message = fixture('segment/track.json');
  expect(read(message)).toEqual([{
    kind: 'track', userId: '97980cfea0067', anonymous: false, at: '2026-11-23T10:05:00.100Z', id: message.messageId, event: 'Order Completed',
    properties: message.properties, traits: { email: 'mary.major@example.com' }, context: message.context,
  }]);
});

test('page and screen are events named as their type, with name and category among the properties', () => {
  expect(read(fixture('segment/page.json'))).toMatchObject([{ kind: 'track', event: 'page', id: 'page-1', properties: { name: 'Hats', category: 'Shop', path: '/hats' } }]);
  expect(read(fixture('segment/screen.json'))).toMatchObject([{ kind: 'track', event: 'screen', properties: { name: 'Basket', items: 3 } }]);
  expect(read({ type: 'page', userId: 'u1' })).toMatchObject([{ event: 'page', properties: {}, id: ARRIVED.id, at: ARRIVED.at }]);
});

test('group: attributes of the user, apart from the user\'s own', () => {
  expect(read(fixture('segment/group.json'))).toMatchObject([{
    kind: 'identify', userId: '97980cfea0067', traits: { Group_name: 'Initech', Group_employees: 329, Group_plan: null, GroupId: '0e8c78ea9d97a7b8185e8632' },
  }]);
});

test('delete forgets the user, alias is refused for people to do', () => {
  expect(read(fixture('segment/delete.json'))).toEqual([{ kind: 'delete', userId: '97980cfea0067' }]);
  expect(codeOf(fixture('segment/alias.json'))).toEqual(['AliasNotSupported']);
});

test('a batch: a message each, the envelope\'s context below its own', () => {
  const context = { ip: '203.0.113.7', locale: 'fr-FR' };
  expect(codeOf(fixture('segment/batch.json'))).toMatchObject([
    [{ kind: 'identify', userId: 'u1', at: '2026-02-02T00:30:08.276Z', context }],
    [{ kind: 'track', userId: 'u1', event: 'Song Played', at: '2026-02-02T00:30:12.984Z', context: { ip: '203.0.113.9', locale: 'fr-FR' } }],
    'MissingEvent',
  ]);
});

test('an envelope without a message is refused, not lost', () => {
  expect(codeOf({ batch: [] })).toEqual(['MissingType']);
});

test('without a type the members show it; a page has nothing that shows it', () => {
  const [identify, track, group, alias, page] = fixture<object[]>('segment/untyped.json').flatMap((body) => readAll('segment', body));
  expect([identify, track, group]).toMatchObject([[{ kind: 'identify' }], [{ kind: 'track', event: 'Item Purchased' }], [{ kind: 'identify', traits: { GroupId: 'g1' } }]]);
  expect([alias, page]).toEqual(['AliasNotSupported', 'MissingType']);
});

test('the snake case of the e-mail page, without timestamp and message id', () => {
  const message = fixture('segment/email-opened.json');
  expect(read(message)).toEqual([{
    kind: 'track', userId: '97980cfea0067', anonymous: false, event: 'Email Opened', id: ARRIVED.id, at: ARRIVED.at,
    traits: { email: 'mary.major@example.com' }, properties: message.properties, context: message.context,
  }]);
  expect(read({ type: 'track', event: 'e', anonymous_id: 'a', message_id: 'm' })).toMatchObject([{ userId: 'a', anonymous: true, id: 'm' }]);
  expect(read({ type: 'group', user_id: 'u', group_id: 'g' })).toMatchObject([{ traits: { GroupId: 'g' } }]);
});

test('traits of the context count for identify; the message\'s own win', () => {
  expect(read(fixture('segment/rudder-identify.json'))).toMatchObject([{ traits: { email: 'u1@example.com', plan: 'gold' }, at: '2026-11-23T10:00:00.000Z' }]);
});

test.each<[string, unknown, string]>([
  ['no type and nothing that shows it', { userId: 'u1' }, 'MissingType'],
  ['a type of no spec', { type: 'merge', userId: 'u1' }, 'UnknownType'],
  ['a type that means something to JavaScript', { type: 'constructor', userId: 'u1' }, 'UnknownType'],
  ['another one', JSON.parse('{"type":"__proto__","userId":"u1"}'), 'UnknownType'],
  ['a type that is no text', { type: { a: 1 }, userId: 'u1' }, 'UnknownType'],
  ['track without event', { type: 'track', userId: 'u1' }, 'MissingEvent'],
  ['track with an empty event', { type: 'track', userId: 'u1', event: '' }, 'MissingEvent'],
  ['no id', { type: 'identify', traits: {} }, 'MissingUserId'],
  ['empty ids', { type: 'identify', userId: '', anonymousId: null, traits: {} }, 'MissingUserId'],
  ['group without groupId', { type: 'group', userId: 'u1' }, 'MissingGroupId'],
  ['delete without userId', { type: 'delete', anonymousId: 'a1' }, 'MissingUserId'],
  ['an integer that JSON.parse has rounded', JSON.parse('{"type":"identify","userId":7346244611012968789}'), 'InvalidId'],
  ['a fraction', { type: 'identify', userId: 1.5 }, 'InvalidId'],
  ['true', { type: 'track', event: 'e', userId: true }, 'InvalidId'],
  ['an object', { type: 'identify', userId: {} }, 'InvalidId'],
  ['a list', { type: 'delete', userId: ['u1'] }, 'InvalidId'],
  ['an anonymous id that is none', { type: 'identify', anonymousId: false }, 'InvalidId'],
  ['half a character', JSON.parse('{"type":"identify","userId":"\\ud800"}'), 'InvalidId'],
])('%s is refused', (_, body, code) => {
  expect(codeOf(body)).toEqual([code]);
});

test.each([['IDENTIFY', 'identify'], ['Track', 'track']])('a type in other case: %s', (type, kind) => {
  expect(read({ type, userId: 'u1', event: 'e' })).toMatchObject([{ kind }]);
});

test.each<[unknown, unknown]>([[42, '42'], ['42', '42'], [0, '0'], [Number.MAX_SAFE_INTEGER, '9007199254740991']])('the user id %p is %p', (userId, expected) => {
  expect(read({ type: 'identify', userId })).toMatchObject([{ userId: expected }]);
});

test.each<[object, string, string[]]>([
  [{ timestamp: 'yesterday' }, ARRIVED.at, ['InvalidTimestamp']],
  [{ timestamp: 'yesterday', originalTimestamp: '2026-11-23T10:00:00Z' }, ARRIVED.at, ['InvalidTimestamp']],
  [{ originalTimestamp: '2026-11-23T10:00:00Z' }, '2026-11-23T10:00:00.000Z', []],
  [{ timestamp: null }, ARRIVED.at, []],
  [{}, ARRIVED.at, []],
])('%j is at %s', (times, at, cuts) => {
  expect(readOne('segment', { type: 'identify', userId: 'u1', ...times })).toMatchObject({ messages: [{ at }], cuts });
});

test.each([[null], ['text'], [5], [[]]])('traits, properties and context that are %p count as none', (nothing) => {
  expect(read({ type: 'identify', userId: 'u1', traits: nothing, context: nothing })).toMatchObject([{ traits: {}, context: {} }]);
  expect(read({ type: 'track', event: 'e', userId: 'u1', properties: nothing, context: { traits: nothing } })).toMatchObject([{ traits: {}, properties: {} }]);
});

describe('consent and subscriptions', () => {
  const subscriptions = (...messaging_subscriptions: unknown[]) => ({ messaging_subscriptions });
  const email = (status: unknown, key = 'a@example.com') => ({ key, type: 'EMAIL', status });

  test.each<[string, object, object, string[]]>([
    ['Segment\'s categories', { consent: { categoryPreferences: { Advertising: true, Analytics: false, other: 'yes' } } },
      { consent: { Advertising: true, Analytics: false } }, []],
    ['RudderStack\'s ids; what is both was denied', { consentManagement: { allowedConsentIds: ['C1', 'C2'], deniedConsentIds: ['C2', '', 3] } },
      { consent: { C1: true, C2: false } }, []],
    ['a subscription for each channel', subscriptions(email('SUBSCRIBED'), { key: '+1', type: 'SMS', status: 'UNSUBSCRIBED' }),
      { subscriptions: { EMAIL: 'SUBSCRIBED', SMS: 'UNSUBSCRIBED' } }, []],
    ['several addresses: who unsubscribed one does not want the other', subscriptions(email('UNSUBSCRIBED'), email('SUBSCRIBED', 'b@example.com')),
      { subscriptions: { EMAIL: 'UNSUBSCRIBED' } }, []],
    ['a status that is none', subscriptions(email('MAYBE'), { type: 'SMS' }, 'x'), {}, ['UnknownSubscription', 'UnknownSubscription']],
    ['what has another shape', { consent: true, consentManagement: [], messaging_subscriptions: {} }, {}, []],
  ])('%s', (_, context, traits, cuts) => {
    expect(readOne('segment', { type: 'identify', userId: 'u', context })).toMatchObject({ messages: [{ kind: 'identify', traits }], cuts });
    expect(readOne('rudderstack', { type: 'track', event: 'e', userId: 'u', context })).toMatchObject({ messages: [{ kind: 'track', traits }], cuts });
  });

  test('a trait of the message wins', () => {
    const context = { consent: { categoryPreferences: { a: true } } };
    expect(read({ type: 'identify', userId: 'u', traits: { consent: { a: false } }, context })).toMatchObject([{ traits: { consent: { a: false } } }]);
  });

  test.each<[string, object, object]>([
    ['Unsubscribed', {}, { unsubscribed: true }],
    ['Unsubscribed', { list_id: 'news' }, { unsubscribedFrom: { news: true } }],
    ['Segment Consent Preference Updated', {}, { consent: { Marketing: false } }],
    ['Segment Consent Preference', {}, { consent: { Marketing: false } }],
    ['Trait Computed', { trait_key: 'total_revenue_180_days', total_revenue_180_days: 450 }, { total_revenue_180_days: 450 }],
    ['Trait Computed', { trait_key: 'last_product', last_product: ['Hat'] }, { last_product: ['Hat'] }],
    ['Audience Exited', { audience_key: '__proto__' }, JSON.parse('{"__proto__":false}')],
  ])('%s %j is an event, and how things are from now on', (event, properties, traits) => {
    const context = { consent: { categoryPreferences: { Marketing: false } } };
    const [state, tracked, ...others] = read({ type: 'track', event, userId: 'u', properties, context });
    expect([state, tracked, others]).toMatchObject([{ kind: 'identify', userId: 'u', traits }, { kind: 'track', event }, []]);
  });

  test.each([[{}], [{ trait_key: 'constructor' }], [{ 'trait_key': '', '': 1 }]])('a computed trait that is not there says nothing: %j', (properties) => {
    expect(read({ type: 'track', event: 'Trait Computed', userId: 'u', properties })).toMatchObject([{ kind: 'track' }]);
  });
});
