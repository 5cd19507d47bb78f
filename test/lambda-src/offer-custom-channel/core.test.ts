import { createOfferChannel } from '../../../lambda-src/offer-custom-channel/core';
import { parseQueueMessage } from '../../../lambda-src/offers/queue-message';
import type { DeadLetter } from '../../../lambda-src/runtime/dead-letters';
import type { NotQueued } from '../../../lambda-src/runtime/queue';
import { Telemetry } from '../../../lambda-src/runtime/telemetry';
import { CALLER, CAMPAIGN, endpoint, RULES } from '../support/offers';

type Reply = Record<string, { EventAttributes: Record<string, string> }>;

function given(missed: (bodies: readonly string[]) => NotQueued[] = () => []) {
  const bodies: string[] = [];
  const letters: DeadLetter[] = [];
  const deadlines: number[] = [];
  const telemetry = new Telemetry('Stack/Offer');
  const channel = createOfferChannel({
    config: { instance: 'Stack/Offer', rules: RULES },
    caller: CALLER,
    queue: {
      send: async (sent, deadline) => {
        bodies.push(...sent);
        deadlines.push(deadline);
        return missed(sent);
      },
      postpone: async () => undefined,
    },
    deadLetters: { write: async (written) => void letters.push(...written) },
  });
  const invoke = async (raw: unknown, now = new Date()) => channel(raw, { requestId: 'request1', now, telemetry }) as Promise<Reply>;
  return { invoke, bodies, letters, deadlines, telemetry };
}

const fifty = (odd: Record<string, unknown> = {}) => ({
  ...CAMPAIGN, Endpoints: { ...Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`e${index}`, endpoint(`u${index}`)])), ...odd },
});

test('every endpoint gets an offer on the queue and an entry in the reply', async () => {
  const { invoke, bodies, letters, telemetry } = given();
  const reply = await invoke(fifty());
  expect(Object.keys(reply)).toHaveLength(50);
  expect(reply.e7).toEqual({ EventAttributes: expect.objectContaining({ offer_id: '20_OFF' }) });
  const events = bodies.map(parseQueueMessage).map((message) => 'event' in message ? message.event : undefined);
  expect(events.map((event) => event?.userId)).toEqual(Array.from({ length: 50 }, (_, index) => `u${index}`));
  expect(reply.e7.EventAttributes.offer_assignment_id).toBe(events[7]?.id);
  expect(letters).toEqual([]);
  expect(telemetry.summary()).toMatchObject({ EndpointsReceived: 50, OffersAssigned: 50, TimeLeft: expect.any(Number) });
});

test('one malformed endpoint among 50: kept whole, left out of the reply, and the others have theirs', async () => {
  const { invoke, bodies, letters, telemetry } = given();
  const reply = await invoke(fifty({ e7: { User: 'broken' } }));
  expect(Object.keys(reply)).toHaveLength(49);
  expect(reply).not.toHaveProperty('e7');
  expect(bodies).toHaveLength(49);
  expect(letters).toMatchObject([{ construct: 'Stack/Offer', code: 'InvalidEndpoint', reason: 'User is not an object', partitionKey: 'e7', encoding: 'utf8' }]);
  expect(JSON.parse(letters[0].payload)).toMatchObject({ version: 1, invocation: { ...CAMPAIGN, Endpoints: { e7: { User: 'broken' } } } });
  expect(telemetry.summary()).toMatchObject({ EndpointsReceived: 50, OffersAssigned: 49, MessagesDeadLettered: 1 });
});

test('what the queue does not take is kept with its cause, and is not in the reply', async () => {
  const { invoke, letters } = given(() => [{ index: 3, code: 'ThrottlingException' }, { index: 5, code: 'OutOfTime' }]);
  const reply = await invoke(fifty());
  expect(Object.keys(reply)).toHaveLength(48);
  expect(letters.map(({ code, reason, partitionKey }) => [code, reason, partitionKey])).toEqual([
    ['NotQueued', 'the queue did not take it in time: ThrottlingException', 'e3'],
    ['NotQueued', 'the queue did not take it in time: OutOfTime', 'e5'],
  ]);
});

test.each<[string, unknown, string]>([
  ['null', null, 'InvalidInvocation'],
  ['no endpoints', CAMPAIGN, 'InvalidInvocation'],
  ['another application', { ...CAMPAIGN, ApplicationId: 'other', Endpoints: { e1: endpoint('u') } }, 'OtherApplication'],
])('an invocation that is none of ours is kept whole: %s', async (_, raw, code) => {
  const { invoke, letters, bodies } = given();
  await expect(invoke(raw)).resolves.toEqual({});
  expect(letters).toMatchObject([{ code }]);
  expect(JSON.parse(letters[0].payload)).toMatchObject({ invocation: raw });
  expect(bodies).toEqual([]);
});

test('the queue has 8 of the 15 seconds: 3 are for the way, 4 for dead letters', async () => {
  const { invoke, deadlines } = given();
  const now = new Date();
  await invoke(fifty(), now);
  expect(deadlines).toEqual([now.getTime() + 8_000]);
});

test('dead letters that can not be kept fail the invocation, which the caller sees', async () => {
  const channel = createOfferChannel({
    config: { instance: 'i', rules: RULES },
    caller: CALLER,
    queue: { send: async () => [], postpone: async () => undefined },
    deadLetters: { write: async () => Promise.reject(new Error('AccessDenied')) },
  });
  await expect(channel(null, { requestId: 'r', now: new Date(), telemetry: new Telemetry('i') })).rejects.toThrow('AccessDenied');
});

test('Data that says nothing wanted is counted', async () => {
  const { invoke, telemetry } = given();
  await invoke({ ...fifty(), Data: 'hello' });
  expect(telemetry.summary()).toMatchObject({ DataIgnored: 1, OffersAssigned: 50 });
});
