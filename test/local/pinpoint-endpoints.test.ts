import {
  DeleteEndpointCommand, DeleteUserEndpointsCommand, EndpointBatchItem, EndpointResponse$, GetAppCommand, GetEndpointCommand,
  GetUserEndpointsCommand, UpdateEndpointCommand,
} from '@aws-sdk/client-pinpoint';
import { APP_ID, Harness, NOW, startPinpoint } from './pinpoint-harness';
import { ENDPOINT_LIMITS } from '../../local/services/pinpoint/limits';
import { validate } from '../../local/services/pinpoint/validate';
import { shapeOf } from '../../local/services/sdk-model';

let pinpoint: Harness;
beforeEach(async () => { pinpoint = await startPinpoint(); });
afterEach(() => pinpoint.close());

const repeat = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, index) => make(index));
const named = (count: number, prefix = 'n') => Object.fromEntries(repeat(count, (index) => [`${prefix}${index}`, ['v']]));
const badRequest = (message: string) => ({ name: 'BadRequestException', message: expect.stringContaining(message), RequestID: expect.any(String) });

describe('merge', () => {
  test('a name that is given is replaced, [] clears it, a name that is not mentioned stays', async () => {
    await pinpoint.batch({ Id: 'e', Attributes: { color: ['red', 'blue'], size: ['L'], city: ['Oslo'] }, Metrics: { a: 1, b: 2 } });
    await pinpoint.batch({ Id: 'e', Attributes: { color: ['green'], size: [] }, Metrics: { b: 3 } });
    expect(pinpoint.app.endpoints.e).toMatchObject({ Attributes: { color: ['green'], size: [], city: ['Oslo'] }, Metrics: { a: 1, b: 3 } });
  });

  test('user attributes are shared by all endpoints of the user', async () => {
    await pinpoint.batch({ Id: 'mail', User: { UserId: 'u', UserAttributes: { plan: ['free'], lang: ['no'] } } });
    await pinpoint.batch({ Id: 'sms', User: { UserId: 'u', UserAttributes: { plan: ['pro'] } } });
    const expected = { UserId: 'u', UserAttributes: { plan: ['pro'], lang: ['no'] } };
    expect([pinpoint.app.endpoints.mail?.User, pinpoint.app.endpoints.sms?.User]).toEqual([expected, expected]);
  });

  test('ids are not case-sensitive; the first spelling stays', async () => {
    await pinpoint.batch({ Id: 'Ann', Attributes: { a: ['1'] } }, { Id: 'ANN', Attributes: { b: ['2'] } });
    const { EndpointResponse } = await pinpoint.client.send(new GetEndpointCommand({ ApplicationId: APP_ID, EndpointId: 'ann' }));
    expect(EndpointResponse).toMatchObject({ Id: 'Ann', Attributes: { a: ['1'], b: ['2'] } });
    expect(Object.keys(pinpoint.app.endpoints)).toEqual(['Ann']);
  });

  test('without an address OptOut is ALL until NONE is sent with or after one', async () => {
    const steps: EndpointBatchItem[] = [{ OptOut: 'NONE' }, { Address: 'a@example.com', ChannelType: 'EMAIL' }, { OptOut: 'NONE' }];
    const seen: unknown[] = [];
    for (const step of steps) {
      await pinpoint.batch({ Id: 'e', ...step });
      seen.push(pinpoint.app.endpoints.e?.OptOut);
    }
    expect(seen).toEqual(['ALL', 'ALL', 'NONE']);
    await pinpoint.batch({ Id: 'f', Address: 'f@example.com' });
    expect(pinpoint.app.endpoints.f?.OptOut).toBe('NONE');
  });

  test('an address that another endpoint takes over makes the first one INACTIVE, an update makes it ACTIVE again', async () => {
    await pinpoint.batch({ Id: 'old', Address: '+4712345678' }, { Id: 'new', Address: '+4712345678' });
    expect([pinpoint.app.endpoints.old?.EndpointStatus, pinpoint.app.endpoints.new?.EndpointStatus]).toEqual(['INACTIVE', 'ACTIVE']);
    await pinpoint.batch({ Id: 'old', Address: '+4787654321' });
    expect([pinpoint.app.endpoints.old?.EndpointStatus, pinpoint.app.endpoints.new?.EndpointStatus]).toEqual(['ACTIVE', 'ACTIVE']);
  });

  test('what the service adds', async () => {
    await pinpoint.batch({ Id: 'e' });
    expect(pinpoint.app.endpoints.e).toEqual({
      Id: 'e',
      ApplicationId: APP_ID,
      CreationDate: NOW,
      EffectiveDate: NOW,
      EndpointStatus: 'ACTIVE',
      OptOut: 'ALL',
      CohortId: expect.stringMatching(/^\d{1,2}$/),
      RequestId: expect.any(String),
    });
    validate(shapeOf(EndpointResponse$), pinpoint.app.endpoints.e, 'e');
    await pinpoint.batch({ Id: 'e', EffectiveDate: '2026-01-01T00:00:00Z', RequestId: 'mine', EndpointStatus: 'INACTIVE' });
    expect(pinpoint.app.endpoints.e).toMatchObject(
      { CreationDate: NOW, EffectiveDate: '2026-01-01T00:00:00Z', RequestId: 'mine', EndpointStatus: 'INACTIVE' });
  });
});

describe('limits', () => {
  const text = (length: number) => 'x'.repeat(length);
  /** An endpoint of exactly so many bytes of JSON without its id. */
  const sized = (bytes: number): EndpointBatchItem => ({ Address: text(bytes - '{"Address":""}'.length) });

  const cases: [string, (extra: number) => EndpointBatchItem[], string][] = [
    ['items per batch', (extra) => repeat(ENDPOINT_LIMITS.itemsPerBatch + extra, (i) => ({ Id: `e${i}` })), 'more than 100 endpoints'],
    ['bytes per endpoint', (extra) => [{ Id: 'e', ...sized(ENDPOINT_LIMITS.endpointBytes + extra) }], 'larger than 15360 bytes'],
    ['names per application', (extra) => [
      { Id: 'e', Attributes: named(200) },
      { Id: 'f', Metrics: { m: 1 }, User: { UserAttributes: named(49 + extra, 'u') } },
    ], 'Too many custom attributes'],
    ['name length', (extra) => [{ Id: 'e', Attributes: { [text(50 + extra)]: ['v'] } }], 'a name must have 1 to 50 characters'],
    ['metric name length', (extra) => [{ Id: 'e', Metrics: { [text(50 + extra)]: 1 } }], 'a name must have 1 to 50 characters'],
    ['value length', (extra) => [{ Id: 'e', User: { UserAttributes: { a: [text(100 + extra)] } } }], 'longer than 100 characters'],
    ['values per attribute', (extra) => [{ Id: 'e', Attributes: { a: repeat(50 + extra, String) } }], 'more than 50 values'],
    ['endpoints per user', (extra) => repeat(15 + extra, (i) => ({ Id: `e${i}`, ChannelType: 'EMAIL' as const, User: { UserId: 'u' } })), 'Exceeded maximum endpoint per user count: 15'],
    ['Demographic.Model', (extra) => [{ Id: 'e', Demographic: { Model: text(100 + extra) } }], 'Demographic.Model: longer than 100'],
    ['Location.City', (extra) => [{ Id: 'e', Location: { City: text(75 + extra) } }], 'Location.City: longer than 75'],
  ];

  test.each(cases)('%s: n is taken, n + 1 is refused as a whole', async (_, items, message) => {
    await expect(pinpoint.batch(...items(1))).rejects.toMatchObject(badRequest(message));
    expect(pinpoint.app.endpoints).toEqual({});
    await pinpoint.batch(...items(0));
    expect(Object.keys(pinpoint.app.endpoints)).toHaveLength(items(0).length);
  });

  test('bytes per batch', async () => {
    const big = repeat(100, (i) => ({ Id: `e${i}`, Address: text(74_000) }));
    await expect(pinpoint.batch(...big)).rejects.toMatchObject({ name: 'PayloadTooLargeException' });
  });

  test('many small updates can\'t make an endpoint larger than the limit', async () => {
    const values = repeat(50, () => text(100));
    await pinpoint.batch({ Id: 'e', Attributes: { a: values, b: values } });
    await expect(pinpoint.batch({ Id: 'e', Attributes: { c: values } })).rejects.toMatchObject(badRequest('the endpoint is larger'));
  });

  test('a 16th push endpoint takes the place of the oldest push endpoint', async () => {
    const endpoints = repeat(15, (i) => ({
      Id: `e${i}`,
      ChannelType: i < 2 ? 'EMAIL' as const : 'GCM' as const,
      EffectiveDate: `2026-01-${String(20 - i).padStart(2, '0')}T00:00:00Z`,
      User: { UserId: 'u' },
    }));
    await pinpoint.batch(...endpoints);
    await pinpoint.batch({ Id: 'new', ChannelType: 'APNS', User: { UserId: 'u' } });
    expect(pinpoint.app.endpoints.e14).toMatchObject({ EndpointStatus: 'INACTIVE' });
    expect(pinpoint.app.endpoints.e14?.User).toBeUndefined();
    expect(pinpoint.app.ofUser('u').map(({ Id }) => Id)).toEqual([...repeat(14, (i) => `e${i}`), 'new']);
  });

  test.each<[string, EndpointBatchItem]>([
    ['Item[0].Id', {}],
    ['Item[0].Id', { Id: 'a{b' }],
    ['Item[0].User.UserId', { Id: 'e', User: { UserId: 'a$b' } }],
    ['Item[0].Location', { Id: 'e', Location: { Latitude: 1 } }],
    ['Item[0].Location.Country', { Id: 'e', Location: { Country: 'Norway' } }],
    ['Item[0].EffectiveDate', { Id: 'e', EffectiveDate: '2026-01-01T00:00:00' }],
    ['EndpointBatchRequest.Item[0].ChannelType', { Id: 'e', ChannelType: 'MAIL' as 'EMAIL' }],
    ['EndpointBatchRequest.Item[0].OptOut', { Id: 'e', OptOut: 'YES' }],
    ['EndpointBatchRequest.Item[0].Attributes.a[0]', { Id: 'e', Attributes: { a: [1 as unknown as string] } }],
    ['EndpointBatchRequest.Item[0].Metrics.m', { Id: 'e', Metrics: { m: NaN } }],
  ])('%s of %j is refused', async (message, item) => {
    await expect(pinpoint.batch(item, { Id: 'good' })).rejects.toMatchObject(badRequest(message));
    expect(pinpoint.app.endpoints).toEqual({});
  });
});

describe('the other operations', () => {
  test('UpdateEndpoint, GetEndpoint, DeleteEndpoint, with an id that needs encoding', async () => {
    const ids = { ApplicationId: APP_ID, EndpointId: 'a/b é' };
    const updated = await pinpoint.client.send(new UpdateEndpointCommand({ ...ids, EndpointRequest: { Address: 'x' } }));
    expect(updated).toMatchObject({ $metadata: { httpStatusCode: 202 }, MessageBody: { Message: 'Accepted', RequestID: expect.any(String) } });
    expect((await pinpoint.client.send(new GetEndpointCommand(ids))).EndpointResponse?.Id).toBe('a/b é');
    expect((await pinpoint.client.send(new DeleteEndpointCommand(ids))).EndpointResponse?.Address).toBe('x');
    await expect(pinpoint.client.send(new GetEndpointCommand(ids))).rejects.toMatchObject({ name: 'NotFoundException' });
  });

  test('GetUserEndpoints, DeleteUserEndpoints; the attributes go with the last endpoint', async () => {
    const user = { ApplicationId: APP_ID, UserId: 'u' };
    await pinpoint.batch({ Id: 'a', User: { UserId: 'u', UserAttributes: { x: ['1'] } } }, { Id: 'b', User: { UserId: 'u' } });
    expect((await pinpoint.client.send(new GetUserEndpointsCommand(user))).EndpointsResponse?.Item).toHaveLength(2);
    expect((await pinpoint.client.send(new DeleteUserEndpointsCommand(user))).EndpointsResponse?.Item).toHaveLength(2);
    await expect(pinpoint.client.send(new GetUserEndpointsCommand(user))).rejects.toMatchObject({ name: 'NotFoundException' });
    await pinpoint.batch({ Id: 'c', User: { UserId: 'u' } });
    expect(pinpoint.app.endpoints.c?.User).toEqual({ UserId: 'u' });
    await pinpoint.batch({ Id: 'c', User: { UserId: 'v', UserAttributes: { x: ['2'] } } }, { Id: 'c', User: { UserId: 'w' } });
    await pinpoint.batch({ Id: 'c', User: { UserId: 'v' } });
    expect(pinpoint.app.endpoints.c?.User).toEqual({ UserId: 'v' });
  });

  test('GetApp, and an application that there is not', async () => {
    const { ApplicationResponse } = await pinpoint.client.send(new GetAppCommand({ ApplicationId: APP_ID }));
    expect(ApplicationResponse).toMatchObject({ Id: APP_ID, Name: APP_ID, Arn: `arn:aws:mobiletargeting:us-east-1:111122223333:apps/${APP_ID}` });
    await expect(pinpoint.client.send(new GetAppCommand({ ApplicationId: 'other' }))).rejects.toMatchObject({ name: 'NotFoundException' });
  });
});
