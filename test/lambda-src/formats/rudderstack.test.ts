import { fixture, readAll, readOne } from '../support/formats';

const batch = fixture('rudderstack/batch.json');

test('every message of a batch has its outcome', () => {
  expect(readAll('rudderstack', batch)).toMatchObject([
    [{ kind: 'identify', userId: 'c-1', anonymous: false, traits: { email: 'mary.major@example.com', plan: 'gold' }, at: '2026-11-23T10:00:00.000Z' }],
    [{ kind: 'track', userId: 'a-1', anonymous: true, id: 'r-2', event: 'Order Completed', properties: { total: 12.5 }, traits: { email: 'mary.major@example.com' } }],
    [{ kind: 'identify', traits: { Group_name: 'Initech', GroupId: 'g-1' } }],
    'AliasNotSupported', 'MergeNotSupported', 'UnknownType',
  ]);
});

test('the type shows in the members: an identify by its context, a merge by its properties, a page by nothing', () => {
  const context = { traits: { plan: 'gold' } };
  expect(readAll('rudderstack', { userId: 'u1', context })).toMatchObject([[{ kind: 'identify', traits: { plan: 'gold' } }]]);
  expect(readAll('rudderstack', { mergeProperties: [] })).toEqual(['MergeNotSupported']);
  expect(readAll('rudderstack', { userId: 'u1', name: 'Home', context })).toEqual(['MissingType']);
});

test.each(['segment', 'rudderstack', 'auto'] as const)('%s: an audience that is entered or left is a trait', (kind) => {
  const audience = (event: string, properties: object) => readOne(kind, { type: 'track', userId: 'u1', event, messageId: 'm', properties }).messages;
  expect(audience('Audience Entered', { audience_key: 'lapsed' })).toMatchObject([{ kind: 'identify', userId: 'u1', traits: { lapsed: true } }, { kind: 'track', event: 'Audience Entered' }]);
  expect(audience('Audience Exited', { audience_key: 'lapsed' })).toMatchObject([{ kind: 'identify', traits: { lapsed: false } }, { kind: 'track' }]);
  expect(audience('Audience Exited', {})).toMatchObject([{ kind: 'track' }]);
});
