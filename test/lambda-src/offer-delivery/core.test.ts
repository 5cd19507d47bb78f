import type { SQSRecord } from 'aws-lambda';
import type { EngagementEvent } from '../../../lambda-src/engagement';
import { DONE, dropped, Outcome, rejected, retry } from '../../../lambda-src/model';
import { createOfferDelivery } from '../../../lambda-src/offer-delivery/core';
import { postponement } from '../../../lambda-src/offer-delivery/postponement';
import { giveOffers } from '../../../lambda-src/offers/invocation';
import { assignmentMessage, invocationMessage } from '../../../lambda-src/offers/queue-message';
import type { DeadLetter } from '../../../lambda-src/runtime/dead-letters';
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

function given(outcomeOf: (event: EngagementEvent) => Outcome = () => DONE) {
  const delivered: EngagementEvent[] = [];
  const letters: DeadLetter[] = [];
  const postponed: { receiptHandle: string; seconds: number }[] = [];
  const telemetry = new Telemetry('Stack/Offer');
  const deliver = createOfferDelivery({
    config: { instance: 'Stack/Offer', rules: RULES, maxDeliverySeconds: DAY_SECONDS },
    caller: CALLER,
    delivery: {
      deliver: async (events) => {
        delivered.push(...events);
        return events.map(outcomeOf);
      },
    },
    queue: { send: async () => [], postpone: async (receipts) => void postponed.push(...receipts) },
    deadLetters: { write: async (written) => void letters.push(...written) },
  });
  const run = async (...Records: SQSRecord[]) =>
    (await deliver({ Records }, Date.now() + 60_000, telemetry)).batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  return { run, delivered, letters, postponed, telemetry };
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

test('a time that can not be set costs nothing: the message appears again by itself', async () => {
  const deliver = createOfferDelivery({
    config: { instance: 'i', rules: RULES, maxDeliverySeconds: DAY_SECONDS },
    caller: CALLER,
    delivery: { deliver: async (events) => events.map(() => retry('503')) },
    queue: { send: async () => [], postpone: async () => Promise.reject(new Error('throttled')) },
    deadLetters: { write: async () => undefined },
  });
  const telemetry = new Telemetry('i');
  const answer = await deliver({ Records: [record('1', assignmentMessage(eventOf('ann')))] }, Date.now() + 60_000, telemetry);
  expect(answer.batchItemFailures).toEqual([{ itemIdentifier: '1' }]);
  expect(telemetry.summary()).toMatchObject({ PostponementsFailed: 1 });
});

test.each([[1, 8, 15], [2, 15, 30], [3, 30, 60], [7, 480, 960], [8, 900, 1800], [9, 900, 1800], [300, 900, 1800], [0, 8, 15], [NaN, 8, 15]])(
  'received %d times: tried again after %d to %d seconds', (received, least, most) => {
    expect(postponement(received, () => 0)).toBe(least);
    expect(postponement(received, () => 0.999999)).toBe(most);
  });
