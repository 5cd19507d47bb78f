import { DeleteMessageBatchCommand, GetQueueAttributesCommand, Message, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { FunctionSpec } from './function-spec';
import { Invocation, LambdaHost } from './host';
import { REGION, arn } from '../environment';
import { isObject } from '../template/model';

/** An SQS event source mapping as the template describes it. */
export interface QueueMappingSpec {
  readonly uuid: string;
  readonly path: string;
  readonly queueName: string;
  readonly functionName: string;
  readonly batchSize: number;
  readonly batchingWindowSeconds: number;
  readonly reportsItemFailures: boolean;
}

/** Is told about messages that have left the queue, each once. */
export interface QueueObserver {
  settled(mapping: QueueMapping, bodies: readonly string[], invocation: Invocation): void;
}

export interface QueueMappingOptions {
  readonly spec: QueueMappingSpec;
  readonly queueUrl: string;
  readonly fn: FunctionSpec;
  readonly host: LambdaHost;
  /** With the credentials of the function's role: Lambda's poller acts as the role too. */
  readonly sqs: SQSClient;
  readonly observer: QueueObserver;
  /** The mapping can't go on: it may not read its queue. */
  readonly failed: (error: unknown) => void;
}

/** Bytes of an invocation's payload: Lambda ends a batch before that, whatever its size.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html */
const PAYLOAD_BYTES = 6 * 1024 * 1024;

/** Messages that one call can bring. */
const RECEIVED_AT_ONCE = 10;
const IDLE_MS = 50;

/**
 * An SQS event source mapping: polls a queue, invokes a function with batches, deletes what it took. What it did not take appears again
 * after the visibility timeout. One batch at a time, as the service starts with few.
 */
export class QueueMapping {
  /** Messages that are over. */
  public over = 0;
  private stopped = false;
  private polling?: Promise<void>;

  public constructor(private readonly options: QueueMappingOptions) {}

  public get spec(): QueueMappingSpec {
    return this.options.spec;
  }

  public get fn(): FunctionSpec {
    return this.options.fn;
  }

  public async start(): Promise<void> {
    const { sqs, queueUrl, failed } = this.options;
    // Lambda asks for it when the mapping is made.
    await sqs.send(new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['All'] }));
    this.polling = this.poll().catch((error: unknown) => {
      if (!this.stopped) failed(error);
    });
  }

  public async stop(): Promise<void> {
    this.stopped = true;
    await this.polling;
  }

  private async poll(): Promise<void> {
    while (!this.stopped) {
      const batch = await this.collect();
      for (const part of this.withinPayload(batch)) await this.process(part);
    }
  }

  /** A batch is over when it is full, when its window is, or when nothing comes any more in an empty one. */
  private async collect(): Promise<Message[]> {
    const { batchSize, batchingWindowSeconds } = this.spec;
    const batch: Message[] = [];
    let until = Infinity;
    while (!this.stopped && batch.length < batchSize && performance.now() < until) {
      const messages = await this.receive(Math.min(RECEIVED_AT_ONCE, batchSize - batch.length));
      if (batch.length === 0 && messages.length > 0) until = performance.now() + batchingWindowSeconds * 1000;
      batch.push(...messages);
      if (messages.length === 0) await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
    }
    return batch;
  }

  private withinPayload(messages: readonly Message[]): Message[][] {
    const batches: Message[][] = [];
    let bytes = Infinity;
    for (const message of messages) {
      const size = Buffer.byteLength(JSON.stringify(this.record(message))) + 1;
      if (bytes + size > PAYLOAD_BYTES) {
        batches.push([]);
        bytes = '{"Records":[]}'.length;
      }
      batches[batches.length - 1]!.push(message);
      bytes += size;
    }
    return batches;
  }

  private async receive(most: number): Promise<Message[]> {
    const { sqs, queueUrl } = this.options;
    const command = new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: most, AttributeNames: ['All'], WaitTimeSeconds: 0 });
    return (await sqs.send(command)).Messages ?? [];
  }

  private async process(batch: readonly Message[]): Promise<void> {
    const { host, fn, observer } = this.options;
    const invocation = await host.invoke(fn.name, { Records: batch.map((message) => this.record(message)) });
    const taken = this.takenOf(batch, invocation);
    if (taken.length === 0) return;
    await this.remove(taken);
    this.over += taken.length;
    observer.settled(this, taken.map(({ Body = '' }) => Body), invocation);
  }

  /** @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting */
  private takenOf(batch: readonly Message[], { throttled, error, payload }: Invocation): readonly Message[] {
    if (throttled || error) return [];
    const failures = this.spec.reportsItemFailures && isObject(payload) ? payload.batchItemFailures : undefined;
    if (!Array.isArray(failures)) return batch;
    const failed = new Set(failures.map((failure: unknown) => isObject(failure) ? failure.itemIdentifier : undefined));
    const unknown = [...failed].some((id) => !batch.some(({ MessageId }) => MessageId === id));
    return unknown ? [] : batch.filter(({ MessageId }) => !failed.has(MessageId));
  }

  private async remove(messages: readonly Message[]): Promise<void> {
    const { sqs, queueUrl } = this.options;
    for (let start = 0; start < messages.length; start += RECEIVED_AT_ONCE) {
      const Entries = messages.slice(start, start + RECEIVED_AT_ONCE).map(({ ReceiptHandle }, index) => ({ Id: `${index}`, ReceiptHandle }));
      await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
    }
  }

  private record({ MessageId, ReceiptHandle, Body, Attributes, MD5OfBody }: Message) {
    return {
      messageId: MessageId,
      receiptHandle: ReceiptHandle,
      body: Body,
      attributes: Attributes,
      messageAttributes: {},
      md5OfBody: MD5OfBody,
      eventSource: 'aws:sqs',
      eventSourceARN: arn('sqs', this.spec.queueName),
      awsRegion: REGION,
    };
  }
}
