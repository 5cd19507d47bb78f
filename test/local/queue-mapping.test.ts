import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { QueueMapping } from '../../local/lambda/queue-mapping';
import { ServiceRequest } from '../../local/services/service';
import { Sqs } from '../../local/services/sqs';

/** A mapping on the emulated queue, without a gateway in between. */
let sqs: Sqs;
let server: Server;
let client: SQSClient;
let url: string;

beforeAll(async () => {
  sqs = await Sqs.start();
  await sqs.createQueue('Dead', {});
  await sqs.createQueue('Queue', { VisibilityTimeout: '1' });
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
      void sqs.route({ headers: request.headers, body: Buffer.concat(chunks) } as unknown as ServiceRequest)!.handle().then(({ status, headers, body }) =>
        response.writeHead(status, headers).end(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  url = `${endpoint}/123456789012/Queue`;
  client = new SQSClient({ endpoint, region: 'us-east-1', credentials: { accessKeyId: 'x', secretAccessKey: 'x' } });
});
afterAll(async () => {
  client.destroy();
  server.close();
  await sqs.close();
});

test('what the function takes is deleted, what it does not take comes again, and each is told once', async () => {
  const batches: string[][] = [];
  const settled: string[] = [];
  const mapping = new QueueMapping({
    spec: { uuid: 'u', path: 'Stack/Mapping', queueName: 'Queue', functionName: 'Fn', batchSize: 100, batchingWindowSeconds: 0.2, reportsItemFailures: true },
    queueUrl: url,
    fn: { name: 'Fn', construct: 'Stack' } as never,
    sqs: client,
    host: {
      invoke: async (_: string, event: { Records: { messageId: string; body: string; attributes: Record<string, string> }[] }) => {
        batches.push(event.Records.map(({ body }) => body));
        const bad = event.Records.filter(({ body }) => body === 'bad' && batches.length < 3);
        if (batches.length === 2) return { requestId: 'r', throttled: false, metrics: [], error: { errorType: 'Error', errorMessage: 'boom' } };
        return { requestId: 'r', throttled: false, metrics: [], payload: { batchItemFailures: bad.map(({ messageId }) => ({ itemIdentifier: messageId })) } };
      },
    } as never,
    observer: { settled: (_, bodies) => void settled.push(...bodies) },
    failed: (error) => { throw error; },
  });
  await client.send(new SendMessageBatchCommand({ QueueUrl: url, Entries: [{ Id: '0', MessageBody: 'good' }, { Id: '1', MessageBody: 'bad' }] }));
  await mapping.start();
  const until = Date.now() + 10_000;
  while (mapping.over < 2 && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 50));
  await mapping.stop();
  expect(batches).toEqual([['good', 'bad'], ['bad'], ['bad']]);
  expect(settled).toEqual(['good', 'bad']);
  expect(sqs.messagesTaken('Queue')).toBe(2);
}, 20_000);

test.each([
  ['SendMessageBatch', 'sqs:SendMessage'], ['ReceiveMessage', 'sqs:ReceiveMessage'], ['ChangeMessageVisibilityBatch', 'sqs:ChangeMessageVisibility'],
])('%s needs %s on its queue', (operation, action) => {
  const call = sqs.route({ headers: { 'x-amz-target': `AmazonSQS.${operation}` }, body: Buffer.from(JSON.stringify({ QueueUrl: url })) } as never);
  expect(call?.permissions).toEqual([{ action, resource: 'arn:aws:sqs:us-east-1:123456789012:Queue' }]);
});

test('an operation that is not emulated, and a queue that does not exist', async () => {
  const request = (operation: string, queue: string) =>
    ({ headers: { 'x-amz-target': `AmazonSQS.${operation}` }, body: Buffer.from(JSON.stringify({ QueueUrl: `http://x/${queue}`, MessageBody: 'm' })) }) as never;
  expect(sqs.route(request('PurgeQueue', 'Queue'))).toBeUndefined();
  await expect(sqs.route(request('SendMessage', 'Other'))!.handle()).resolves.toMatchObject({ status: 400 });
});

test('a batch ends before its payload has 6 MiB, whatever its size is', async () => {
  const sizes: number[] = [];
  await sqs.createQueue('Big', { VisibilityTimeout: '30' });
  const mapping = new QueueMapping({
    spec: { uuid: 'u', path: 'Stack/Mapping', queueName: 'Big', functionName: 'Fn', batchSize: 100, batchingWindowSeconds: 2, reportsItemFailures: true },
    queueUrl: url.replace(/Queue$/, 'Big'),
    fn: { name: 'Fn', construct: 'Stack' } as never,
    sqs: client,
    host: {
      invoke: async (_: string, event: object) => {
        sizes.push(JSON.stringify(event).length);
        return { requestId: 'r', throttled: false, metrics: [], payload: { batchItemFailures: [] } };
      },
    } as never,
    observer: { settled: () => undefined },
    failed: (error) => { throw error; },
  });
  for (let count = 0; count < 7; count += 1) {
    await client.send(new SendMessageBatchCommand({ QueueUrl: url.replace(/Queue$/, 'Big'), Entries: [{ Id: '0', MessageBody: 'x'.repeat(1_048_576) }] }));
  }
  await mapping.start();
  const until = Date.now() + 10_000;
  while (mapping.over < 7 && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 50));
  await mapping.stop();
  expect(mapping.over).toBe(7);
  for (const size of sizes) expect(size).toBeLessThanOrEqual(6 * 1024 * 1024);
}, 20_000);
