import { Api } from '../../local/apigateway/apis';
import { ApiServer } from '../../local/apigateway/server';
import { LambdaHost } from '../../local/lambda/host';
import { Permission } from '../../local/lambda/permission';
import { Recorder } from '../../local/recorder';

/** The emulated REST API by itself, with a function that answers as it is told. */

const PERMISSION: Permission = {
  functionName: 'fn', action: 'lambda:InvokeFunction', principal: 'apigateway.amazonaws.com', sourceArn: 'arn:aws:execute-api:us-east-1:123456789012:api/v1/POST/hook',
};
let server: ApiServer;
afterEach(() => server.close());

async function start(answer: unknown, { permissions = [PERMISSION], throttled = false } = {}) {
  const api = new Api('api', 'Stack/Hook', 'root');
  api.addResource('res', 'root', 'hook');
  api.methods.push({ httpMethod: 'POST', path: api.pathOf('res'), functionName: 'fn' });
  api.stages.push({ name: 'v1', ratePerSecond: 1, burst: 2 });
  api.answers.set('THROTTLED', { status: 429, headers: { 'retry-after': '1' }, body: '{"error":"x"}' });
  const events: any[] = [];
  let running = 0;
  const seen = { most: 0 };
  const invoke = async (_: string, event: unknown) => {
    seen.most = Math.max(seen.most, running += 1);
    await new Promise((done) => setTimeout(done, 5));
    running -= 1;
    events.push(event);
    return answer;
  };
  const recorder = new Recorder();
  server = await ApiServer.start({ api, host: { invoke } as unknown as LambdaHost, permissions, recorder, throttled });
  return { recorder, events, seen, api, url: `${server.url}/v1/hook` };
}

const OK = { payload: { statusCode: 201, headers: { 'x-a': 'b' }, body: 'done' } };

test('a request reaches the function as the service hands it on, and the answer comes back', async () => {
  const { url, events, recorder } = await start(OK);
  const response = await fetch(`${url}?access_token=t&a=1&a=2`, { method: 'POST', body: Buffer.from([0xff, 0]), headers: { 'X-Key': 'k' } });
  expect([response.status, response.headers.get('x-a'), await response.text()]).toEqual([201, 'b', 'done']);
  expect(events).toMatchObject([{
    resource: '/hook', httpMethod: 'POST', isBase64Encoded: true, body: '/wA=', queryStringParameters: { access_token: 't', a: '2' },
    multiValueQueryStringParameters: { a: ['1', '2'] },
  }]);
  expect(recorder.calls).toMatchObject([{ construct: 'Stack/Hook', service: 'apigateway', operation: 'POST /v1/hook', bytes: 2, status: 201 }]);
});

test.each([['another method', 'GET', '/v1/hook'], ['another path', 'POST', '/v1/x'], ['another stage', 'POST', '/v2/hook']])('%s is refused', async (_, method, path) => {
  await start(OK);
  expect((await fetch(`${server.url}${path}`, { method })).status).toBe(403);
});

test.each([
  ['fails', { error: { errorType: 'E', errorMessage: 'm' } }], ['finds no environment', { throttled: true }], ['answers something else', { payload: { ok: true } }],
])('a function that %s is a bad gateway', async (_, answer) => {
  const { url } = await start(answer);
  expect((await fetch(url, { method: 'POST' })).status).toBe(502);
});

test('answers of its own fall back to the default of their kind; the one for too large a body can\'t be changed', async () => {
  const { url, api } = await start({ throttled: true });
  for (const type of ['DEFAULT_4XX', 'DEFAULT_5XX', 'REQUEST_TOO_LARGE']) api.answers.set(type, { status: type === 'DEFAULT_5XX' ? 503 : 418, headers: {}, body: type });
  const textOf = async (body: Buffer, path = url) => fetch(path, { method: 'POST', body }).then(async (response) => [response.status, await response.text()]);
  expect(await textOf(Buffer.from('x'))).toEqual([503, 'DEFAULT_5XX']);
  expect(await textOf(Buffer.alloc(5 * 1024 * 1024))).toEqual([503, 'DEFAULT_5XX']);
  expect(await textOf(Buffer.from('x'), `${url}/none`)).toEqual([418, 'DEFAULT_4XX']);
  expect(await textOf(Buffer.alloc(10 * 1024 * 1024 + 1))).toEqual([413, '{"message":"Request Too Long"}']);
});

test('a function that does not let the API invoke it', async () => {
  const { url, recorder, events } = await start(OK, { permissions: [{ ...PERMISSION, sourceArn: `${PERMISSION.sourceArn}/x` }] });
  expect((await fetch(url, { method: 'POST' })).status).toBe(502);
  expect([events, recorder.denied]).toEqual([[], [{ construct: 'Stack/Hook', action: 'lambda:InvokeFunction', resource: 'fn' }]]);
});

test('the burst of the stage, where it is enforced', async () => {
  const { url } = await start(OK, { throttled: true });
  const answers = await Promise.all(Array.from({ length: 4 }, async () => fetch(url, { method: 'POST' })));
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 429, 429]);
  expect(await answers.find(({ status }) => status === 429)!.text()).toBe('{"error":"x"}');
});

test('whoever has left is not served any more', async () => {
  const { url, events, recorder } = await start(OK);
  const leaving = new AbortController();
  const answers = Array.from({ length: 40 }, async (_, index) => fetch(url, { method: 'POST', signal: index < 20 ? undefined : leaving.signal }));
  setTimeout(() => leaving.abort(), 15);
  const statuses = (await Promise.allSettled(answers)).map((one) => one.status === 'fulfilled' ? one.value.status : 'left');
  expect(statuses.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => 201));
  await new Promise((done) => setTimeout(done, 100));
  expect(statuses).toContain('left');
  expect(events.length).toBeLessThan(40);
  expect(recorder.calls.filter(({ status }) => status === 0).length).toBe(recorder.calls.length - events.length);
});

test('no more requests at once than there are cores, and none is lost', async () => {
  const { url, events, seen } = await start(OK);
  const answers = await Promise.all(Array.from({ length: 30 }, async () => fetch(url, { method: 'POST' })));
  expect(answers.every(({ status }) => status === 201)).toBe(true);
  expect(events).toHaveLength(30);
  expect(seen.most).toBeLessThanOrEqual(jest.requireActual<typeof import('node:os')>('node:os').availableParallelism());
});
