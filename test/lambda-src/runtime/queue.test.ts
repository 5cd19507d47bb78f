import { ChangeMessageVisibilityBatchCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import * as fc from 'fast-check';
import { MAX_MESSAGES_PER_REQUEST, packMessages, sqsQueue } from '../../../lambda-src/runtime/queue';
import { MAX_QUEUE_BYTES } from '../../../src/contract/queue';

const sqs = mockClient(SQSClient);
beforeEach(() => {
  sqs.reset();
  sqs.rejects(new Error('unexpected call'));
  jest.spyOn(Math, 'random').mockReturnValue(0);
});
afterEach(() => jest.restoreAllMocks());

const queue = () => sqsQueue('https://sqs.eu-west-1.amazonaws.com/111122223333/q');
const soon = () => Date.now() + 5_000;
const bodies = (count: number) => Array.from({ length: count }, (_, index) => `m${index}`);
const sent = () => sqs.commandCalls(SendMessageBatchCommand).map(({ args }) => args[0].input.Entries!.map(({ MessageBody }) => MessageBody));
const takeAll = (input: any) => ({ Successful: input.Entries.map(({ Id }: any) => ({ Id })) });

test.each([[0, []], [10, [10]], [11, [10, 1]], [50, [10, 10, 10, 10, 10]]])('%i messages', async (count, sizes) => {
  sqs.on(SendMessageBatchCommand).callsFake(takeAll);
  await expect(queue().send(bodies(count), soon())).resolves.toEqual([]);
  expect(sent().map(({ length }) => length)).toEqual(sizes);
  expect(sent().flat().sort()).toEqual(bodies(count).sort());
});

test('by bytes: as many as a request takes, and one more', () => {
  const half = { bytes: MAX_QUEUE_BYTES / 2 };
  expect(packMessages([half, half]).map(({ length }) => length)).toEqual([2]);
  expect(packMessages([half, { bytes: MAX_QUEUE_BYTES / 2 + 1 }]).map(({ length }) => length)).toEqual([1, 1]);
});

test('nothing is lost or moved, and every request is within its limits', () => {
  fc.assert(fc.property(fc.array(fc.record({ bytes: fc.integer({ min: 1, max: MAX_QUEUE_BYTES }) }), { maxLength: 60 }), (messages) => {
    const requests = packMessages(messages);
    expect(requests.flat()).toEqual(messages);
    for (const request of requests) {
      expect(request.length).toBeLessThanOrEqual(MAX_MESSAGES_PER_REQUEST);
      expect(request.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(MAX_QUEUE_BYTES);
    }
  }));
});

test('what a request did not take, and only that, is sent again', async () => {
  sqs.on(SendMessageBatchCommand)
    .resolvesOnce({ Successful: [{ Id: '0' }], Failed: [{ Id: '1', Code: 'InternalError', SenderFault: false }] } as never).callsFake(takeAll);
  await expect(queue().send(bodies(3), soon())).resolves.toEqual([]);
  expect(sent()).toEqual([['m0', 'm1', 'm2'], ['m1', 'm2']]);
});

test.each([
  ['is busy', Object.assign(new Error('slow down'), { name: 'ThrottlingException' }), 'ThrottlingException'],
  ['does not answer', Object.assign(new Error('timeout'), { name: 'TimeoutError' }), 'TimeoutError'],
])('a queue that %s until the deadline: what is not on it is returned, with the cause', async (_, error, code) => {
  sqs.on(SendMessageBatchCommand).rejects(error);
  const startedAt = Date.now();
  await expect(queue().send(bodies(2), Date.now() + 300)).resolves.toEqual([{ index: 0, code, fault: 'time' }, { index: 1, code, fault: 'time' }]);
  expect(Date.now() - startedAt).toBeLessThan(2_000);
});

test('a message of the most bytes is sent, one more byte is too many', async () => {
  sqs.on(SendMessageBatchCommand).callsFake(takeAll);
  await expect(queue().send(['x'.repeat(MAX_QUEUE_BYTES), 'é'.repeat(MAX_QUEUE_BYTES / 2) + 'x'], soon())).resolves.toEqual([{ index: 1, code: 'TooLarge', fault: 'message' }]);
});

test('a deadline that is over: nothing is sent, all is returned', async () => {
  await expect(queue().send(bodies(1), Date.now() - 1)).resolves.toEqual([{ index: 0, code: 'OutOfTime', fault: 'time' }]);
  expect(sent()).toEqual([]);
});

test('messages are postponed ten at a time', async () => {
  sqs.on(ChangeMessageVisibilityBatchCommand).resolves({} as never);
  await queue().postpone(Array.from({ length: 11 }, (_, index) => ({ receiptHandle: `r${index}`, seconds: 15 })), soon());
  const calls = sqs.commandCalls(ChangeMessageVisibilityBatchCommand).map(({ args }) => args[0].input.Entries!);
  expect(calls.map(({ length }) => length)).toEqual([10, 1]);
  expect(calls[1]).toEqual([{ Id: '0', ReceiptHandle: 'r10', VisibilityTimeout: 15 }]);
});

test('a message and a request have 1 MiB', () => {
  expect(MAX_QUEUE_BYTES).toBe(1024 ** 2);
});

const failure = (name: string, httpStatusCode: number) => Object.assign(new Error(name), { name, $metadata: { httpStatusCode } });
test.each([
  ['AccessDenied', 403], ['AccessDeniedException', 400], ['QueueDoesNotExist', 400], ['KmsAccessDenied', 400], ['InvalidAddress', 404],
])('what no time helps against is not tried again: %s %i', async (code, status) => {
  sqs.on(SendMessageBatchCommand).rejects(failure(code, status));
  await expect(queue().send(bodies(2), soon())).resolves.toEqual([{ index: 0, code, fault: 'queue' }, { index: 1, code, fault: 'queue' }]);
  expect(sent()).toHaveLength(1);
});

test.each([['ThrottlingException', 400], ['RequestThrottled', 403], ['InternalError', 500], ['ServiceUnavailable', 503]])('what time helps against is: %s %i', async (code, status) => {
  sqs.on(SendMessageBatchCommand).rejectsOnce(failure(code, status)).callsFake(takeAll);
  await expect(queue().send(bodies(2), soon())).resolves.toEqual([]);
  expect(sent()).toHaveLength(2);
});

test('a message that SQS blames on its sender is not sent again, and costs no other anything', async () => {
  sqs.on(SendMessageBatchCommand).resolvesOnce({
    Successful: [{ Id: '0' }],
    Failed: [{ Id: '1', Code: 'InvalidMessageContents', SenderFault: true }, { Id: '2', Code: 'InternalError', SenderFault: false }, { Id: '3', Code: 'AccessDenied', SenderFault: true }],
  } as never).callsFake(takeAll);
  await expect(queue().send(bodies(4), soon())).resolves.toEqual([
    { index: 1, code: 'InvalidMessageContents', fault: 'message' }, { index: 3, code: 'AccessDenied', fault: 'queue' },
  ]);
  expect(sent()).toEqual([bodies(4), ['m2']]);
});

describe('a queue that never answers', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());
  const signals: AbortSignal[] = [];
  const silent = () => {
    signals.length = 0;
    return sqsQueue('https://q', { send: (_: unknown, { abortSignal }: { abortSignal: AbortSignal }) => {
      signals.push(abortSignal);
      return new Promise(() => undefined);
    } } as never);
  };
  const settled = async (promise: Promise<unknown>) => {
    let value: unknown = 'open';
    void promise.then((result) => { value = result; });
    await jest.advanceTimersByTimeAsync(7_999);
    const before = [value, signals.map(({ aborted }) => aborted)];
    await jest.advanceTimersByTimeAsync(1);
    return { before, after: [value, signals.map(({ aborted }) => aborted)] };
  };

  test('sending ends at the deadline: what is not on it is returned, and the requests are broken off', async () => {
    const { before, after } = await settled(silent().send(bodies(11), Date.now() + 8_000));
    expect(before).toEqual(['open', [false, false]]);
    expect(after).toEqual([Array.from({ length: 11 }, (_, index) => ({ index, code: 'OutOfTime', fault: 'time' })), [true, true]]);
  });

  test('postponing ends at the deadline too', async () => {
    const { before, after } = await settled(silent().postpone([{ receiptHandle: 'r', seconds: 15 }], Date.now() + 8_000));
    expect(before).toEqual(['open', [false]]);
    expect(after).toEqual([1, [true]]);
  });
});

test('postponements that fail are counted, and the others are made', async () => {
  const receipts = Array.from({ length: 21 }, (_, index) => ({ receiptHandle: `r${index}`, seconds: 15 }));
  sqs.on(ChangeMessageVisibilityBatchCommand).rejectsOnce(new Error('throttled')).resolves({ Failed: [{ Id: '0' }] } as never);
  await expect(queue().postpone(receipts, soon())).resolves.toBe(12);
});
