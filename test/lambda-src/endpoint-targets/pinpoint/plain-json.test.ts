import { createHash } from 'node:crypto';
import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { PinpointClient, PutEventsCommand, UpdateEndpointsBatchCommand } from '@aws-sdk/client-pinpoint';
import { writePlainJson } from '../../../../lambda-src/endpoint-targets/pinpoint/plain-json';

interface Seen { readonly method?: string; readonly url?: string; readonly length?: string; readonly type?: string; readonly hash?: string; readonly body: string }

const seen: Seen[] = [];
let server: Server;

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
      const { 'content-length': length, 'content-type': type, 'x-amz-content-sha256': hash } = request.headers;
      seen.push({ method: request.method, url: request.url, length, type, hash: String(hash), body: Buffer.concat(chunks).toString() });
      response.writeHead(202, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => server.close());

function client(): PinpointClient {
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return new PinpointClient({ endpoint, region: 'eu-west-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
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

test.each(Object.entries(COMMANDS))('%s is the request that an untouched client sends', async (_, command) => {
  const plain = client();
  writePlainJson(plain);
  await client().send(command() as never);
  await plain.send(command() as never);
  const [theirs, ours] = seen.splice(0);
  // The members of a body may come in another order, and so its hash differs.
  expect({ ...ours, hash: '', body: JSON.parse(ours.body) }).toEqual({ ...theirs, hash: '', body: JSON.parse(theirs.body) });
  expect(ours.hash).toBe(createHash('sha256').update(ours.body).digest('hex'));
});
