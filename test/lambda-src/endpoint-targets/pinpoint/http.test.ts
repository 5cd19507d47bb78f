import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import { profiles, identifyOf } from '../../support/plans';
import { apply, createTarget } from '../../support/target';

type Answer = (request: http.IncomingMessage, response: http.ServerResponse, body: any) => void;
let server: http.Server;
let requests: { readonly path: string; readonly at: number; readonly body: any }[];
let answers: Answer[];
const saved = { ...process.env };

const reply = (status: number, body: unknown, headers: Record<string, string> = {}): Answer => (_, response) => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
};
const error = (status: number, name: string, headers: Record<string, string> = {}) => reply(status, { Message: 'told', RequestID: 'r' }, { 'x-amzn-errortype': name, ...headers });
const accepted = reply(202, { Message: 'Accepted', RequestID: 'r' });
const silent: Answer = () => undefined;
const reset: Answer = (request) => request.socket.destroy();

beforeEach(async () => {
  requests = [];
  server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString()) : undefined;
      requests.push({ path: `${request.method} ${request.url}`, at: performance.now(), body });
      (answers[requests.length - 1] ?? accepted)(request, response, body);
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_PINPOINT: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 's',
  });
});
afterEach(async () => {
  process.env = { ...saved };
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const one = (user = 'u') => profiles(identifyOf(user, { email: `${user}@example.com` }));

test('a throttled attempt is tried again, and each attempt is counted', async () => {
  answers = [error(429, 'TooManyRequestsException')];
  const { outcomes, counts } = await apply(createTarget(), one());
  expect({ outcomes, counts }).toEqual({ outcomes: ['done'], counts: { Requests: 2, RequestsThrottled: 1, EndpointsAccepted: 1 } });
  expect(requests.map(({ path }) => path)).toEqual(['PUT /v1/apps/app1/endpoints', 'PUT /v1/apps/app1/endpoints']);
});

test('a reset, a 500, and an answer cut short are tried again', async () => {
  answers = [reset, error(500, 'InternalServerErrorException'), reply(503, 'busy')];
  expect(await apply(createTarget(), one())).toMatchObject({ outcomes: ['done'], counts: { Requests: 4 } });
});

test('Retry-After is waited for', async () => {
  answers = [error(429, 'TooManyRequestsException', { 'retry-after': '1' })];
  expect((await apply(createTarget(), one())).outcomes).toEqual(['done']);
  expect(requests[1].at - requests[0].at).toBeGreaterThan(800);
});

test('attempts that are retried keep the pace as well', async () => {
  answers = [error(500, 'InternalServerErrorException'), error(500, 'InternalServerErrorException')];
  const target = createTarget({ requestsPerSecond: { updateEndpointsBatch: 5, putEvents: 1, userEndpoints: 1 } });
  await apply(target, one());
  await apply(target, one());
  const gaps = requests.slice(1).map(({ at }, index) => at - requests[index].at);
  expect(requests).toHaveLength(4);
  for (const gap of gaps) expect(gap).toBeGreaterThan(150);
});

test('a service that does not answer costs the time there is, not more', async () => {
  answers = [silent];
  const start = performance.now();
  expect((await apply(createTarget(), one(), 300)).outcomes).toEqual(['retry OutOfTime']);
  expect(performance.now() - start).toBeLessThan(1_500);
});

test('what the last invocation gave up doesn\'t go on in the next one', async () => {
  answers = [error(429, 'TooManyRequestsException', { 'retry-after': '1' })];
  const target = createTarget();
  expect((await apply(target, one('u'), 300)).outcomes).toEqual(['retry OutOfTime']);
  const { outcomes, counts } = await apply(target, one('v'), 5_000);
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect(outcomes).toEqual(['done']);
  expect(requests.map(({ body }) => body.Item[0].Id)).toEqual(['u:EMAIL', 'v:EMAIL']);
  expect(counts).toMatchObject({ Requests: 1 });
});

test.each<[string, Answer, string]>([
  ['a refusal', error(400, 'BadRequestException'), 'rejected BadRequestException'],
  ['too large', error(413, 'PayloadTooLargeException'), 'rejected PayloadTooLargeException'],
  ['too large for a proxy, told in HTML', reply(413, '<html>Request Entity Too Large</html>', { 'content-type': 'text/html' }), 'rejected'],
])('%s is not tried again', async (_, answer, expected) => {
  answers = [answer];
  expect((await apply(createTarget(), one())).outcomes).toEqual([expect.stringContaining(expected)]);
  expect(requests).toHaveLength(1);
});

test.each([[403, 'ForbiddenException'], [404, 'NotFoundException'], [405, 'MethodNotAllowedException']])('%i %s is loud', async (status, name) => {
  answers = [error(status, name)];
  await expect(apply(createTarget(), one())).rejects.toThrow(`${name} (${status})`);
});

test('a request without an answer is given up after its time-out and made again', async () => {
  answers = [silent];
  const { outcomes, counts } = await apply(createTarget(), one(), 30_000);
  expect({ outcomes, requests: counts.Requests }).toEqual({ outcomes: ['done'], requests: 2 });
}, 25_000);
