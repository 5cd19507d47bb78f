import { createHash } from 'node:crypto';
import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { PinpointClient, PutEventsCommand, UpdateEndpointsBatchCommand } from '@aws-sdk/client-pinpoint';
import { PinpointApi } from '../../../../lambda-src/endpoint-targets/pinpoint/api';
import { PlainJsonProtocol } from '../../../../lambda-src/endpoint-targets/pinpoint/plain-json';

interface Seen { readonly method?: string; readonly url?: string; readonly length?: string; readonly type?: string; readonly hash?: string; readonly body: string }

interface Answer { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body: string }

const seen: Seen[] = [];
const accepted: Answer = { status: 202, body: '{}' };
let answer = accepted;
let server: Server;

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
      const { 'content-length': length, 'content-type': type, 'x-amz-content-sha256': hash } = request.headers;
      seen.push({ method: request.method, url: request.url, length, type, hash: String(hash), body: Buffer.concat(chunks).toString() });
      response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers }).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => server.close());

function client(protocol?: typeof PlainJsonProtocol): PinpointClient {
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return new PinpointClient({ maxAttempts: 1, ...protocol && { protocol }, endpoint, region: 'eu-west-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
}

const User = { UserId: 'u1', UserAttributes: { Name: ['Zoë “Zo” O\'Hara'], cleared: [] } };
const COMMANDS = {
  UpdateEndpointsBatch: () => new UpdateEndpointsBatchCommand({
    ApplicationId: 'app', EndpointBatchRequest: { Item: [{ Id: 'e1', Address: 'zoe@example.com', ChannelType: 'EMAIL', Metrics: { a: 1.5 }, User }] },
  }),
  PutEvents: () => new PutEventsCommand({
    ApplicationId: 'app',
    EventsRequest: { BatchItem: { e1: { Endpoint: { User }, Events: { m1: { EventType: 't', Timestamp: '2026-01-01T00:00:00.000Z', Metrics: { x: -3 } } } } } },
  }),
};

beforeEach(() => { answer = accepted; });

test.each(Object.entries(COMMANDS))('%s is the request that an untouched client sends', async (_, command) => {
  const plain = client(PlainJsonProtocol);
  await client().send(command() as never);
  await plain.send(command() as never);
  const [theirs, ours] = seen.splice(0);
  // The members of a body may come in another order, and so its hash differs.
  expect({ ...ours, hash: '', body: JSON.parse(ours.body) }).toEqual({ ...theirs, hash: '', body: JSON.parse(theirs.body) });
  expect(ours.hash).toBe(createHash('sha256').update(ours.body).digest('hex'));
});

const ok = { StatusCode: 202, Message: 'Accepted' };
const failed = { StatusCode: 400, Message: 'Zoë' };
const TAKEN = {
  UpdateEndpointsBatch: { Message: 'Accepted', RequestID: 'r1' },
  PutEvents: { Results: { e1: { EndpointItemResponse: ok, EventsItemResponse: { m1: ok, m2: failed } }, constructor: { EventsItemResponse: {} } } },
};

describe.each(Object.entries(COMMANDS))('an answer to %s is what an untouched client makes of it', (name, command) => {
  const told = async (sender: PinpointClient) => sender.send(command() as never).then(
    (output: object) => ({ output }),
    (error: Error & { $metadata?: object; $response?: unknown }) => ({ name: error.name, message: error.message, metadata: error.$metadata }),
  );

  test.each<[string, Answer]>([
    ['taken', { status: 202, headers: { 'x-amzn-requestid': 'r1' }, body: JSON.stringify(TAKEN[name as keyof typeof TAKEN]) }],
    ['nothing in it', { status: 202, body: '{}' }],
    ['no body', { status: 200, body: '' }],
    ['moved', { status: 301, body: '' }],
    ['bad request', { status: 400, headers: { 'x-amzn-errortype': 'BadRequestException' }, body: '{"Message":"no","RequestID":"r1"}' }],
    ['throttled', { status: 429, headers: { 'x-amzn-errortype': 'TooManyRequestsException' }, body: '{"message":"slow down"}' }],
    ['unavailable, in HTML', { status: 503, body: '<html>' }],
    ['not found, without a word', { status: 404, body: '' }],
  ])('%s', async (_, given) => {
    answer = given;
    const [theirs, ours] = [await told(client()), await told(client(PlainJsonProtocol))];
    expect(ours).toEqual(theirs);
  });

  test('half an answer is an error of its status', async () => {
    answer = { status: 202, body: '{"Results":' };
    expect(await told(client(PlainJsonProtocol))).toMatchObject({ name: 'SyntaxError', metadata: { httpStatusCode: 202 } });
  });
});

test('the target writes and reads so, and logs no request', () => {
  const names = ({ middlewareStack }: PinpointClient) => middlewareStack.identify().join();
  const own = Reflect.get(new PinpointApi('app', { updateEndpointsBatch: 1, putEvents: 1, userEndpoints: 1 }), 'client') as PinpointClient;
  expect(own.config.protocol).toBeInstanceOf(PlainJsonProtocol);
  expect(names(client())).toContain('loggerMiddleware');
  expect(names(own)).not.toContain('loggerMiddleware');
});
