import { randomUUID } from 'node:crypto';
import { arn } from '../environment';
import { callKinesis, KINESIS_AUTHORIZATION, startKinesisLocal } from './kinesis-process';
import { EmulatedService, ServiceCall, ServiceRequest, ServiceResponse } from './service';

type Input = Readonly<Record<string, unknown>>;

/** What a function or an event source mapping may call. Streams are made by the template alone. */
export const KINESIS_OPERATIONS: readonly string[] = [
  'DescribeStream', 'DescribeStreamSummary', 'GetRecords', 'GetShardIterator', 'ListShards', 'PutRecord', 'PutRecords',
];

const TARGET = /^Kinesis_\d+\.(\w+)$/;
const NEXT_ITERATOR = /"(?:Next)?ShardIterator":"([^"]+)"/;
/** As many as a run can have in use, and more. */
const REMEMBERED_ITERATORS = 10_000;
const ACTIVE_TIMEOUT_MS = 10_000;

/** Amazon Kinesis Data Streams: kinesis-local behind our gateway. */
export class Kinesis implements EmulatedService {
  public static async start(): Promise<Kinesis> {
    return new Kinesis(await startKinesisLocal());
  }

  public readonly name = 'kinesis';
  public readonly codes = { 400: 'InvalidArgumentException', 429: 'ProvisionedThroughputExceededException', 500: 'InternalFailure' };
  /** How many records each stream has taken, whoever put them: a run is done when all of them are. */
  private readonly taken = new Map<string, number>();
  /** GetRecords names its stream by the iterator alone. */
  private readonly iterators = new Map<string, string>();

  private constructor(private readonly url: string) {}

  public async createStream(name: string, shards: number): Promise<void> {
    await callKinesis(this.url, 'CreateStream', { StreamName: name, ShardCount: shards });
    this.taken.set(name, 0);
    const deadline = performance.now() + ACTIVE_TIMEOUT_MS;
    while (await this.statusOf(name) !== 'ACTIVE') {
      if (performance.now() > deadline) throw new Error(`the stream ${name} does not become active`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  public get streams(): string[] {
    return [...this.taken.keys()];
  }

  public recordsTaken(stream: string): number {
    return this.taken.get(stream) ?? 0;
  }

  public route(request: ServiceRequest): ServiceCall | undefined {
    const operation = this.operationOf(request);
    if (operation === undefined || !KINESIS_OPERATIONS.includes(operation)) return undefined;
    const input = JSON.parse(request.body.toString() || '{}') as Input;
    const stream = this.streamOf(input);
    return {
      operation,
      permissions: [{ action: `kinesis:${operation}`, resource: arn('kinesis', `stream/${stream}`) }],
      items: Array.isArray(input.Records) ? input.Records.length : 1,
      handle: async () => this.forward(operation, stream, request),
    };
  }

  public operationOf({ headers }: ServiceRequest): string | undefined {
    return TARGET.exec(headers['x-amz-target'] ?? '')?.[1];
  }

  public error(code: string, status: number, message: string): ServiceResponse {
    // Kinesis knows no 429 and no 403: its clients look at the type.
    const wireStatus = status < 500 ? 400 : status;
    return {
      status: wireStatus,
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': randomUUID() },
      body: JSON.stringify({ __type: code, message }),
    };
  }

  private async statusOf(name: string): Promise<unknown> {
    const answer = await callKinesis(this.url, 'DescribeStreamSummary', { StreamName: name });
    return (answer.StreamDescriptionSummary as Input | undefined)?.StreamStatus;
  }

  private streamOf(input: Input): string {
    if (typeof input.StreamName === 'string') return input.StreamName;
    if (typeof input.StreamARN === 'string') return input.StreamARN.split('/').pop() ?? '';
    return this.iterators.get(String(input.ShardIterator)) ?? 'unknown';
  }

  private async forward(operation: string, stream: string, request: ServiceRequest): Promise<ServiceResponse> {
    const response = await fetch(this.url, {
      method: 'POST',
      headers: {
        'content-type': request.headers['content-type'] ?? 'application/x-amz-json-1.1',
        'x-amz-target': request.headers['x-amz-target'] ?? '',
        'x-amz-date': request.headers['x-amz-date'] ?? '20000101T000000Z',
        'authorization': KINESIS_AUTHORIZATION,
      },
      body: new Uint8Array(request.body),
    });
    const body = await response.text();
    if (response.ok) this.note(operation, stream, body);
    return { status: response.status, headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': randomUUID() }, body };
  }

  private note(operation: string, stream: string, body: string): void {
    if (operation === 'PutRecord') this.count(stream, 1);
    if (operation === 'PutRecords') {
      const { Records = [] } = JSON.parse(body) as { Records?: { SequenceNumber?: string | null }[] };
      this.count(stream, Records.filter((record) => record.SequenceNumber).length);
    }
    const iterator = operation === 'GetShardIterator' || operation === 'GetRecords' ? NEXT_ITERATOR.exec(body)?.[1] : undefined;
    if (iterator === undefined) return;
    this.iterators.set(iterator, stream);
    const [oldest] = this.iterators.keys();
    if (this.iterators.size > REMEMBERED_ITERATORS && oldest !== undefined) this.iterators.delete(oldest);
  }

  private count(stream: string, records: number): void {
    this.taken.set(stream, this.recordsTaken(stream) + records);
  }
}
