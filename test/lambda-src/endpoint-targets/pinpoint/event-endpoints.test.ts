import { mapping, OPT_OUT } from '../../support/mapping';
import { changesOf, identifyOf, Known, plan, trackOf } from '../../support/plans';

const changes = (...bodies: object[]) => changesOf('segment', bodies, mapping(OPT_OUT));
const events = (known: Known, ...bodies: object[]) => plan(changes(...bodies), known).stages.flatMap((stage) => stage.events);
const withTraits = (traits: object, event = 'e') => trackOf('u', event, { context: { traits } });
const known = (Id: string, ChannelType: string, extra: object = {}) => ({ Id, ChannelType: ChannelType as 'SMS', Address: `address of ${Id}`, OptOut: 'NONE', EndpointStatus: 'ACTIVE', ...extra });

describe('the endpoint that carries an event', () => {
  test.each<[string, object[], string]>([
    ['of the first channel in the order of preference', [known('s', 'SMS'), known('e', 'EMAIL'), known('g', 'GCM')], 'e'],
    ['of a channel without preference, when there is no other', [known('c', 'CUSTOM')], 'c'],
    ['not an inactive one', [known('e', 'EMAIL', { EndpointStatus: 'INACTIVE' }), known('s', 'SMS')], 's'],
    ['not one without an address', [known('e', 'EMAIL', { Address: undefined }), known('s', 'SMS')], 's'],
    ['an opted-out one as well: a journey decides', [known('e', 'EMAIL', { OptOut: 'ALL' })], 'e'],
    ['a placeholder, when the user has none', [], 'u:CUSTOM'],
    ['a placeholder, when all are inactive', [known('e', 'EMAIL', { EndpointStatus: 'INACTIVE' })], 'u:CUSTOM'],
  ])('is %s', (_, endpoints, id) => {
    expect(events({ u: endpoints as Known[''] }, trackOf('u'))).toMatchObject([{ endpointId: id }]);
  });

  test('travels with what a journey needs to take it, and nothing that could undo a change', () => {
    expect(events({ u: [known('e', 'EMAIL', { OptOut: 'ALL', Attributes: { a: ['b'] } })] }, trackOf('u'))).toEqual([{
      endpointId: 'e', eventId: 'u-e', event: { EventType: 'e', SdkName: 'cdk-cdp-engagement', Timestamp: '2026-11-23T10:00:00.000Z' },
      endpoint: { Address: 'address of e', ChannelType: 'EMAIL', OptOut: 'ALL', User: { UserId: 'u' } },
    }]);
  });

  test('is what the batch itself brings, whether before or after', () => {
    const identify = identifyOf('u', { email: 'a@example.com', unsubscribed: true });
    const endpoint = { Address: 'a@example.com', ChannelType: 'EMAIL', OptOut: 'ALL', User: { UserId: 'u' } };
    for (const bodies of [[identify, trackOf('u')], [trackOf('u'), identify]]) expect(events({ u: [] }, ...bodies)).toMatchObject([{ endpointId: 'u:EMAIL', endpoint }]);
  });

  test('may come with the event; one that is new is opted in, as the service does it', () => {
    expect(events({ u: [] }, withTraits({ email: 'a@example.com' }))).toMatchObject(
      [{ endpointId: 'u:EMAIL', endpoint: { Address: 'a@example.com', ChannelType: 'EMAIL', OptOut: 'NONE' } }]);
    expect(events({ u: [known('u:EMAIL', 'EMAIL', { OptOut: 'ALL' })] }, withTraits({ email: 'a@example.com' }))).toMatchObject([{ endpoint: { Address: 'a@example.com', OptOut: 'ALL' } }]);
    expect(events({}, withTraits({ email: 'a@example.com', unsubscribed: true }))).toMatchObject([{ endpoint: { Address: 'a@example.com', OptOut: 'ALL' } }]);
  });

  test('an event that comes with consent writes it where it belongs, also when another endpoint carries the event', () => {
    const [stage] = plan(changes(withTraits({ phone: '+12065550100', unsubscribed: false })), { u: [known('u:EMAIL', 'EMAIL')] }).stages;
    expect(stage.endpoints).toMatchObject([{ Id: 'u:SMS', Address: '+12065550100', OptOut: 'NONE' }]);
    expect(stage.events).toHaveLength(1);
  });

  test.each<[string, object[], object]>([
    ['an opt-out', [withTraits({ email: 'a@example.com', unsubscribed: false }), identifyOf('u', { email: 'a@example.com', unsubscribed: true }),
      identifyOf('u', { email: 'a@example.com' })], { Address: 'a@example.com', OptOut: 'ALL' }],
    ['an address', [withTraits({ email: 'old@example.com' }), identifyOf('u', { email: 'new@example.com' }), identifyOf('u', { unsubscribed: true })],
      { Address: 'new@example.com', OptOut: 'ALL' }],
  ])('%s that came after the event is not undone by it, whatever comes still later', (_, bodies, endpoint) => {
    expect(events({ u: [] }, ...bodies)).toMatchObject([{ endpointId: 'u:EMAIL', endpoint }]);
  });

  describe('an opt-out that comes with it', () => {
    const all = [known('u:EMAIL', 'EMAIL'), known('u:SMS', 'SMS')];
    const subscription = (type: string, status: string) => trackOf('u', 'e', { context: { messaging_subscriptions: [{ type, status }] } });
    const written = (body: object, endpoints: Known[string] = all) => {
      const { stages: [stage], outcomes, cuts } = plan(changes(body), { u: endpoints });
      return { written: stage.endpoints.map(({ Id, OptOut }) => [Id, OptOut]), carried: stage.events.map(({ endpoint }) => endpoint.OptOut), outcomes, cuts };
    };

    test.each<[string, object, string[]]>([
      ['from everything, without an address: for all endpoints of the user', withTraits({ unsubscribed: true }), ['u:EMAIL', 'u:SMS']],
      ['from everything, with an address: for the others too', withTraits({ email: 'a@example.com', unsubscribed: true }), ['u:EMAIL', 'u:SMS']],
      ['from a channel, without an address: for its endpoints', subscription('EMAIL', 'UNSUBSCRIBED'), ['u:EMAIL']],
    ])('%s', (_, body, ids) => {
      expect(written(body)).toEqual({ written: ids.map((id) => [id, 'ALL']), carried: ['ALL'], outcomes: {}, cuts: [] });
    });

    test('of a user without endpoints is kept for the first addresses to come, or on the one that comes along', () => {
      expect(written(withTraits({ unsubscribed: true }), []).written).toEqual([['u:EMAIL', 'ALL'], ['u:SMS', 'ALL'], ['u:CUSTOM', 'ALL']]);
      expect(written(withTraits({ email: 'a@example.com', unsubscribed: true }), []).written).toEqual([['u:EMAIL', 'ALL']]);
    });

    test('from a channel that the user does not have is kept for its first address, if that can be told', () => {
      expect(written(subscription('SMS', 'UNSUBSCRIBED'), all.slice(0, 1))).toEqual({ written: [['u:SMS', 'ALL']], carried: ['NONE'], outcomes: {}, cuts: [] });
      const rules = mapping({ to: 'optOut', trait: 'push', channels: ['GCM'], values: { off: 'ALL' } });
      const { outcomes, cuts } = plan(changesOf('segment', [trackOf('u', 'e', { context: { traits: { push: 'off' } } })], rules), { u: all });
      expect([outcomes, cuts]).toEqual([{ 0: { status: 'dropped', reason: 'NothingToChange' } }, ['NoEndpointOfChannel']]);
    });
  });

  test('without look-ups nothing is claimed', () => {
    expect(plan(changes(trackOf('u')), {}, false).stages[0].events).toMatchObject([{ endpointId: 'u:EMAIL', endpoint: { User: { UserId: 'u' } } }]);
    expect(plan(changes(trackOf('u')), {}, false).stages[0].events[0].endpoint).not.toHaveProperty('OptOut');
  });
});

describe('endpoints are written before events, so an event must not undo what came after it', () => {
  test.each<[string, object[], object]>([
    ['an older address', [withTraits({ email: 'old@example.com' }), identifyOf('u', { email: 'new@example.com' })], { Address: 'new@example.com' }],
    ['an older consent', [withTraits({ email: 'a@example.com', unsubscribed: false }), identifyOf('u', { email: 'a@example.com', unsubscribed: true })], { OptOut: 'ALL' }],
    ['a consent for all that names no address', [withTraits({ email: 'a@example.com', unsubscribed: false }), identifyOf('u', { unsubscribed: true })], { OptOut: 'ALL' }],
    ['a newer address is kept', [identifyOf('u', { email: 'old@example.com' }), withTraits({ email: 'new@example.com' })], { Address: 'new@example.com' }],
    ['the newest of several', [withTraits({ email: '1@example.com' }, 'a'), withTraits({ email: '2@example.com' }, 'b'), trackOf('u', 'c')], { Address: '2@example.com' }],
  ])('%s', (_, bodies, expected) => {
    const all = events({ u: [known('u:EMAIL', 'EMAIL')] }, ...bodies);
    expect(all.map(({ endpoint }) => endpoint)).toEqual(all.map(() => expect.objectContaining(expected)));
  });

  test('an endpoint of the service\'s own shapes travels in full, as all of the batch leaves it', () => {
    const entry = (item: string, address: string) => ({ e1: { Endpoint: { Address: address, ChannelType: 'EMAIL', Attributes: { [item]: ['1'] }, User: { UserId: 'u', UserAttributes: { last: [item] } } }, Events: { [item]: { EventType: 't' } } } });
    const item = { Id: 'E1', Address: '2', OptOut: 'ALL', User: { UserId: 'u' } };
    const [stage] = plan(changesOf('pinpoint', [entry('a', '1'), item, entry('b', '3')])).stages;
    expect(stage.events.map(({ endpoint }) => endpoint)).toEqual(stage.events.map(() => ({
      Address: '3', ChannelType: 'EMAIL', OptOut: 'ALL', EndpointStatus: 'ACTIVE', Attributes: { a: ['1'], b: ['1'] }, User: { UserId: 'u', UserAttributes: { last: ['b'] } },
    })));
  });
});

describe('event ids', () => {
  const ids = (...bodies: object[]) => {
    const { stages, outcomes } = plan(changes(...bodies), { u: [known('e', 'EMAIL')], v: [known('f', 'EMAIL')] });
    return { ids: stages.flatMap((stage) => stage.events.map(({ eventId }) => eventId)), outcomes };
  };
  const same = (event: string, user = 'u') => trackOf(user, event, { messageId: 'm' });

  test('the same event twice is sent once', () => {
    expect(ids(same('a'), same('a'))).toEqual({ ids: ['m'], outcomes: { 1: { status: 'dropped', reason: 'DuplicateEvent' } } });
  });

  test('another event of the same id gets one of its own, the same at every delivery', () => {
    const first = ids(same('a'), same('b'), same('c'), same('b'));
    expect(first).toEqual({ ids: ['m', expect.stringMatching(/^m-[0-9a-f]{16}$/), expect.stringMatching(/^m-[0-9a-f]{16}$/)], outcomes: { 3: { status: 'dropped', reason: 'DuplicateEvent' } } });
    expect(new Set(first.ids).size).toBe(3);
    expect(ids(same('a'), same('b'), same('c'))).toEqual({ ids: first.ids, outcomes: {} });
  });

  test('two users may use the same id', () => {
    expect(ids(same('a'), same('a', 'v'))).toEqual({ ids: ['m', 'm'], outcomes: {} });
  });

  test('endpoint and event id are not mistaken for others that look alike when joined', () => {
    const entry = (endpoint: string, id: string) => ({ [endpoint]: { Endpoint: {}, Events: { [id]: { EventType: 't' } } } });
    expect(plan(changesOf('pinpoint', [entry('a', 'b c'), entry('a b', 'c')])).stages[0].events).toHaveLength(2);
  });

  test.each(['__proto__', ''])('%p can\'t be one', (id) => {
    const body = { e: { Endpoint: {}, Events: JSON.parse(`{"${id}":{"EventType":"t"}}`) as object } };
    expect(plan(changesOf('pinpoint', [body])).stages[0].events).toMatchObject([{ eventId: expect.stringMatching(/-[0-9a-f]{16}$/) }]);
  });

  test('ten thousand events of one id cost no more than others', () => {
    const start = performance.now();
    expect(ids(...Array.from({ length: 10_000 }, (_, index) => same(`event ${index}`))).ids).toHaveLength(10_000);
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});
