import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { DeleteMessageBatchCommand, GetQueueAttributesCommand, Message, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';

/** A pipe from a queue to a stream, which hands on the bodies of messages that are JSON. */
export interface PipeSpec {
  readonly path: string;
  readonly roleId: string;
  readonly queueName: string;
  readonly streamName: string;
  readonly batchSize: number;
}

export interface PipeOptions {
  readonly spec: PipeSpec;
  readonly queueUrl: string;
  /** Both with the credentials of the pipe's role. */
  readonly sqs: SQSClient;
  readonly kinesis: KinesisClient;
  /** The pipe can't go on. */
  readonly failed: (error: unknown) => void;
}

const IDLE_MS = 50;

/** Amazon EventBridge Pipes, as far as it empties a queue onto a stream. What can't be handed on appears again on the queue. */
export class Pipe {
  /** Messages that are on the stream. */
  public over = 0;
  private stopped = false;
  private polling?: Promise<void>;

  public constructor(private readonly options: PipeOptions) {}

  public get spec(): PipeSpec {
    return this.options.spec;
  }

  public async start(): Promise<void> {
    const { sqs, queueUrl, failed } = this.options;
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
    const { sqs, queueUrl, spec } = this.options;
    while (!this.stopped) {
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: spec.batchSize }));
      const taken = Messages.filter(({ Body = '' }) => isJson(Body));
      if (taken.length > 0) await this.handOn(taken);
      else await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
    }
  }

  private async handOn(messages: readonly Message[]): Promise<void> {
    const { sqs, kinesis, queueUrl, spec } = this.options;
    const { Records = [] } = await kinesis.send(new PutRecordsCommand({
      StreamName: spec.streamName,
      Records: messages.map(({ MessageId = '', Body = '' }) => ({ PartitionKey: MessageId, Data: Buffer.from(JSON.stringify(JSON.parse(Body))) })),
    }));
    const done = messages.filter((_, index) => Records[index]?.SequenceNumber);
    if (done.length === 0) return;
    const Entries = done.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
    this.over += done.length;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
