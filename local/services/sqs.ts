import { randomUUID } from 'node:crypto';
import { createSqsServer } from 'local-aws-sqs';
import { ACCOUNT_ID, REGION, arn } from '../environment';
import { inputOf, operationIn } from './json-rpc';
import { EmulatedService, ServiceCall, ServiceRequest, ServiceResponse } from './service';
import { freePorts } from '../ports';

/** What functions and event source mappings may call, and the action that each needs; queues are made by the template alone.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-api-permissions-reference.html */
const ACTIONS: Readonly<Record<string, string>> = {
  ChangeMessageVisibility: 'ChangeMessageVisibility',
  ChangeMessageVisibilityBatch: 'ChangeMessageVisibility',
  DeleteMessage: 'DeleteMessage',
  DeleteMessageBatch: 'DeleteMessage',
  GetQueueAttributes: 'GetQueueAttributes',
  ReceiveMessage: 'ReceiveMessage',
  SendMessage: 'SendMessage',
  SendMessageBatch: 'SendMessage',
};
export const SQS_OPERATIONS: readonly string[] = Object.keys(ACTIONS);

/** A queue as the template describes it, in the service's own attribute names. */
export type QueueAttributes = Readonly<Record<string, string>>;

const CONTENT_TYPE = 'application/x-amz-json-1.0';

/** Amazon SQS: local-aws-sqs behind our gateway. */
export class Sqs implements EmulatedService {
  public static async start(): Promise<Sqs> {
    const [port = 0] = await freePorts(1);
    const server = await createSqsServer({ port, hostname: '127.0.0.1', region: REGION, accountId: ACCOUNT_ID, validateDlqDestination: false });
    return new Sqs(`http://127.0.0.1:${port}`, server);
  }

  public readonly name = 'sqs';
  public readonly codes = { 400: 'InvalidParameterValue', 403: 'AccessDeniedException', 429: 'ThrottlingException', 500: 'InternalError' };
  /** How many messages each queue has taken, whoever sent them. */
  private readonly taken = new Map<string, number>();

  private constructor(private readonly url: string, private readonly server: { close(): unknown }) {}

  public get queues(): string[] {
    return [...this.taken.keys()];
  }

  public messagesTaken(queue: string): number {
    return this.taken.get(queue) ?? 0;
  }

  public async createQueue(name: string, attributes: QueueAttributes): Promise<void> {
    const { status, body } = await this.call('CreateQueue', JSON.stringify({ QueueName: name, Attributes: attributes }));
    if (status !== 200) throw new Error(`the queue ${name} can't be made: ${body}`);
    this.taken.set(name, 0);
  }

  public route(request: ServiceRequest): ServiceCall | undefined {
    const operation = operationIn(request);
    const action = operation === undefined ? undefined : ACTIONS[operation];
    if (operation === undefined || action === undefined) return undefined;
    const input = inputOf(request);
    const queue = String(input.QueueUrl).split('/').pop() ?? '';
    return {
      operation,
      permissions: [{ action: `sqs:${action}`, resource: arn('sqs', queue) }],
      items: Array.isArray(input.Entries) ? input.Entries.length : 1,
      handle: async () => this.forward(operation, queue, request.body.toString()),
    };
  }

  public operationOf(request: ServiceRequest): string | undefined {
    return operationIn(request);
  }

  public error(code: string, status: number, message: string): ServiceResponse {
    const body = JSON.stringify({ __type: `com.amazonaws.sqs#${code}`, message });
    return { status: status < 500 ? 400 : status, headers: { 'content-type': CONTENT_TYPE, 'x-amzn-requestid': randomUUID() }, body };
  }

  public async close(): Promise<void> {
    await this.server.close();
  }

  private async forward(operation: string, queue: string, text: string): Promise<ServiceResponse> {
    if (!this.taken.has(queue)) return this.error('QueueDoesNotExist', 400, 'The specified queue does not exist.');
    const response = await this.call(operation, text);
    if (response.status !== 200) return response;
    if (operation === 'SendMessage') this.count(queue, 1);
    if (operation === 'SendMessageBatch') {
      const { Successful = [] } = JSON.parse(String(response.body)) as { Successful?: unknown[] };
      this.count(queue, Successful.length);
    }
    return response;
  }

  private async call(operation: string, body: string): Promise<ServiceResponse> {
    const response = await fetch(this.url, {
      method: 'POST', headers: { 'content-type': CONTENT_TYPE, 'x-amz-target': `AmazonSQS.${operation}`, 'authorization': AUTHORIZATION }, body,
    });
    return { status: response.status, headers: { 'content-type': CONTENT_TYPE, 'x-amzn-requestid': randomUUID() }, body: await response.text() };
  }

  private count(queue: string, messages: number): void {
    this.taken.set(queue, this.messagesTaken(queue) + messages);
  }
}

/** The gateway has checked who calls; the server behind it looks at the form only. */
const AUTHORIZATION = `AWS4-HMAC-SHA256 Credential=local/20260101/${REGION}/sqs/aws4_request, SignedHeaders=host, Signature=local`;
