import { GetEndpointCommand, GetSegmentsCommand, PutEventsCommand, UpdateEndpointsBatchCommand } from '@aws-sdk/client-pinpoint';
import { APP_ID, Harness, HarnessOptions, ROLE, startPinpoint } from './pinpoint-harness';
import { parseFaults } from '../../local/faults';
import { pinpointQuota } from '../../local/services/pinpoint/quotas';

let pinpoint: Harness;
const start = async (options: HarnessOptions = {}) => { pinpoint = await startPinpoint(options); };
afterEach(() => pinpoint.close());

const ARN = `arn:aws:mobiletargeting:us-east-1:111122223333:apps/${APP_ID}`;
const batch = new UpdateEndpointsBatchCommand({ ApplicationId: APP_ID, EndpointBatchRequest: { Item: [{ Id: 'e' }, { Id: 'f' }] } });
const events = new PutEventsCommand({ ApplicationId: APP_ID, EventsRequest: { BatchItem: {} } });

describe('permissions', () => {
  test('each operation has its own resource, and a denial is recorded', async () => {
    await start({ statements: [{ Effect: 'Allow', Action: 'mobiletargeting:*', Resource: ARN }] });
    const client = pinpoint.clientOf(ROLE);
    await client.send(batch);
    await expect(client.send(events)).rejects.toMatchObject({
      name: 'AccessDeniedException', message: `User: ${ROLE} is not authorized to perform: mobiletargeting:PutEvents on resource: ${ARN}/events`,
    });
    const get = client.send(new GetEndpointCommand({ ApplicationId: APP_ID, EndpointId: 'e/1' }));
    await expect(get).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
    expect(pinpoint.recorder.denied).toEqual([
      { construct: ROLE, action: 'mobiletargeting:PutEvents', resource: `${ARN}/events` },
      { construct: ROLE, action: 'mobiletargeting:GetEndpoint', resource: `${ARN}/endpoints/e/1` },
    ]);
  });

  test('a policy that we can\'t evaluate is an error of the run, not an answer of the service', async () => {
    await start({ statements: [{ Effect: 'Allow', Action: '*', Resource: '*', Condition: { DateLessThan: { 'aws:CurrentTime': '2030-01-01' } } }] });
    await expect(pinpoint.clientOf(ROLE).send(batch)).rejects.toMatchObject({ $metadata: { httpStatusCode: 501 } });
    expect(pinpoint.recorder.errors.map(({ message }) => message)).toEqual(['condition operator DateLessThan is not evaluated by the local run']);
  });

  test('a key that we did not issue', async () => {
    await start();
    const response = await fetch(`${pinpoint.gateway.url}/v1/apps/${APP_ID}`);
    expect([response.status, response.headers.get('x-amzn-errortype')]).toEqual([403, 'UnrecognizedClientException']);
  });

  test('a presigned request', async () => {
    await start();
    const { accessKeyId } = pinpoint.keys.issue({ construct: 'local' });
    const credential = encodeURIComponent(`${accessKeyId}/20261123/us-east-1/mobiletargeting/aws4_request`);
    expect((await fetch(`${pinpoint.gateway.url}/v1/apps/${APP_ID}?X-Amz-Credential=${credential}`)).status).toBe(200);
  });
});

test('what is not emulated is refused by name', async () => {
  await start();
  const call = pinpoint.client.send(new GetSegmentsCommand({ ApplicationId: APP_ID }));
  await expect(call).rejects.toMatchObject({ message: 'pinpoint GetSegments is not emulated by the local run', $metadata: { httpStatusCode: 501 } });
  expect(pinpoint.recorder.refused).toEqual([{ construct: 'local', service: 'pinpoint', operation: 'GetSegments' }]);
});

test('the path and the body may be anything', async () => {
  await start();
  const { accessKeyId } = pinpoint.keys.issue({ construct: 'local' });
  const send = async (path: string, body: string) => {
    const headers = { authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20261123/us-east-1/mobiletargeting/aws4_request, Signature=x` };
    const response = await fetch(`${pinpoint.gateway.url}${path}`, { method: 'PUT', body, headers });
    return [response.status, ((await response.json()) as { Message: string }).Message];
  };
  const endpoints = `/v1/apps/${APP_ID}/endpoints`;
  expect(await send(endpoints, 'not JSON')).toEqual([400, 'EndpointBatchRequest: missing, or not JSON']);
  expect(await send(endpoints, '[]')).toEqual([400, 'EndpointBatchRequest: expected an object, got []']);
  expect(await send(endpoints, '{"Item":[],"Items":[]}')).toEqual([400, 'EndpointBatchRequest.Items: unknown member']);
  expect(await send(endpoints, '{"Item":[{"Id":null}]}')).toEqual([400, 'EndpointBatchRequest.Item[0].Id: expected a string, got null']);
  expect(await send('/v1/%zz', '')).toEqual([400, 'the path is not valid percent-encoding']);
});

test('calls are recorded', async () => {
  await start();
  await pinpoint.client.send(batch);
  await expect(pinpoint.client.send(new GetEndpointCommand({ ApplicationId: APP_ID, EndpointId: 'none' }))).rejects.toThrow();
  const call = { construct: 'local', service: 'pinpoint', startMs: expect.any(Number), endMs: expect.any(Number) };
  expect(pinpoint.recorder.calls).toEqual([
    { ...call, operation: 'UpdateEndpointsBatch', items: 2, bytes: 32, status: 202 },
    { ...call, operation: 'GetEndpoint', items: 1, bytes: 0, status: 404 },
  ]);
});

describe('faults', () => {
  test.each([
    ['429', 'TooManyRequestsException'], ['500', 'InternalServerErrorException'], ['403', 'ForbiddenException'], ['503', 'ServiceUnavailable'],
  ])('%s is %s', async (status, name) => {
    await start({ faults: parseFaults(`UpdateEndpointsBatch:${status}x2`) });
    await expect(pinpoint.client.send(batch)).rejects.toMatchObject({ name, $metadata: { httpStatusCode: Number(status) } });
    await expect(pinpoint.client.send(batch)).rejects.toMatchObject({ name });
    expect(pinpoint.app.endpoints).toEqual({});
    await pinpoint.client.send(batch);
    expect(Object.keys(pinpoint.app.endpoints)).toEqual(['e', 'f']);
  });

  test('reset breaks the connection', async () => {
    await start({ faults: parseFaults('PutEvents:reset') });
    await expect(pinpoint.client.send(events)).rejects.toThrow('socket hang up');
    expect(pinpoint.recorder.calls).toMatchObject([{ operation: 'PutEvents', status: 0 }]);
  });

  test('timeout holds the answer back until the client gives up', async () => {
    await start({ faults: parseFaults('PutEvents:timeout') });
    await expect(pinpoint.client.send(events, { abortSignal: AbortSignal.timeout(100) })).rejects.toMatchObject({ name: 'AbortError' });
    await pinpoint.client.send(events);
    expect(pinpoint.recorder.calls.map(({ status }) => status)).toEqual([0, 202]);
  });

  test('closing the gateway ends what is held back', async () => {
    await start({ faults: parseFaults('PutEvents:timeout') });
    const held = expect(pinpoint.client.send(events)).rejects.toThrow('socket hang up');
    while (pinpoint.gateway.held === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await pinpoint.gateway.close();
    await held;
  });
});

test('the published rates', async () => {
  let ms = 0;
  await start({ quota: pinpointQuota(() => ms) });
  await Promise.all([pinpoint.client.send(batch), pinpoint.client.send(batch)]);
  await expect(pinpoint.client.send(batch)).rejects.toMatchObject({ name: 'TooManyRequestsException', $metadata: { httpStatusCode: 429 } });
  await pinpoint.client.send(events);
  ms = 499;
  await expect(pinpoint.client.send(batch)).rejects.toMatchObject({ name: 'TooManyRequestsException' });
  ms = 500;
  await pinpoint.client.send(batch);
});
