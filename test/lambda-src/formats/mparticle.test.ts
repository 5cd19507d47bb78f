import { createFormat } from '../../../lambda-src/formats';
import { ARRIVED, fixture, readAll } from '../support/formats';

const batch = fixture('mparticle/batch.json');
const addresses = { email: 'mary.major@example.com', phone: '+12065550100' };
const track = (event: string, id: string, properties: object) => [{ kind: 'track', userId: 'c-1', anonymous: false, event, id, properties, traits: addresses }];

test('a batch: what is known of the user, then each event by its type', () => {
  expect(readAll('mparticle', batch)).toMatchObject([
    [{
      kind: 'identify', userId: 'c-1', anonymous: false, at: '2026-11-23T10:00:10.000Z',
      traits: {
        ...addresses, 'firstName': 'Mary', 'lastName': null, 'address': { city: 'Seattle' }, 'tier': 'gold', 'coupon': null, 'Lapsed buyers': true,
        'consent': { gdpr: { marketing: false }, ccpa: { data_sale_opt_out: true } },
      },
      context: { locale: 'en-US', device: { type: 'iOS', id: 'device-1', manufacturer: 'Apple' }, app: { version: '0.9.5' } },
    }],
    track('Plan Chosen', 'm-1', { plan: 'gold', custom_event_type: 'other' }),
    track('eCommerce - purchase', 'm-2', { currency_code: 'EUR', product_action: { action: 'purchase', total_amount: 19.5 } }),
    track('screen', 'm-3', { name: 'Basket' }),
    track('session_start', 'm-4', { session_uuid: 's-1' }),
    track('session_end', 'm-5', { session_uuid: 's-1', session_duration_ms: 421 }),
    [{ kind: 'identify', context: { device: { token: 'token-1', id: 'device-1', type: 'iOS' } } }],
    [{ kind: 'profile', userId: 'c-1', endpoints: [{ channel: 'APNS', slot: 'device-1', address: null }] }],
    track('push_message', 'm-8', { push_message_type: 'received' }),
    [{ kind: 'identify', traits: { opt_out: true } }],
    [{ kind: 'identify', traits: { tier: null } }],
    [{ kind: 'ignored', reason: 'IdentityInBatch' }],
    [{ kind: 'ignored', reason: 'TechnicalEvent' }],
    'MissingEvent', 'UnknownType', 'MissingType',
  ]);
});

test('each part of a batch is a batch that is not taken apart again', () => {
  const { split } = createFormat({ kind: 'mparticle' });
  expect(split(batch).map((part) => split(part))).toEqual(split(batch).map((part) => [part]));
});

test('identities as a list, in the spelling of the SDKs', () => {
  expect(readAll('mparticle', fixture('mparticle/batch-with-identity-list.json'))).toMatchObject([
    [{ kind: 'track', userId: 'c-2', event: 'Viewed', traits: { email: 'jo@example.com' } }],
  ]);
});

test.each([
  ['a text', { mpid: '-76' }, [[{ kind: 'identify', userId: '-76', anonymous: true, at: ARRIVED.at }]]],
  ['a small number', { mpid: 76 }, [[{ kind: 'identify', userId: '76', anonymous: true }]]],
  ['a number that JSON.parse rounds', { mpid: -7636538281262557000 }, ['InvalidId']],
  ['missing', { user_identities: { email: 'a@example.com' } }, ['MissingUserId']],
])('without a customer id the mpid is the user, anonymous: %s', (_, body, expected) => {
  expect(readAll('mparticle', body)).toMatchObject(expected);
});

test.each([['events', { mpid: '1', events: {} }, 'InvalidBatch'],
  ['is_opted_out', { mpid: '1', events: [{ event_type: 'opt_out', data: { is_opted_out: 'yes' } }] }, 'UnknownOptOut'],
  ['a token', { mpid: '1', events: [{ event_type: 'push_registration', data: {} }] }, 'MissingToken'],
  ['a platform', { mpid: '1', events: [{ event_type: 'push_registration', data: { register: false } }] }, 'UnknownDevice']])('fails without a usable %s', (_, body, code) => {
  expect(readAll('mparticle', body)).toEqual([code]);
});

const traitsOf = (body: object) => readAll('mparticle', { user_identities: { customer_id: 'c' }, ...body }).map((part) => (part as readonly { traits?: object }[])[0].traits);

test.each([
  ['as the JSON reference writes them', ['$firstname', '$lastname', '$mobile', '$gender', '$age', '$address', '$city', '$state', '$zip', '$country']],
  ['as the SDKs write them', ['$FirstName', '$LastName', '$Mobile', '$Gender', '$Age', '$Address', '$City', '$State', '$Zip', '$Country']],
])('reserved attributes, %s', (_, names) => {
  const values = ['Mary', 'Major', '+12065550100', 'F', '18', '1 Main St', 'Seattle', 'WA', '98101', 'US'];
  const address = { street: '1 Main St', city: 'Seattle', state: 'WA', postalCode: '98101', country: 'US' };
  const traits = { firstName: 'Mary', lastName: 'Major', phone: '+12065550100', gender: 'F', age: '18', address };
  const attributes = Object.fromEntries(names.map((name, index) => [name, values[index]]));
  expect(traitsOf({ user_attributes: attributes })).toEqual([traits]);
  const changes = names.map((name, index) => ({ event_type: 'user_attribute_change', data: { user_attribute_name: name, new: values[index], old: null } }));
  expect(Object.assign({}, ...traitsOf({ events: changes }))).toMatchObject({ firstName: 'Mary', phone: '+12065550100', address: { country: 'US' } });
});

test('an identity wins over an attribute of the same meaning, also over a change of it', () => {
  const user_identities = { customer_id: 'c', mobile_number: '+12065550100' };
  const events = [{ event_type: 'user_attribute_change', data: { user_attribute_name: '$Mobile', new: '+12065550199', old: null } }];
  expect(traitsOf({ user_identities, user_attributes: { $Mobile: '+12065550199' } })).toEqual([{ phone: '+12065550100' }]);
  expect(traitsOf({ user_identities, events })).toEqual([{ phone: '+12065550100' }]);
});

test('a tag is an attribute that is null: the user has it until it is deleted', () => {
  const change = (data: object) => ({ event_type: 'user_attribute_change', data: { user_attribute_name: 'platinum_member', new: null, old: null, ...data } });
  expect(traitsOf({ user_attributes: { platinum_member: null, tier: 'gold' } })).toEqual([{ platinum_member: true, tier: 'gold' }]);
  expect(traitsOf({ deleted_user_attributes: ['platinum_member'] })).toEqual([{ platinum_member: null }]);
  expect(traitsOf({ events: [change({ is_new_attribute: true })] })).toEqual([{ platinum_member: true }]);
  expect(traitsOf({ events: [change({ deleted: true })] })).toEqual([{ platinum_member: null }]);
});

test.each<[string, object, object]>([
  ['screen_view', {}, { event: 'screen', properties: {} }],
  ['commerce_event', { product_impressions: [{ product_impression_list: 'home' }] }, { event: 'commerce_event', properties: { product_impressions: [{ product_impression_list: 'home' }] } }],
  ['push_message', { push_message_type: 'action', action_identifier: 'open', push_message_behavior: 'DirectOpen', message: 'Hi' },
    { properties: { push_message_type: 'action', action_identifier: 'open', push_message_behavior: 'DirectOpen' } }],
])('what a %s says of itself: %j', (event_type, data, expected) => {
  expect(readAll('mparticle', { mpid: '1', events: [{ event_type, data }] })).toMatchObject([[{ kind: 'track', ...expected }]]);
});
