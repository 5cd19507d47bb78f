import type { SQSRecord } from 'aws-lambda';
import type { EngagementEvent } from '../../../lambda-src/engagement';
import { DONE, dropped, Outcome, rejected, retry } from '../../../lambda-src/model';
import { createOfferDelivery } from '../../../lambda-src/offer-delivery/core';
import { postponement } from '../../../lambda-src/offer-delivery/postponement';
import { giveOffers } from '../../../lambda-src/offers/invocation';
import { assignmentMessage, invocationMessage } from '../../../lambda-src/offers/queue-message';
import type { DeadLetter } from '../../../lambda-src/runtime/dead-letters';
import { DeploymentError } from '../../../lambda-src/runtime/errors';
import { Telemetry } from '../../../lambda-src/runtime/telemetry';
import { CALLER, CAMPAIGN, endpoint, NOW, RULES } from '../support/offers';

const DAY_SECONDS = 86_400;

function eventOf(user: string): EngagementEvent {
  const [one] = giveOffers(CALLER.read({ ...CAMPAIGN, Endpoints: { [`${user}:EMAIL`]: endpoint(user) } }), RULES, NOW).given;
  if (!('assignment' in one)) throw one.rejection;
  return one.assignment.event;
}

const record = (messageId: string, body: string, { age = 0, received = 1 } = {}): SQSRecord => ({
  messageId,
  receiptHandle: `receipt-${messageId}`,
  body,
  attributes: { SentTimestamp: `${Date.now() - age * 1000}`, ApproximateReceiveCount: `${received}` },
} as SQSRecord);

function given(outcomeOf: (event: EngagementEvent) => Outcome = () => DONE, refusal?: DeploymentError, missed = 0) {
  const logger = { error: jest.fn() };
  const delivered: EngagementEvent[] = [];
  const letters: DeadLetter[] = [];
  const postponed: { receiptHandle: string; seconds: number }[] = [];
  const telemetry = new Telemetry('Stack/Offer');
  const deliver = createOfferDelivery({
    config: { instance: 'Stack/Offer', rules: RULES, maxDeliverySeconds: DAY_SECONDS },
    caller: CALLER,
    delivery: {
      deliver: async (events, { onRefused }) => {
        delivered.push(...events);
        if (refusal) onRefused!(refusal);
        return events.map(outcomeOf);
      },
    },
    queue: { send: async () => [], postpone: async (receipts) => {
      postponed.push(...receipts);
      return missed;
    } },
    deadLetters: { write: async (written) => void letters.push(...written) },
    logger,
  });
  const run = async (...Records: SQSRecord[]) =>
    (await deliver({ Records }, Date.now() + 60_000, telemetry)).batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  return { run, delivered, letters, postponed, telemetry, logger };
}

test('what the CDP takes is done', async () => {
  const { run, delivered, letters, telemetry } = given();
  const [ann, ben] = [eventOf('ann'), eventOf('ben')];
  await expect(run(record('1', assignmentMessage(ann)), record('2', assignmentMessage(ben)))).resolves.toEqual([]);
  expect(delivered).toEqual(JSON.parse(JSON.stringify([ann, ben])));
  expect(letters).toEqual([]);
  expect(telemetry.summary()).toMatchObject({ MessagesAccepted: 2, DeliveryLag: expect.any(Number) });
});

test('of a batch only what the CDP does not take now appears again, and later each time', async () => {
  const { run, letters, postponed } = given(({ userId }) => userId === 'ben' ? retry('503') : DONE);
  const failed = await run(
    record('1', assignmentMessage(eventOf('ann'))), record('2', assignmentMessage(eventOf('ben')), { received: 3 }), record('3', assignmentMessage(eventOf('chi'))));
  expect(failed).toEqual(['2']);
  expect(postponed).toEqual([{ receiptHandle: 'receipt-2', seconds: expect.any(Number) }]);
  expect(letters).toEqual([]);
});

test('what the CDP refuses is kept whole with its reason, what it does not want is counted', async () => {
  const body = assignmentMessage(eventOf('ben'));
  const { run, letters, telemetry } = given(({ userId }) => userId === 'ben' ? rejected('400', 'bad') : dropped('NotWanted'));
  await expect(run(record('1', body), record('2', assignmentMessage(eventOf('ann'))))).resolves.toEqual([]);
  expect(letters).toMatchObject([{ construct: 'Stack/Offer', code: '400', reason: 'bad', payload: body, encoding: 'utf8', partitionKey: '1' }]);
  expect(telemetry.summary()).toMatchObject({ MessagesDeadLettered: 1, MessagesDropped: 1 });
});

test('a CDP that is down until the time is over: kept, with the last cause', async () => {
  const { run, letters } = given(() => retry('503'));
  const failed = await run(
    record('1', assignmentMessage(eventOf('ann')), { age: DAY_SECONDS - 10 }), record('2', assignmentMessage(eventOf('ben')), { age: DAY_SECONDS + 1 }));
  expect(failed).toEqual(['1']);
  expect(letters).toMatchObject([{ code: 'NotDeliveredInTime', reason: 'not delivered within 86400 seconds; the last attempt: 503', partitionKey: '2' }]);
});

test('an invocation that was put back is assigned anew, as of its own time and under the same id', async () => {
  const invocation = { ...CAMPAIGN, Endpoints: { 'ann:EMAIL': endpoint('ann') } };
  const { run, delivered } = given();
  await expect(run(record('1', invocationMessage(NOW, invocation)))).resolves.toEqual([]);
  expect(delivered).toEqual([eventOf('ann')]);
});

test.each<[string, string, string]>([
  ['that is still malformed', invocationMessage(NOW, { ...CAMPAIGN, Endpoints: { e1: 'x' } }), 'InvalidEndpoint'],
  ['that is still none', invocationMessage(NOW, null), 'InvalidInvocation'],
  ['of nobody', '{"version":1}', 'UnknownMessage'],
  ['of a later version', '{"version":2,"event":{}}', 'UnknownMessage'],
  ['without an id', assignmentMessage({ ...eventOf('ann'), id: '' }), 'UnknownMessage'],
  ['that is no JSON', 'x', 'UnknownMessage'],
])('a message %s is a dead letter again, whole', async (_, body, code) => {
  const { run, letters } = given();
  await expect(run(record('1', body), record('2', assignmentMessage(eventOf('ann'))))).resolves.toEqual([]);
  expect(letters).toMatchObject([{ code, payload: body }]);
});

test('a time that can not be set costs nothing: the message appears again by itself, and is counted', async () => {
  const { run, telemetry } = given(() => retry('503'), undefined, 2);
  await expect(run(record('1', assignmentMessage(eventOf('ann'))), record('2', assignmentMessage(eventOf('ben'))))).resolves.toEqual(['1', '2']);
  expect(telemetry.summary()).toMatchObject({ PostponementsFailed: 2 });
});

test('postponing may take 2 seconds of what is kept free at the end', async () => {
  const deadlines: number[] = [];
  const deliver = createOfferDelivery({
    config: { instance: 'i', rules: RULES, maxDeliverySeconds: DAY_SECONDS }, caller: CALLER,
    delivery: { deliver: async (events) => events.map(() => retry('503')) },
    queue: { send: async () => [], postpone: async (_, deadline) => deadlines.push(deadline) },
    deadLetters: { write: async () => undefined }, logger: { error: jest.fn() },
  });
  await deliver({ Records: [record('1', assignmentMessage(eventOf('ann')))] }, 1_000_000, new Telemetry('i'));
  expect(deadlines).toEqual([1_002_000]);
});

test('a deployment that is refused: loud, what was delivered is done, the rest is tried again later, and kept when its time is over', async () => {
  const { run, letters, postponed, telemetry, logger } = given(
    ({ userId }) => userId === 'ann' ? DONE : retry('DeploymentError'), new DeploymentError('Segment refuses this deployment: the credentials (status 401)'));
  const failed = await run(
    record('1', assignmentMessage(eventOf('ann'))), record('2', assignmentMessage(eventOf('ben'))),
    record('3', assignmentMessage(eventOf('chi')), { age: DAY_SECONDS + 1 }), record('4', 'x'));
  expect(failed).toEqual(['2']);
  expect(postponed.map(({ receiptHandle }) => receiptHandle)).toEqual(['receipt-2']);
  expect(letters.map(({ code, reason }) => [code, reason])).toEqual([
    ['NotDeliveredInTime', 'not delivered within 86400 seconds; the last attempt: DeploymentError'], ['UnknownMessage', expect.any(String)],
  ]);
  expect(telemetry.summary()).toMatchObject({ DeliveriesRefused: 1, MessagesAccepted: 1, MessagesDeadLettered: 2 });
  expect(logger.error).toHaveBeenCalledWith(expect.any(String), expect.objectContaining({ message: expect.stringContaining('status 401') }));
});

test('the oldest message that is tried again tells how long the CDP has not heard of it', async () => {
  const { run, telemetry } = given(({ userId }) => userId === 'ann' ? DONE : retry('503'));
  await run(
    record('1', assignmentMessage(eventOf('ann')), { age: 9_000 }), record('2', assignmentMessage(eventOf('ben')), { age: 7_200, received: 12 }),
    record('3', assignmentMessage(eventOf('chi')), { age: 60 }));
  const { RetriedAge, DeliveryLag } = telemetry.summary();
  expect([Math.round(RetriedAge / 1000), Math.round(DeliveryLag / 1000)]).toEqual([7_200, 9_000]);
  const quiet = given();
  await quiet.run(record('1', assignmentMessage(eventOf('ann'))));
  expect(quiet.telemetry.summary()).not.toHaveProperty('RetriedAge');
});

describe('an invocation of several endpoints', () => {
  const invocation = { ...CAMPAIGN, Endpoints: { ann: endpoint('ann'), bad: 'x', ben: endpoint('ben') } };
  const body = invocationMessage(NOW, invocation);
  const alone = (id: 'bad' | 'ben') => invocationMessage(NOW, { ...CAMPAIGN, Endpoints: { [id]: invocation.Endpoints[id] } });

  test('each is counted and kept by itself', async () => {
    const { run, letters, telemetry } = given(({ userId }) => userId === 'ben' ? rejected('400', 'bad') : DONE);
    await expect(run(record('1', body))).resolves.toEqual([]);
    expect(letters.map(({ code, payload }) => [code, payload])).toEqual([['InvalidEndpoint', alone('bad')], ['400', alone('ben')]]);
    expect(telemetry.summary()).toMatchObject({ MessagesAccepted: 1, MessagesDeadLettered: 2 });
  });

  test('as long as one is to be tried again, none is kept or counted: all come again', async () => {
    const { run, letters, telemetry } = given(({ userId }) => userId === 'ben' ? retry('503') : DONE);
    await expect(run(record('1', body))).resolves.toEqual(['1']);
    expect(letters).toEqual([]);
    expect(telemetry.summary()).toEqual({ RetriedAge: expect.any(Number) });
  });

  test('until its time is over', async () => {
    const { run, letters, telemetry } = given(({ userId }) => userId === 'ben' ? retry('503') : DONE);
    await expect(run(record('1', body, { age: DAY_SECONDS }))).resolves.toEqual([]);
    expect(letters.map(({ code }) => code)).toEqual(['InvalidEndpoint', 'NotDeliveredInTime']);
    expect(telemetry.summary()).toMatchObject({ MessagesAccepted: 1, MessagesDeadLettered: 2 });
  });

  test('one without endpoints is a dead letter', async () => {
    const { run, letters } = given();
    await expect(run(record('1', invocationMessage(NOW, { ...CAMPAIGN, Endpoints: {} })))).resolves.toEqual([]);
    expect(letters).toMatchObject([{ code: 'InvalidInvocation', reason: 'the payload names no endpoint' }]);
  });
});

test.each([[1, 8, 15], [2, 15, 30], [3, 30, 60], [7, 480, 960], [8, 900, 1800], [9, 900, 1800], [300, 900, 1800], [0, 8, 15], [NaN, 8, 15]])(
  'received %d times: tried again after %d to %d seconds', (received, least, most) => {
    expect(postponement(received, () => 0)).toBe(least);
    expect(postponement(received, () => 0.999999)).toBe(most);
  });
