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
