import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { createDelivery } from '../../../lambda-src/delivery';
import { DestinationAdapter } from '../../../lambda-src/destinations/destination';
import { eventBusDestination } from '../../../lambda-src/destinations/event-bus';
import { functionDestination } from '../../../lambda-src/destinations/function';
import { streamDestination } from '../../../lambda-src/destinations/stream';
import { clientOptions } from '../../../lambda-src/transports/aws';
import { eventBusTransport } from '../../../lambda-src/transports/event-bus';
import { functionTransport } from '../../../lambda-src/transports/function';
import { streamTransport } from '../../../lambda-src/transports/stream';
import { eventOf, Meter } from '../support/engagement';

type Answered = Record<string, unknown> | Error;
class Command {
  public constructor(public readonly input: any) {}
}

/** A client that answers as a test says, and the inputs that it got. */
function clients(answer: (input: any) => Answered): { load: any; inputs: any[] } {
  const inputs: any[] = [];
  class Client {
    public async send({ input }: Command): Promise<Answered> {
      inputs.push(input);
      const answered = answer(input);
      if (answered instanceof Error) throw answered;
      return answered;
    }
  }
  const named = { KinesisClient: Client, EventBridgeClient: Client, LambdaClient: Client, PutRecordsCommand: Command, PutEventsCommand: Command, InvokeCommand: Command };
  return { inputs, load: async () => named };
}

const failure = (name: string, httpStatusCode?: number) => Object.assign(new Error(name), { name, $metadata: { httpStatusCode } });
const EVENTS = ['a', 'b', 'c'].map((id) => eventOf('email-hardbounce', { id }));
const send = (adapter: DestinationAdapter) => adapter.send(EVENTS.map((event) => adapter.encode(event)), Date.now() + 5_000);

const KINDS = {
  stream: (load: any) => streamDestination({ kind: 'stream', streamArn: 'arn:stream' }, streamTransport('arn:stream', load)),
  eventBus: (load: any) => eventBusDestination({ kind: 'eventBus', eventBusName: 'bus' }, eventBusTransport(load)),
  function: (load: any) => functionDestination({ kind: 'function', functionArn: 'arn:fn', maxBatchSize: 100 }, functionTransport('arn:fn', load)),
};

test('stream: a record per event, the user as its key; each failed record is retried alone', async () => {
  const { load, inputs } = clients(() => ({ Records: [{ SequenceNumber: '1' }, { ErrorCode: 'ProvisionedThroughputExceededException' }, {}] }));
  expect(await send(KINDS.stream(load))).toEqual({
    kind: 'each',
    throttled: true,
    outcomes: [
      { status: 'done' }, { status: 'retry', code: 'ProvisionedThroughputExceededException' }, { status: 'retry', code: 'NoResult' },
    ],
  });
  expect(inputs[0].StreamARN).toBe('arn:stream');
  expect(inputs[0].Records[0].PartitionKey).toBe('ann');
  expect(JSON.parse(inputs[0].Records[0].Data.toString())).toMatchObject({ id: 'a', type: 'EMAIL_HARD_BOUNCE' });
});

test('stream: a long user id still has one key of at most 256 characters', async () => {
  const { load, inputs } = clients(() => ({ Records: [] }));
  const adapter = KINDS.stream(load);
  await adapter.send([adapter.encode(eventOf('custom', { userId: 'ü'.repeat(300) }))], Date.now() + 5_000);
  expect(inputs[0].Records[0].PartitionKey).toMatch(/^[0-9a-f]{64}$/);
});

test('event bus: an entry per event; each entry has its outcome', async () => {
  const { load, inputs } = clients(() => ({ Entries: [{ EventId: '1' }, { ErrorCode: 'InternalFailure' }, { ErrorCode: 'MalformedDetail', ErrorMessage: 'bad' }] }));
  expect(await send(KINDS.eventBus(load))).toEqual({
    kind: 'each',
    throttled: false,
    outcomes: [
      { status: 'done' }, { status: 'retry', code: 'InternalFailure' }, { status: 'rejected', code: 'MalformedDetail', reason: 'bad' },
    ],
  });
  expect(inputs[0].Entries[0]).toMatchObject({
    EventBusName: 'bus', Source: 'cdk-cdp-engagement', DetailType: 'EMAIL_HARD_BOUNCE', Time: new Date('2026-11-23T10:01:00.500Z'),
  });
});

test.each<['stream' | 'eventBus', any, 'RequestsThrottled' | 'RequestsFailed']>([
  ['stream', { Records: [{ ErrorCode: 'ProvisionedThroughputExceededException' }] }, 'RequestsThrottled'],
  ['stream', { Records: [{ ErrorCode: 'InternalFailure' }] }, 'RequestsFailed'],
  ['eventBus', { Entries: [{ ErrorCode: 'ThrottlingException' }] }, 'RequestsThrottled'],
  ['eventBus', { Entries: [{ ErrorCode: 'InternalFailure' }] }, 'RequestsFailed'],
])('%s: an answer of 200 that leaves something undone is counted: %j', async (kind, answer, metric) => {
  const destination = KINDS[kind](clients(() => answer).load);
  const meter = new Meter();
  jest.spyOn(Math, 'random').mockReturnValue(0.999);
  await createDelivery({} as never, { destination }).deliver(EVENTS.slice(0, 1), { deadline: Date.now() + 100, meter });
  jest.restoreAllMocks();
  expect(meter.counts).toEqual({ Requests: 1, [metric]: 1 });
});

test('a service that does not answer costs a request, not the invocation', async () => {
  const server = createServer(() => undefined).listen(0);
  const { port } = server.address() as AddressInfo;
  const client = new KinesisClient({
    ...clientOptions(100), maxAttempts: 1, region: 'us-east-1', endpoint: `http://127.0.0.1:${port}`, credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
  await expect(client.send(new PutRecordsCommand({ StreamARN: 'arn', Records: [] }))).rejects.toMatchObject({ name: 'TimeoutError' });
  client.destroy();
  server.closeAllConnections();
  server.close();
});

test('function: the published request and response', async () => {
  const results = [{ id: 'c', status: 'rejected', reason: 'why' }, { id: 'a', status: 'done' }, { id: 'b', status: 'dropped', reason: 'Test' }];
  const { load, inputs } = clients(() => ({ Payload: Buffer.from(JSON.stringify({ results })) }));
  expect(await send(KINDS.function(load))).toEqual({
    kind: 'each',
    outcomes: [
      { status: 'done' }, { status: 'dropped', reason: 'Test' }, { status: 'rejected', code: 'RejectedByFunction', reason: 'why' },
    ],
  });
  expect(inputs[0]).toMatchObject({ FunctionName: 'arn:fn', InvocationType: 'RequestResponse' });
  expect(JSON.parse(inputs[0].Payload.toString())).toEqual({ version: 1, events: EVENTS.map((event) => JSON.parse(JSON.stringify(event))) });
});

test.each<[string, Record<string, unknown>, unknown]>([
  ['an error', { FunctionError: 'Unhandled', Payload: Buffer.from('{}') }, { kind: 'retry', code: 'FunctionErrorUnhandled' }],
  ['nothing', {}, { kind: 'each', outcomes: Array(3).fill({ status: 'retry', code: 'NoResult' }) }],
  ['no JSON', { Payload: Buffer.from('<') }, { kind: 'each', outcomes: Array(3).fill({ status: 'retry', code: 'NoResult' }) }],
  ['an unknown status', { Payload: Buffer.from('{"results":[{"id":"a","status":"ok"},null]}') }, { kind: 'each', outcomes: Array(3).fill({ status: 'retry', code: 'NoResult' }) }],
])('function: %s is no success', async (_, answer, expected) => {
  expect(await send(KINDS.function(clients(() => answer).load))).toEqual(expected);
});

test.each<[string, number | undefined, string]>([
  ['TimeoutError', undefined, 'retry'], ['InternalFailure', 500, 'retry'], ['TooManyRequestsException', 429, 'retry'], ['ThrottlingException', 400, 'retry'],
  ['ProvisionedThroughputExceededException', 400, 'retry'], ['KMSThrottlingException', 400, 'retry'], ['ValidationException', 400, 'items'],
  ['RequestTooLargeException', 413, 'items'], ['AccessDeniedException', 400, 'throws'], ['ResourceNotFoundException', 404, 'throws'], ['KMSDisabledException', 400, 'throws'],
])('a call that fails with %s (%p): %s, of whatever kind', async (name, status, expected) => {
  for (const kind of Object.values(KINDS)) {
    const answer = send(kind(clients(() => failure(name, status)).load));
    if (expected === 'throws') await expect(answer).rejects.toMatchObject({ name: 'DeploymentError' });
    else expect(await answer).toMatchObject({ kind: expected, code: name });
  }
});
