import { createOfferChannel } from '../../../lambda-src/offer-custom-channel/core';
import { parseQueueMessage } from '../../../lambda-src/offers/queue-message';
import type { DeadLetter } from '../../../lambda-src/runtime/dead-letters';
import { NotQueued, sqsQueue } from '../../../lambda-src/runtime/queue';
import { Telemetry } from '../../../lambda-src/runtime/telemetry';
import { MAX_QUEUE_BYTES } from '../../../src/contract/queue';
import { CALLER, CAMPAIGN, endpoint, JOURNEY, RULES } from '../support/offers';

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
      postpone: async () => 0,
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
  expect(telemetry.summary()).toMatchObject({ EndpointsReceived: 50, OffersAssigned: 49, EndpointsRefused: 1, MessagesDeadLettered: 1 });
});

test('what the queue does not take is kept with its cause, and is not in the reply', async () => {
  const { invoke, letters } = given(() => [{ index: 3, code: 'ThrottlingException', fault: 'time' }, { index: 5, code: 'QueueDoesNotExist', fault: 'queue' }]);
  const reply = await invoke(fifty());
  expect(Object.keys(reply)).toHaveLength(48);
  expect(letters.map(({ code, reason, partitionKey }) => [code, reason, partitionKey])).toEqual([
    ['NotQueued', 'the queue did not take it in time: ThrottlingException', 'e3'],
    ['NotQueued', 'the queue refuses it: QueueDoesNotExist', 'e5'],
  ]);
});

test.each<[string, unknown, string]>([
  ['null', null, 'InvalidInvocation'],
  ['no endpoints', CAMPAIGN, 'InvalidInvocation'],
  ['another application that names nobody', { ...CAMPAIGN, ApplicationId: 'other', Endpoints: {} }, 'OtherApplication'],
])('an invocation in which no endpoint can be told is kept whole: %s', async (_, raw, code) => {
  const { invoke, letters, bodies, telemetry } = given();
  await expect(invoke(raw)).resolves.toEqual({});
  expect(letters).toMatchObject([{ code, partitionKey: 'request1' }]);
  expect(JSON.parse(letters[0].payload)).toMatchObject({ invocation: raw });
  expect(bodies).toEqual([]);
  expect(telemetry.summary()).toMatchObject({ EndpointsReceived: 0, OffersAssigned: 0, InvocationsRefused: 1, MessagesDeadLettered: 1 });
});

test('an invocation of another application is kept endpoint by endpoint, so that each can be put back', async () => {
  const { invoke, letters, telemetry } = given();
  const raw = { ...fifty(), ApplicationId: 'other' };
  await expect(invoke(raw)).resolves.toEqual({});
  expect(letters.map(({ code, partitionKey }) => [code, partitionKey])).toEqual(Object.keys(raw.Endpoints).map((id) => ['OtherApplication', id]));
  expect(JSON.parse(letters[7].payload).invocation).toEqual({ ...raw, Endpoints: { e7: endpoint('u7') } });
  expect(telemetry.summary()).toMatchObject({ EndpointsReceived: 50, OffersAssigned: 0, EndpointsRefused: 50, MessagesDeadLettered: 50 });
});

test('6 MB of endpoints, all refused: a letter each, none longer than a message may be', async () => {
  const { invoke, letters } = given();
  const big = { ChannelType: 5, Attributes: { Note: ['x'.repeat(120_000)] } };
  await invoke({ ...CAMPAIGN, Endpoints: Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`e${index}`, big])) });
  expect(letters).toHaveLength(50);
  for (const { payload } of letters) expect(Buffer.byteLength(payload)).toBeLessThanOrEqual(MAX_QUEUE_BYTES);
});

test('what endpoints share is not kept fifty times when it is long: then they share a letter', async () => {
  const { invoke, letters, telemetry } = given();
  const raw = { ...fifty(), Data: `{"nope":"${'x'.repeat(5_000_000)}"}` };
  await invoke(raw);
  expect(letters).toMatchObject([{ code: 'DataNotAllowed', partitionKey: 'request1' }]);
  expect(JSON.parse(letters[0].payload).invocation).toEqual(raw);
  expect(telemetry.summary()).toMatchObject({ EndpointsRefused: 50, MessagesDeadLettered: 1 });
});

test('an endpoint that is nested too deep for JSON.stringify is kept whole as well, and costs no other its offer', async () => {
  const { invoke, letters } = given();
  const deep = `{"User":${'['.repeat(100_000)}"\\uffff"${']'.repeat(100_000)}}`;
  const reply = await invoke(JSON.parse(`{"ApplicationId":"app1","Endpoints":{"ok":{},"deep":${deep}}}`));
  expect(Object.keys(reply)).toEqual(['ok']);
  expect(letters).toMatchObject([{ code: 'InvalidEndpoint', partitionKey: 'deep' }]);
  expect(letters[0].payload.includes(deep)).toBe(true);
});

test('what does not name its run is counted: a later run gives the same ids', async () => {
  const count = async (raw: object) => {
    const { invoke, telemetry } = given();
    await invoke({ ...raw, Endpoints: { a: endpoint('ann'), b: endpoint('ben') } });
    return telemetry.summary().OffersWithoutRun;
  };
  await expect(count(JOURNEY)).resolves.toBe(2);
  await expect(count({ ...JOURNEY, JourneyRunId: 'run1' })).resolves.toBeUndefined();
  await expect(count(CAMPAIGN)).resolves.toBeUndefined();
  await expect(count({ ...CAMPAIGN, ActivityId: undefined })).resolves.toBe(2);
});

describe('with a store that never answers', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  test('the invocation fails 3 seconds before the caller is gone, and says how little time was left', async () => {
    const telemetry = new Telemetry('i');
    const channel = createOfferChannel({
      config: { instance: 'i', rules: RULES }, caller: CALLER, queue: { send: async () => [], postpone: async () => 0 },
      deadLetters: { write: () => new Promise(() => undefined) },
    });
    let outcome = 'open';
    channel(null, { requestId: 'r', now: new Date(), telemetry }).catch((error: Error) => { outcome = error.name; });
    await jest.advanceTimersByTimeAsync(11_999);
    expect(outcome).toBe('open');
    await jest.advanceTimersByTimeAsync(1);
    expect(outcome).toBe('OutOfTime');
    expect(telemetry.summary()).toEqual({ TimeLeft: 3_000 });
  });

  test('a queue that never answers leaves 4 seconds to keep what it did not take', async () => {
    const letters: DeadLetter[] = [];
    const channel = createOfferChannel({
      config: { instance: 'i', rules: RULES }, caller: CALLER,
      queue: sqsQueue('https://q', { send: () => new Promise(() => undefined) } as never),
      deadLetters: { write: async (written) => void letters.push(...written) },
    });
    let reply: unknown;
    void channel(fifty(), { requestId: 'r', now: new Date(), telemetry: new Telemetry('i') }).then((answer) => { reply = answer; });
    await jest.advanceTimersByTimeAsync(7_999);
    expect(reply).toBeUndefined();
    await jest.advanceTimersByTimeAsync(1);
    expect(reply).toEqual({});
    expect(letters.map(({ code }) => code)).toEqual(Array(50).fill('NotQueued'));
  });
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
    queue: { send: async () => [], postpone: async () => 0 },
    deadLetters: { write: async () => Promise.reject(new Error('AccessDenied')) },
  });
  await expect(channel(null, { requestId: 'r', now: new Date(), telemetry: new Telemetry('i') })).rejects.toThrow('AccessDenied');
});

test('Data that says nothing wanted is counted', async () => {
  const { invoke, telemetry } = given();
  await invoke({ ...fifty(), Data: 'hello' });
  expect(telemetry.summary()).toMatchObject({ DataIgnored: 1, OffersAssigned: 50 });
});
