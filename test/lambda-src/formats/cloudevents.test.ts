import { createFormat } from '../../../lambda-src/formats';
import { ARRIVED, fixture, readAll } from '../support/formats';

const [tracked, encoded, batch] = fixture<any[]>('cloudevents/batch.json');
const envelope = { specversion: '1.0', id: '1', source: '/s', type: 't' };
const identify = { type: 'identify', userId: 'u1', traits: {} };

test('data as an object and in base64: the envelope gives the id and the time that the message lacks', () => {
  expect(readAll('cloudevents', tracked)).toMatchObject([[{ kind: 'track', userId: 'c-1', event: 'Plan Chosen', id: '/cdp#1', at: '2026-11-23T10:00:00.000Z' }]]);
  expect(readAll('cloudevents', encoded)).toMatchObject([[{ kind: 'identify', userId: 'c-1', traits: { plan: 'gold' }, at: ARRIVED.at }]]);
});

test('a batch inside: an envelope each, with an id each', () => {
  expect(createFormat({ kind: 'cloudevents', inner: { kind: 'segment' } }).split(batch)).toEqual([
    { ...batch, id: '3.0', data: { type: 'track', userId: 'c-1', event: 'A' } }, { ...batch, id: '3.1', data: { type: 'track', userId: 'c-2', event: 'B' } },
  ]);
  expect(readAll('cloudevents', batch)).toMatchObject([[{ userId: 'c-1', id: '/cdp#3.0' }], [{ userId: 'c-2', id: '/cdp#3.1' }]]);
  expect(readAll('cloudevents', { ...envelope, data: [identify] })).toMatchObject([[{ kind: 'identify', userId: 'u1' }]]);
});

test.each([
  ['no envelope', identify, 'NotACloudEvent'],
  ['no id', { ...envelope, id: '', data: identify }, 'NotACloudEvent'],
  ['another version', { ...envelope, specversion: '0.3', data: identify }, 'UnknownVersion'],
  ['no data', envelope, 'NotAnObject'],
  ['data that is text', { ...envelope, data: '<much wow="xml"/>' }, 'NotAnObject'],
  ['both kinds of data', { ...envelope, data: identify, data_base64: 'e30=' }, 'InvalidData'],
  ['base64 that is not UTF-8', { ...envelope, data_base64: '/w==' }, 'InvalidData'],
  ['base64 that is not JSON', { ...envelope, data_base64: 'eA==' }, 'InvalidData'],
  ['a message of no known shape', { ...envelope, data: { a: 1 } }, 'UnknownFormat'],
])('%s is refused', (_, body, code) => {
  expect(readAll('cloudevents', body)).toEqual([code]);
});

test('a batch in a batch is refused, not cut', () => {
  expect(readAll('cloudevents', { ...envelope, data: { batch: [identify, { batch: [identify, identify] }] } })).toMatchObject([[{ kind: 'identify' }], 'NestedBatch']);
});

test('an envelope in an envelope is known only where shapes are recognized', () => {
  const nested = { ...envelope, data: { ...envelope, data: identify } };
  expect(readAll('cloudevents', nested)).toMatchObject([[{ kind: 'identify', userId: 'u1' }]]);
  const { read } = createFormat({ kind: 'cloudevents', inner: { kind: 'segment' } });
  expect(() => read(nested, ARRIVED, () => undefined)).toThrow(expect.objectContaining({ code: 'UnknownType' }));
});
