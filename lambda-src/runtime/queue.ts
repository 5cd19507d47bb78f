import { setTimeout as sleep } from 'node:timers/promises';
import { ChangeMessageVisibilityBatchCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { before } from './deadline';
import { backOff, inParallel, OutOfTime } from './pace';

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
export const MAX_MESSAGES_PER_REQUEST = 10;
/** Of a message and of all messages of a request. SQS takes 1 MiB since August 2025; this is what it always took. */
export const MAX_QUEUE_BYTES = 262_144;
const IN_FLIGHT = 5;
const OUT_OF_TIME = new OutOfTime().name;
/** Short, since whoever waits for an answer waits for this: a request takes some 10 ms. */
const REQUEST_TIMES = { connectionTimeout: 1_000, requestTimeout: 2_000, throwOnRequestTimeout: true };

/** Why a message is not on the queue. */
export interface NotQueued {
  /** Position among the messages. */
  readonly index: number;
  readonly code: string;
}

export interface Queue {
  /** Puts messages on the queue, each as soon as it can be; what is not on it by the deadline is returned. */
  send(bodies: readonly string[], deadline: number): Promise<NotQueued[]>;
  /** Lets messages that were received appear again after so many seconds. */
  postpone(receipts: readonly { readonly receiptHandle: string; readonly seconds: number }[], deadline: number): Promise<void>;
}

export function sqsQueue(QueueUrl: string, client = new SQSClient({ maxAttempts: 2, requestHandler: new NodeHttpHandler(REQUEST_TIMES) })): Queue {
  return {
    send: async (bodies, deadline) => {
      const unsent = new Map<number, string>();
      const messages = bodies.map((body, index) => ({ index, body, bytes: Buffer.byteLength(body) }));
      for (const { index, bytes } of messages) if (bytes > MAX_QUEUE_BYTES) unsent.set(index, 'TooLarge');
      const requests = packMessages(messages.filter(({ bytes }) => bytes <= MAX_QUEUE_BYTES));
      await inParallel(IN_FLIGHT, requests, async (request) => {
        for (const { index, code } of await sendAll(request, deadline)) unsent.set(index, code);
      });
      return [...unsent].map(([index, code]) => ({ index, code }));
    },
    postpone: async (receipts, deadline) => {
      const requests = chunks(receipts, MAX_MESSAGES_PER_REQUEST);
      await inParallel(IN_FLIGHT, requests, async (request) => {
        const Entries = request.map(({ receiptHandle, seconds }, index) => ({ Id: `${index}`, ReceiptHandle: receiptHandle, VisibilityTimeout: seconds }));
        const command = new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries });
        await before(deadline, (abortSignal) => client.send(command, { abortSignal }));
      });
    },
  };

  /** SendMessageBatch answers 200 with failures inside; only those are sent again. */
  async function sendAll(request: readonly Message[], deadline: number): Promise<NotQueued[]> {
    let open = request.map((message) => ({ message, code: OUT_OF_TIME }));
    for (let attempt = 0; open.length > 0 && Date.now() < deadline; attempt += 1) {
      if (attempt > 0) await sleep(Math.min(backOff(attempt, 100, 2_000), Math.max(0, deadline - Date.now())));
      const causes = new Map(open.map(({ message, code }) => [message, code]));
      const left = await sendOnce(open.map(({ message }) => message), deadline);
      // That time ran out says less than what it was spent on.
      open = left.map(({ message, code }) => ({ message, code: code === OUT_OF_TIME ? causes.get(message) ?? code : code }));
    }
    return open.map(({ message: { index }, code }) => ({ index, code }));
  }

  async function sendOnce(messages: readonly Message[], deadline: number): Promise<{ message: Message; code: string }[]> {
    const command = new SendMessageBatchCommand({ QueueUrl, Entries: messages.map(({ index, body }) => ({ Id: `${index}`, MessageBody: body })) });
    try {
      const { Successful = [], Failed = [] } = await before(deadline, (abortSignal) => client.send(command, { abortSignal }));
      const queued = new Set(Successful.map(({ Id }) => Id));
      const codes = new Map(Failed.map(({ Id, Code }) => [Id, Code]));
      return messages.filter(({ index }) => !queued.has(`${index}`))
        .map((message) => ({ message, code: codes.get(`${message.index}`) ?? 'NoResult' }));
    } catch (error) {
      return messages.map((message) => ({ message, code: (error as Error).name }));
    }
  }
}

interface Message {
  readonly index: number;
  readonly body: string;
  readonly bytes: number;
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
