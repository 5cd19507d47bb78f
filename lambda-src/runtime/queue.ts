import { setTimeout as sleep } from 'node:timers/promises';
import { ChangeMessageVisibilityBatchCommand, SendMessageBatchCommand, SendMessageBatchCommandOutput, SQSClient } from '@aws-sdk/client-sqs';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { before } from './deadline';
import { backOff, inParallel, OutOfTime } from './pace';
import { serviceFailure } from './service-failure';
import { MAX_QUEUE_BYTES } from '../../src/contract/queue';

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
export const MAX_MESSAGES_PER_REQUEST = 10;
const IN_FLIGHT = 5;
const OUT_OF_TIME = new OutOfTime().name;
/** Short, since whoever waits for an answer waits for this: a request takes some 10 ms. */
const REQUEST_TIMES = { connectionTimeout: 1_000, requestTimeout: 2_000, throwOnRequestTimeout: true };

/** Why a message is not on the queue. */
export interface NotQueued {
  /** Position among the messages. */
  readonly index: number;
  readonly code: string;
  /** time: it may be taken later; message: this one never will be; queue: none will be until the deployment is mended. */
  readonly fault: 'time' | 'message' | 'queue';
}

export interface Receipt {
  readonly receiptHandle: string;
  readonly seconds: number;
}

export interface Queue {
  /** Puts messages on the queue, each as soon as it can be; what is not on it by the deadline is returned. */
  send(bodies: readonly string[], deadline: number): Promise<NotQueued[]>;
  /** Lets messages that were received appear again after so many seconds; how many of them will not is returned. */
  postpone(receipts: readonly Receipt[], deadline: number): Promise<number>;
}

type Client = Pick<SQSClient, 'send'>;
const newClient = (): Client => new SQSClient({ maxAttempts: 2, requestHandler: new NodeHttpHandler(REQUEST_TIMES) });

export function sqsQueue(QueueUrl: string, client: Client = newClient()): Queue {
  const sendBatch: SendBatch = (messages, deadline) => {
    const Entries = messages.map(({ index, body }) => ({ Id: `${index}`, MessageBody: body }));
    return before(deadline, (abortSignal) => client.send(new SendMessageBatchCommand({ QueueUrl, Entries }), { abortSignal }));
  };
  return {
    send: (bodies, deadline) => sendMessages(bodies, deadline, sendBatch),
    postpone: (receipts, deadline) => postponeAll(receipts, async (request) => {
      const Entries = request.map(({ receiptHandle: ReceiptHandle, seconds }, index) => ({ Id: `${index}`, ReceiptHandle, VisibilityTimeout: seconds }));
      const command = new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries });
      const { Failed = [] } = await before(deadline, (abortSignal) => client.send(command, { abortSignal }));
      return Failed.length;
    }),
  };
}

interface Message {
  readonly index: number;
  readonly body: string;
  readonly bytes: number;
}

type SendBatch = (messages: readonly Message[], deadline: number) => Promise<SendMessageBatchCommandOutput>;

async function sendMessages(bodies: readonly string[], deadline: number, sendBatch: SendBatch): Promise<NotQueued[]> {
  const messages = bodies.map((body, index) => ({ index, body, bytes: Buffer.byteLength(body) }));
  const tooLarge = messages.filter(({ bytes }) => bytes > MAX_QUEUE_BYTES);
  const unsent: NotQueued[] = tooLarge.map(({ index }) => ({ index, code: 'TooLarge', fault: 'message' }));
  const requests = packMessages(messages.filter(({ bytes }) => bytes <= MAX_QUEUE_BYTES));
  await inParallel(IN_FLIGHT, requests, async (request) => {
    unsent.push(...await sendAll(request, deadline, sendBatch));
  });
  return unsent;
}

/** SendMessageBatch answers 200 with failures inside; only those are sent again, and of them only what time may help. */
async function sendAll(request: readonly Message[], deadline: number, sendBatch: SendBatch): Promise<NotQueued[]> {
  const unsent = new Map(request.map((message): [Message, NotQueued] => [message, { index: message.index, code: OUT_OF_TIME, fault: 'time' }]));
  const open = () => [...unsent].filter(([, { fault }]) => fault === 'time').map(([message]) => message);
  for (let attempt = 0; open().length > 0 && Date.now() < deadline; attempt += 1) {
    if (attempt > 0) await sleep(Math.min(backOff(attempt, 100, 2_000), Math.max(0, deadline - Date.now())));
    for (const [message, failure] of await sendOnce(open(), deadline, sendBatch)) {
      if (!failure) unsent.delete(message);
      // That time ran out says less than what it was spent on.
      else if (failure.code !== OUT_OF_TIME) unsent.set(message, failure);
    }
  }
  return [...unsent.values()];
}

/** What became of each message: nothing to be told of one that is on the queue. */
async function sendOnce(messages: readonly Message[], deadline: number, sendBatch: SendBatch): Promise<[Message, NotQueued | undefined][]> {
  try {
    const { Successful = [], Failed = [] } = await sendBatch(messages, deadline);
    const queued = new Set(Successful.map(({ Id }) => Id));
    const failures = new Map(Failed.map(({ Id, Code = 'NoResult', SenderFault }) => [Id, { name: Code, status: SenderFault ? 400 : 500 }]));
    return messages.map((message) => {
      const { name, status } = failures.get(`${message.index}`) ?? { name: 'NoResult', status: 500 };
      const failure: NotQueued = { index: message.index, code: name, fault: faultOf({ name, $metadata: { httpStatusCode: status } }, 'message') };
      return [message, queued.has(`${message.index}`) ? undefined : failure];
    });
  } catch (error) {
    const failure = { code: (error as Error).name, fault: faultOf(error, 'queue') };
    return messages.map((message) => [message, { index: message.index, ...failure }]);
  }
}

/** What is refused is refused for ever; of a whole request that is the queue's doing, since its messages are within their limits. */
function faultOf(error: unknown, refused: 'message' | 'queue'): NotQueued['fault'] {
  try {
    return serviceFailure(error, 'Amazon SQS').kind === 'retry' ? 'time' : refused;
  } catch {
    return 'queue';
  }
}

async function postponeAll(receipts: readonly Receipt[], postpone: (request: readonly Receipt[]) => Promise<number>): Promise<number> {
  let failed = 0;
  await inParallel(IN_FLIGHT, chunks(receipts, MAX_MESSAGES_PER_REQUEST), async (request) => {
    const count = await postpone(request).catch(() => request.length);
    failed += count;
  });
  return failed;
}

/** By count and by bytes, in their order. */
export function packMessages<T extends { readonly bytes: number }>(messages: readonly T[]): T[][] {
  const requests: T[][] = [];
  let bytes = 0;
  for (const message of messages) {
    const last = requests[requests.length - 1];
    if (!last || last.length >= MAX_MESSAGES_PER_REQUEST || bytes + message.bytes > MAX_QUEUE_BYTES) {
      requests.push([message]);
      bytes = message.bytes;
    } else {
      last.push(message);
      bytes += message.bytes;
    }
  }
  return requests;
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));
}
