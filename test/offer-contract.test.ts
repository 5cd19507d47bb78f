import { Duration } from 'aws-cdk-lib';
import { OfferCaller, OfferWithoutUserId } from '../src';
import { cases, change, errorOf } from './support/contract';
import { APPLICATION_ID, configOf, INSTANCE_ARN, givenOffer, templateOf } from './support/synth';
import { CONFIG_VARIABLE, loadConfig } from '../src/contract/env';
import { OfferCallerKind } from '../src/contract/offer-caller';
import { parseOfferCustomChannel, parseOfferDelivery } from '../src/contract/offer-custom-channel';
import { parseRedrive } from '../src/contract/redrive';

/** The seam of OfferCustomChannel: what the construct writes into a template, the handlers must be able to read. */
const CALLERS: { readonly [K in OfferCallerKind]: OfferCaller } = {
  'pinpoint': OfferCaller.pinpoint({ applicationId: APPLICATION_ID }),
  'connect-journey': OfferCaller.connectJourney({ instanceArn: INSTANCE_ARN }),
};

const FULL = {
  offer: { offerId: 'x', name: 'n', discount: 'd', attributes: { a: 'b' }, validFrom: new Date(0), validFor: Duration.days(1) },
  dataFields: ['a'],
  withoutUserId: OfferWithoutUserId.DEAD_LETTER,
};
const template = templateOf(givenOffer(FULL));

describe('what is synthesized parses', () => {
  test.each(Object.entries(CALLERS))('caller %s', (kind, caller) => {
    const document = configOf(templateOf(givenOffer({ caller })), 'OfferChannel');
    expect(loadConfig(parseOfferCustomChannel, { [CONFIG_VARIABLE]: document }).caller.kind).toBe(kind);
  });

  test('the delivery', () => {
    expect(loadConfig(parseOfferDelivery, { [CONFIG_VARIABLE]: configOf(template, 'OfferDelivery') })).toMatchObject({ maxDeliverySeconds: 259_200 });
  });

  test('the redrive function', () => {
    const { sink, abandonedBatchesPrefix } = loadConfig(parseRedrive, { [CONFIG_VARIABLE]: configOf(template, 'OfferRedrive') });
    expect({ sink, abandonedBatchesPrefix }).toEqual({ sink: { kind: 'queue', queueUrl: '<OfferQueue>' }, abandonedBatchesPrefix: undefined });
  });
});

/** What a key may not be; `undefined` leaves it out. */
const BAD: Record<string, readonly unknown[]> = {
  'version': [undefined, 2],
  'instance': [undefined, ''],
  'caller': [undefined, 'pinpoint'],
  'caller.kind': [undefined, 'connect'],
  'caller.applicationId': [undefined, ''],
  'caller.budgetSeconds': [undefined, 0, '15'],
  'rules': [undefined, null],
  'rules.offer': [undefined],
  'rules.offer.offerId': [undefined, '', 1],
  'rules.offer.name': ['', 1],
  'rules.offer.attributes': [[], 'x'],
  'rules.offer.attributes.a': [1, ''],
  'rules.offer.validForSeconds': [0, -1, '1'],
  'rules.eventName': [undefined, ''],
  'rules.dataFields': [undefined, 'a'],
  'rules.dataFields[0]': [1, ''],
  'rules.withoutUserId': [undefined, 'x'],
  'queueUrl': [undefined, ''],
  'deadLetters.bucketName': [undefined],
};

describe('a wrong document names the key at fault', () => {
  const good = JSON.parse(configOf(template, 'OfferDelivery'));

  test.each(cases({ ...BAD, destination: [undefined], maxDeliverySeconds: [undefined, 0] }))('$path: $value', ({ path, value }) => {
    expect(errorOf(parseOfferDelivery, change(good, path, value)).path).toBe(`C.${path}`);
  });

  test.each(['extra', 'caller.extra', 'rules.extra', 'rules.offer.extra'])('a key too many: %s', (path) => {
    expect(errorOf(parseOfferDelivery, change(good, path, 1)).message).toBe(`C.${path}: unknown key`);
  });
});
