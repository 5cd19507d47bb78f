import { Emulated } from '../support/emulated';
import { identifyOf, trackOf } from '../support/plans';
import { batch } from '../support/records';
import { sync } from '../support/sync';
import { createTarget } from '../support/target';

const pinpoint = new Emulated();
beforeEach(() => {
  jest.spyOn(Math, 'random').mockReturnValue(0);
  pinpoint.reset();
});
afterEach(() => jest.restoreAllMocks());

const MESSAGES: readonly (readonly [string, object])[] = [
  ['identify', identifyOf('u', { unsubscribed: true })],
  ['track', trackOf('u', 'e', { context: { traits: { unsubscribed: true } } })],
  ['track Unsubscribed', trackOf('u', 'Unsubscribed')],
  ['track with a subscription', trackOf('u', 'e', { context: { messaging_subscriptions: [{ key: 'u@example.com', type: 'EMAIL', status: 'UNSUBSCRIBED' }] } })],
];
const WAYS = MESSAGES.flatMap(([name, message]) => (['batch', 'events'] as const)
  .flatMap((endpointWrites) => [true, false].map((lookUpEndpoints) => ({ name, message, endpointWrites, lookUpEndpoints }))));

describe.each(WAYS)('an opt-out by $name without an address (lane of $endpointWrites, look-ups: $lookUpEndpoints)', ({ message, endpointWrites, lookUpEndpoints }) => {
  const address = identifyOf('u', { email: 'u@example.com' });

  test.each<[string, object[][]]>([
    ['after the address', [[address], [message]]], ['before the address', [[message], [address]]],
    ['in one batch, after', [[address, message]]], ['in one batch, before', [[message, address]]],
  ])('%s', async (_, batches) => {
    for (const bodies of batches) {
      const { counts, letters } = await sync(createTarget({ endpointWrites, lookUpEndpoints }), batch(...bodies));
      expect([counts.MessagesAccepted, letters]).toEqual([bodies.length, []]);
    }
    expect(pinpoint.app.endpoints['u:EMAIL']).toMatchObject({ Address: 'u@example.com', OptOut: 'ALL' });
  });
});
