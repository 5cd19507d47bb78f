import { completeOffer } from '../../../lambda-src/offers/data';
import { Rejection } from '../../../lambda-src/runtime/errors';
import { MAX_OFFER_ID, MAX_OFFER_TEXT, OfferConfig } from '../../../src/contract/offer';

const OFFER: OfferConfig = { offerId: '20_OFF', name: 'Autumn', attributes: { store: 'all' }, validForSeconds: 60 };
const FIELDS = ['offerId', 'name', 'discount', 'validFrom', 'validUntil', 'store', 'seats'];
const complete = (data: unknown, dataFields: readonly string[] = FIELDS) => completeOffer({ offer: OFFER, dataFields }, data);

test.each<[string, unknown, OfferConfig]>([
  ['nothing', undefined, OFFER],
  ['null', null, OFFER],
  ['an empty text', '', OFFER],
  ['an empty object', {}, OFFER],
  ['an object', { offerId: '30_OFF', discount: 30 }, { ...OFFER, offerId: '30_OFF', discount: '30' }],
  ['the same as JSON text', '{"offerId":"30_OFF","discount":30}', { ...OFFER, offerId: '30_OFF', discount: '30' }],
  ['JSON text with white space before it', ' \n{"name":"Winter"}', { ...OFFER, name: 'Winter' }],
  ['an attribute, new and changed', { store: 'Lisbon', seats: true }, { ...OFFER, attributes: { store: 'Lisbon', seats: 'true' } }],
  ['an attribute taken out', { store: null }, { ...OFFER, attributes: {} }],
  ['a name taken out', { name: null }, { ...OFFER, name: undefined }],
  ['an end instead of a duration', { validUntil: '2026-12-24' }, { ...OFFER, validUntil: '2026-12-24T00:00:00.000Z', validForSeconds: undefined }],
  ['a beginning', { validFrom: '2026-12-01T08:00:00+01:00' }, { ...OFFER, validFrom: '2026-12-01T07:00:00.000Z' }],
  ['the longest id', { offerId: 'x'.repeat(MAX_OFFER_ID) }, { ...OFFER, offerId: 'x'.repeat(MAX_OFFER_ID) }],
  ['the longest text', { name: 'x'.repeat(MAX_OFFER_TEXT) }, { ...OFFER, name: 'x'.repeat(MAX_OFFER_TEXT) }],
])('Data: %s', (_, data, offer) => {
  expect(complete(data)).toEqual({ offer, ignored: false });
});

test.each<[string, unknown, string]>([
  ['a name that is not listed', { nope: 1 }, 'DataNotAllowed'],
  ['a name of every object', { ['constructor']: 'x' }, 'DataNotAllowed'],
  ['a prototype', '{"__proto__":{"offerId":"x"}}', 'DataNotAllowed'],
  ['text that begins like JSON', '{"offerId":', 'InvalidData'],
  ['a number', 20, 'InvalidData'],
  ['a list', [{ offerId: 'x' }], 'InvalidData'],
  ['no id', { offerId: null }, 'InvalidData'],
  ['an empty id', { offerId: '' }, 'InvalidData'],
  ['an id that is too long', { offerId: 'x'.repeat(MAX_OFFER_ID + 1) }, 'InvalidData'],
  ['a text that is too long', { name: 'x'.repeat(MAX_OFFER_TEXT + 1) }, 'InvalidData'],
  ['an object as a value', { store: { city: 'Lisbon' } }, 'InvalidData'],
  ['no date', { validUntil: 'soon' }, 'InvalidData'],
  ['an end that is its beginning', { validFrom: '2026-12-24', validUntil: '2026-12-24T00:00:00Z' }, 'InvalidData'],
  ['an end before its beginning', { validUntil: '2026-12-23', validFrom: '2026-12-24' }, 'InvalidData'],
])('Data is refused: %s', (_, data, code) => {
  expect(() => complete(data)).toThrow(expect.objectContaining({ name: 'Rejection', code }));
});

test('a beginning that Data moves behind the end of the offer is refused, and one that takes the end out is not', () => {
  const rules = { offer: { offerId: 'x', validUntil: '2026-12-24T00:00:00.000Z' }, dataFields: FIELDS };
  expect(() => completeOffer(rules, { validFrom: '2027-01-01' })).toThrow('with Data, validUntil is not later than validFrom');
  expect(completeOffer(rules, { validFrom: '2027-01-01', validUntil: null }).offer).toMatchObject({ validFrom: '2027-01-01T00:00:00.000Z', validUntil: undefined });
});

test('plain text becomes the attribute data where it is listed, and is ignored where it is not', () => {
  const text = "The payload that's provided in the CustomMessage object in MessageConfiguration";
  expect(complete(text)).toEqual({ offer: OFFER, ignored: true });
  expect(complete(text, ['data'])).toEqual({ offer: { ...OFFER, attributes: { store: 'all', data: text } }, ignored: false });
});

test('the reason holds no value that the marketer wrote', () => {
  expect(() => complete({ name: { email: 'ann@example.com' } })).toThrow(Rejection);
  expect(() => complete({ name: { email: 'ann@example.com' } })).not.toThrow(/ann@example/);
});
