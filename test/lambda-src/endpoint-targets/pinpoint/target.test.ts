import { DeleteUserEndpointsCommand, GetUserEndpointsCommand, NotFoundException, PutEventsCommand, UpdateEndpointsBatchCommand } from '@aws-sdk/client-pinpoint';
import { serviceError, transportError } from '../../support/errors';
import { deleteOf, identifyOf, profiles, trackOf } from '../../support/plans';
import { acceptAll, apply, callsOf, createTarget, mockPinpoint } from '../../support/target';

const pinpoint = mockPinpoint();
const mail = (user: string, extra: object = {}) => identifyOf(user, { email: `${user}@example.com`, ...extra });
const notFound = new NotFoundException({ $metadata: { httpStatusCode: 404 }, message: 'no such user', Message: undefined, RequestID: undefined } as any);

test('endpoints go first, then events, then deletions; each call has exactly what it should', async () => {
  acceptAll(pinpoint);
  const { outcomes, counts } = await apply(createTarget(), profiles(mail('u', { plan: 'gold' }), trackOf('u', 'bought'), mail('u', { plan: 'gold2' }), deleteOf('v')));
  expect(outcomes).toEqual(['done', 'done', 'done', 'done']);
  expect(callsOf(pinpoint)).toEqual(['GetUserEndpoints u', 'UpdateEndpointsBatch u:EMAIL', 'PutEvents u:EMAIL=u-bought', 'DeleteUserEndpoints v']);
  expect(pinpoint.commandCalls(UpdateEndpointsBatchCommand)[0].args[0].input).toEqual({ ApplicationId: 'app1', EndpointBatchRequest: { Item: [
    { Id: 'u:EMAIL', Address: 'u@example.com', ChannelType: 'EMAIL', EndpointStatus: 'ACTIVE', User: { UserId: 'u', UserAttributes: { plan: ['gold2'] } } },
  ] } });
  expect(pinpoint.commandCalls(PutEventsCommand)[0].args[0].input).toEqual({ ApplicationId: 'app1', EventsRequest: { BatchItem: { 'u:EMAIL': {
    Endpoint: { Address: 'u@example.com', ChannelType: 'EMAIL', OptOut: 'NONE', User: { UserId: 'u' } },
    Events: { 'u-bought': { EventType: 'bought', SdkName: 'cdk-cdp-engagement', Timestamp: '2026-11-23T10:00:00.000Z' } } } } } });
  expect(counts).toEqual({ EndpointsAccepted: 1, EndpointsCoalesced: 1, EventsAccepted: 1 });
});

test('nothing to do, no call', async () => {
  expect(await apply(createTarget(), [])).toEqual({ outcomes: [], counts: {} });
  expect(pinpoint.calls()).toHaveLength(0);
});

test('a hundred endpoints a request', async () => {
  acceptAll(pinpoint);
  await apply(createTarget(), profiles(...Array.from({ length: 201 }, (_, index) => mail(`u${index}`))));
  expect(pinpoint.commandCalls(UpdateEndpointsBatchCommand).map(({ args }) => args[0].input.EndpointBatchRequest?.Item?.length)).toEqual([100, 100, 1]);
});

describe('look-ups', () => {
  test('a user that the service does not know has no endpoints', async () => {
    acceptAll(pinpoint);
    pinpoint.on(GetUserEndpointsCommand).rejects(notFound);
    expect((await apply(createTarget(), profiles(trackOf('u')))).outcomes).toEqual(['done']);
    expect(callsOf(pinpoint)).toEqual(['GetUserEndpoints u', 'PutEvents u:CUSTOM=u-e']);
  });

  test('are not made when they are switched off', async () => {
    acceptAll(pinpoint);
    await apply(createTarget({ lookUpEndpoints: false }), profiles(trackOf('u'), identifyOf('v', { plan: 'x' })));
    expect(callsOf(pinpoint)).toEqual(['UpdateEndpointsBatch v:CUSTOM', 'PutEvents u:EMAIL=u-e']);
  });

  test.each([['429', serviceError(429)], ['500', serviceError(500)], ['a time-out', transportError('TimeoutError')]])('%s: that user waits, with all that follows; others don\'t', async (_, error) => {
    acceptAll(pinpoint);
    pinpoint.on(GetUserEndpointsCommand, { UserId: 'u' }).rejects(error);
    const { outcomes } = await apply(createTarget(), profiles(trackOf('u'), mail('u'), trackOf('v'), deleteOf('u'), mail('u')));
    expect(outcomes).toEqual(['retry LookUpFailed', 'retry LookUpFailed', 'done', 'retry Postponed', 'retry LookUpFailed']);
    expect(callsOf(pinpoint).filter((call) => !call.startsWith('Get'))).toEqual(['PutEvents v:CUSTOM=v-e']);
  });

  test('a user that can\'t be asked for doesn\'t wait for ever: the write tells what is wrong', async () => {
    acceptAll(pinpoint);
    pinpoint.on(GetUserEndpointsCommand).rejects(serviceError(400));
    pinpoint.on(UpdateEndpointsBatchCommand).rejects(serviceError(400));
    expect((await apply(createTarget(), profiles(identifyOf('u', { plan: 'x' })))).outcomes).toEqual(['rejected BadRequestException']);
  });

  test('403 is the deployment\'s fault', async () => {
    pinpoint.on(GetUserEndpointsCommand).rejects(serviceError(403));
    await expect(apply(createTarget(), profiles(trackOf('u')))).rejects.toThrow('refuses this deployment');
  });

  test('take half of the time at most, so that the rest gets done', async () => {
    acceptAll(pinpoint);
    pinpoint.on(GetUserEndpointsCommand, { UserId: 'slow' }).callsFake(() => new Promise(() => undefined));
    const { outcomes } = await apply(createTarget(), profiles(mail('u'), trackOf('slow')), 200);
    expect(outcomes).toEqual(['done', 'retry LookUpFailed']);
  });

  test('an answer that is older than our own last write doesn\'t undo it', async () => {
    acceptAll(pinpoint);
    const target = createTarget();
    await apply(target, profiles(mail('u')));
    pinpoint.on(GetUserEndpointsCommand).resolves({ EndpointsResponse: { Item: [{ Id: 'u:EMAIL', ChannelType: 'EMAIL', Address: 'stale@example.com', OptOut: 'ALL' }] } });
    await apply(target, profiles(trackOf('u')));
    expect(pinpoint.commandCalls(PutEventsCommand)[0].args[0].input.EventsRequest?.BatchItem?.['u:EMAIL'].Endpoint).toMatchObject({ Address: 'u@example.com', OptOut: 'ALL' });
  });

  test('nor what an event has brought; but an opt-out that the user has made since is seen', async () => {
    acceptAll(pinpoint);
    const target = createTarget();
    const answer = (extra: object) => pinpoint.on(GetUserEndpointsCommand)
      .resolves({ EndpointsResponse: { Item: [{ Id: 'u:EMAIL', ChannelType: 'EMAIL', Address: 'old@example.com', OptOut: 'NONE', ...extra }] } });
    answer({});
    await apply(target, profiles(trackOf('u', 'a', { context: { traits: { email: 'new@example.com' } } })));
    answer({ OptOut: 'ALL' });
    await apply(target, profiles(trackOf('u', 'b')));
    const sent = pinpoint.commandCalls(PutEventsCommand).map(({ args }) => args[0].input.EventsRequest?.BatchItem?.['u:EMAIL'].Endpoint);
    expect(sent).toMatchObject([{ Address: 'new@example.com', OptOut: 'NONE' }, { Address: 'new@example.com', OptOut: 'ALL' }]);
  });

  test('what was written before a deletion is forgotten with it', async () => {
    acceptAll(pinpoint);
    const target = createTarget();
    await apply(target, profiles(identifyOf('u', { phone: '+12065550100', email: 'old@example.com' })));
    await apply(target, profiles(deleteOf('u')));
    pinpoint.on(GetUserEndpointsCommand).resolves({ EndpointsResponse: { Item: [{ Id: 'u:EMAIL', ChannelType: 'EMAIL', Address: 'new@example.com', OptOut: 'NONE' }] } });
    await apply(target, profiles(trackOf('u')));
    expect(pinpoint.commandCalls(PutEventsCommand)[0].args[0].input.EventsRequest?.BatchItem?.['u:EMAIL'].Endpoint).toMatchObject({ Address: 'new@example.com' });
  });
});

describe('per-user order', () => {
  test('an endpoint that has to be retried keeps the user\'s event and deletion waiting, nobody else\'s', async () => {
    acceptAll(pinpoint);
    pinpoint.on(UpdateEndpointsBatchCommand).rejects(serviceError(500));
    const known = { EndpointsResponse: { Item: [{ Id: 'w', ChannelType: 'EMAIL' as const, Address: 'w@example.com' }] } };
    pinpoint.on(GetUserEndpointsCommand, { UserId: 'w' }).resolves(known);
    const { outcomes } = await apply(createTarget(), profiles(mail('u'), trackOf('u'), trackOf('w'), deleteOf('u'), deleteOf('w'), mail('u')));
    expect(outcomes).toEqual(['retry InternalServerErrorException', 'retry Postponed', 'done', 'retry Postponed', 'done', 'retry Postponed']);
  });

  test('an event that has to be retried keeps the deletion waiting', async () => {
    acceptAll(pinpoint);
    pinpoint.on(PutEventsCommand).rejects(serviceError(503));
    expect((await apply(createTarget(), profiles(trackOf('u'), deleteOf('u')))).outcomes).toEqual(['retry UnknownError', 'retry Postponed']);
  });

  test('a rejected endpoint keeps nobody waiting', async () => {
    acceptAll(pinpoint);
    pinpoint.on(UpdateEndpointsBatchCommand).rejects(serviceError(400));
    expect((await apply(createTarget(), profiles(mail('u'), trackOf('u')))).outcomes).toEqual(['rejected BadRequestException', 'done']);
  });

  test.each<[string, Error, string]>([['400', serviceError(400), 'rejected BadRequestException'], ['429', serviceError(429), 'retry TooManyRequestsException'], ['404', notFound, 'dropped UnknownUser']])(
    'a deletion that ends with %s', async (_, error, expected) => {
      pinpoint.on(DeleteUserEndpointsCommand).rejects(error);
      expect((await apply(createTarget(), profiles(deleteOf('u')))).outcomes).toEqual([expected]);
    });
});

describe('the lane of events', () => {
  const events = () => createTarget({ endpointWrites: 'events' });
  const batches = () => pinpoint.commandCalls(PutEventsCommand).map(({ args }) => args[0].input.EventsRequest?.BatchItem);

  test('an endpoint change is an event, the same at every delivery', async () => {
    acceptAll(pinpoint);
    for (const target of [events(), events()]) expect((await apply(target, profiles(mail('u'), mail('u', { plan: 'x' })))).outcomes).toEqual(['done', 'done']);
    const [first, second] = batches();
    expect(first).toEqual({ 'u:EMAIL': {
      Endpoint: { Address: 'u@example.com', ChannelType: 'EMAIL', EndpointStatus: 'ACTIVE', User: { UserId: 'u', UserAttributes: { plan: ['x'] } } },
      Events: { [Object.keys(first!['u:EMAIL'].Events!)[0]]: { EventType: 'cdp.endpoint_update', SdkName: 'cdk-cdp-engagement', Timestamp: '2026-11-23T10:00:00.000Z' } } } });
    expect(second).toEqual(first);
    expect(pinpoint.commandCalls(UpdateEndpointsBatchCommand)).toHaveLength(0);
  });

  test('endpoints before events, with results per item', async () => {
    acceptAll(pinpoint);
    const { outcomes, counts } = await apply(events(), profiles(mail('u'), trackOf('u')));
    expect(outcomes).toEqual(['done', 'done']);
    expect(batches()).toHaveLength(2);
    expect(counts).toMatchObject({ EndpointsAccepted: 1, EventsAccepted: 1 });
  });

  test('a refused endpoint is rejected alone', async () => {
    const resultOf = ([id, { Events }]: [string, any]) => [id, {
      EndpointItemResponse: { StatusCode: id === 'v:EMAIL' ? 400 : 202 }, EventsItemResponse: { [Object.keys(Events)[0]]: { StatusCode: 202 } },
    }];
    pinpoint.on(PutEventsCommand).callsFake(({ EventsRequest }: any) =>
      ({ EventsResponse: { Results: Object.fromEntries(Object.entries<any>(EventsRequest.BatchItem).map(resultOf)) } }));
    expect((await apply(events(), profiles(mail('u'), mail('v'), mail('w')))).outcomes).toEqual(['done', 'rejected EventRefused400', 'done']);
  });
});

test('when time is up, what is not done is to be retried', async () => {
  acceptAll(pinpoint);
  pinpoint.on(UpdateEndpointsBatchCommand).callsFake(() => new Promise(() => undefined));
  const start = Date.now();
  const { outcomes } = await apply(createTarget(), profiles(mail('u'), trackOf('u'), deleteOf('u')), 150);
  expect(outcomes).toEqual(['retry OutOfTime', 'retry Postponed', 'retry Postponed']);
  expect(Date.now() - start).toBeLessThan(1_000);
});
