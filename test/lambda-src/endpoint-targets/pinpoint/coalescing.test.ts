import { fixture } from '../../support/formats';
import { mapping, OPT_OUT } from '../../support/mapping';
import { changesOf, deleteOf, identifyOf, plan, profiles, trackOf } from '../../support/plans';

const endpoints = (...bodies: object[]) => plan(profiles(...bodies), {}, false).stages.flatMap((stage) => stage.endpoints);

test('changes of one endpoint are one: the newest wins per attribute, and nothing else is touched', () => {
  expect(endpoints(
    identifyOf('u', { email: 'old@example.com', plan: 'basic', tags: ['a', 'b'], firstName: 'Ann' }),
    identifyOf('u', { email: 'new@example.com', plan: 'gold', tags: null }),
  )).toEqual([{
    Id: 'u:EMAIL', ChannelType: 'EMAIL', Address: 'new@example.com', EndpointStatus: 'ACTIVE',
    User: { UserId: 'u', UserAttributes: { plan: ['gold'], tags: [], FirstName: ['Ann'] } },
  }]);
});

test('location, demographic and metrics are merged by name as well', () => {
  const rules = mapping({ to: 'metric', trait: 'ltv', name: 'LTV' }, { to: 'metric', trait: 'n', name: 'N' });
  const changes = changesOf('segment', [
    identifyOf('u', { email: 'a@example.com', ltv: 1, n: 1, address: { city: 'Rome', country: 'IT' }, locale: 'it' }),
    identifyOf('u', { email: 'a@example.com', ltv: 2, address: { city: 'Oslo' }, timezone: 'Europe/Oslo' }),
  ], rules);
  expect(plan(changes).stages[0].endpoints).toMatchObject([
    { Metrics: { LTV: 2, N: 1 }, Location: { City: 'Oslo', Country: 'IT' }, Demographic: { Locale: 'it', Timezone: 'Europe/Oslo' } },
  ]);
});

test('user attributes go to every endpoint of the user, the newest of all messages', () => {
  expect(endpoints(
    identifyOf('u', { email: 'a@example.com', plan: 'basic' }), identifyOf('v', { email: 'v@example.com', plan: 'none' }), identifyOf('u', { phone: '+12065550100', plan: 'gold' }),
  ).map(({ Id, User }) => [Id, User.UserAttributes])).toEqual([['u:EMAIL', { plan: ['gold'] }], ['v:EMAIL', { plan: ['none'] }], ['u:SMS', { plan: ['gold'] }]]);
});

test('ids that differ in case are one endpoint for a CDP that names them', () => {
  const item = (Id: string, Address: string) => ({ Id, ChannelType: 'EMAIL', Address, User: { UserId: 'u' } });
  expect(plan(changesOf('pinpoint', [item('E1', 'a@example.com'), item('e1', 'b@example.com')])).stages[0].endpoints).toMatchObject([{ Id: 'E1', Address: 'b@example.com' }]);
});

test('an endpoint that changes hands belongs to the last user', () => {
  const item = (UserId: string | undefined, plan_: string) => ({ Id: 'e', Address: 'a', User: { UserId, UserAttributes: { plan: [plan_] } } });
  const usersOf = (...users: (string | undefined)[]) => plan(changesOf('pinpoint', users.map((user) => item(user, `of ${user}`)))).stages[0].endpoints.map(({ User }) => User);
  expect(usersOf('u', 'v')).toEqual([{ UserId: 'v', UserAttributes: { plan: ['of v'] } }]);
  expect(usersOf(undefined, 'v')).toMatchObject([{ UserId: 'v' }]);
  expect(usersOf('u', undefined)).toMatchObject([{ UserId: 'u' }]);
});

test.each<[string, (string | null)[], object]>([
  ['deleted', ['a@example.com', null], { Address: 'a@example.com', EndpointStatus: 'INACTIVE' }],
  ['deleted and back', [null, 'a@example.com'], { Address: 'a@example.com', EndpointStatus: 'ACTIVE' }],
  ['there, deleted and back', ['a@example.com', null, 'b@example.com'], { Address: 'b@example.com', EndpointStatus: 'ACTIVE' }],
])('an address that is %s', (_, emails, expected) => {
  expect(endpoints(...emails.map((email) => identifyOf('u', { email })))).toMatchObject([{ Id: 'u:EMAIL', ...expected }]);
});

test('a status that the CDP states is undone by a later address', () => {
  const items = [{ Id: 'e', EndpointStatus: 'INACTIVE' }, { Id: 'e', Address: 'a' }];
  expect(plan(changesOf('pinpoint', items)).stages[0].endpoints).toMatchObject([{ EndpointStatus: 'ACTIVE' }]);
  expect(plan(changesOf('pinpoint', [...items].reverse())).stages[0].endpoints).toMatchObject([{ EndpointStatus: 'INACTIVE' }]);
});

describe('the opt-out', () => {
  const rules = mapping(OPT_OUT, { to: 'optOut', trait: 'mail', channels: ['EMAIL'], values: { on: 'NONE', off: 'ALL' } });
  const both = { email: 'a@example.com', phone: '+12065550100' };
  const optOuts = (known: object[], ...traits: object[]) => Object.fromEntries(
    plan(changesOf('segment', traits.map((one) => identifyOf('u', one)), rules), { u: known }).stages[0].endpoints.map(({ Id, OptOut }) => [Id, OptOut]));
  const KNOWN = [{ Id: 'u:EMAIL', ChannelType: 'EMAIL', Address: 'a' }, { Id: 'U:sms', ChannelType: 'SMS', Address: 'b' }, { Id: 'x', ChannelType: 'GCM', Address: 'c' }];

  test.each<[string, object[], object[], object]>([
    ['of all goes to all that the user has, whatever the message names', KNOWN, [{ email: 'a@example.com', unsubscribed: true }], { 'u:EMAIL': 'ALL', 'U:sms': 'ALL', 'x': 'ALL' }],
    ['of all without an address goes to all', KNOWN, [{ unsubscribed: true }], { 'u:EMAIL': 'ALL', 'U:sms': 'ALL', 'x': 'ALL' }],
    ['an opt-in goes to what the message names', KNOWN, [{ email: 'a@example.com', unsubscribed: false }], { 'u:EMAIL': 'NONE' }],
    ['an opt-in without an address goes to all', KNOWN, [{ unsubscribed: false }], { 'u:EMAIL': 'NONE', 'U:sms': 'NONE', 'x': 'NONE' }],
    ['of a channel goes there', KNOWN, [{ mail: 'off' }], { 'u:EMAIL': 'ALL' }],
    ['of all wins over an opt-in of a channel', [], [{ ...both, unsubscribed: true, mail: 'on' }], { 'u:EMAIL': 'ALL', 'u:SMS': 'ALL' }],
    ['of a channel wins over an opt-in of all', [], [{ ...both, unsubscribed: false, mail: 'off' }], { 'u:EMAIL': 'ALL', 'u:SMS': 'NONE' }],
    ['the newest message wins', [], [{ ...both, unsubscribed: true }, { ...both, unsubscribed: false }], { 'u:EMAIL': 'NONE', 'u:SMS': 'NONE' }],
    ['and so it does the other way', [], [{ ...both, unsubscribed: false }, { email: both.email, unsubscribed: true }], { 'u:EMAIL': 'ALL', 'u:SMS': 'ALL' }],
    ['is for addresses that the batch brings later, too', [], [{ unsubscribed: true }, both], { 'u:EMAIL': 'ALL', 'u:SMS': 'ALL' }],
    ['of a user without any endpoint is kept for the first addresses to come', [], [{ unsubscribed: true }], { 'u:EMAIL': 'ALL', 'u:SMS': 'ALL', 'u:CUSTOM': 'ALL' }],
    ['is not mentioned where no message mentions it', KNOWN, [both], { 'u:EMAIL': undefined, 'u:SMS': undefined }],
  ])('%s', (_, known, traits, expected) => {
    expect(optOuts(known, ...traits)).toEqual(expected);
  });
});

describe('deletions end a stage', () => {
  const shape = (...bodies: object[]) => plan(profiles(...bodies)).stages.map(({ endpoints: written, events, deletions }) =>
    [written.map(({ Id }) => Id), events.map(({ eventId }) => eventId), deletions]);
  const mail = (user: string) => identifyOf(user, { email: `${user}@example.com` });

  test('what comes before is done before, what comes after is done after', () => {
    expect(shape(mail('u'), trackOf('u', 'a'), deleteOf('u'), mail('u'), trackOf('u', 'b'))).toEqual(
      [[['u:EMAIL'], ['u-a'], ['u']], [['u:EMAIL'], ['u-b'], []]]);
  });

  test('deletions side by side are one stage, and one stage is enough without any', () => {
    expect(shape(deleteOf('u'), deleteOf('v'))).toEqual([[[], [], ['u', 'v']]]);
    expect(shape(mail('u'), mail('v'))).toEqual([[['u:EMAIL', 'v:EMAIL'], [], []]]);
    expect(shape()).toEqual([]);
  });

  test('what was known of the user before is not known after', () => {
    const known = { u: [{ Id: 'old', ChannelType: 'SMS' as const, Address: 'x' }] };
    const { stages } = plan(profiles(trackOf('u', 'a'), deleteOf('u'), trackOf('u', 'b')), known);
    expect(stages.map(({ events }) => events.map(({ endpointId }) => endpointId))).toEqual([['old'], ['u:CUSTOM']]);
  });
});

test('one bad message doesn\'t take its neighbours along', () => {
  const { stages, outcomes } = plan(profiles(identifyOf('u${', { email: 'a@example.com' }), identifyOf('v', { email: 'v@example.com' })));
  expect(outcomes).toMatchObject({ 0: { status: 'rejected', code: 'InvalidId' } });
  expect(stages[0].endpoints.map(({ Id }) => Id)).toEqual(['v:EMAIL']);
});

test('the service\'s own shapes keep what they say', () => {
  const item = fixture('pinpoint/endpoint-batch-item.json');
  expect(plan(changesOf('pinpoint', [item])).stages[0].endpoints).toEqual([item]);
});

describe('changes that are too large together', () => {
  const wide = (count: number, name: string) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`${name}${index}`, 'x'.repeat(90)]));
  const address = identifyOf('u', { email: 'a@example.com', unsubscribed: true });
  const statuses = (...bodies: object[]) => {
    const { stages, outcomes } = plan(changesOf('segment', bodies, mapping(OPT_OUT)), { u: [] });
    return { rejected: Object.entries(outcomes).map(([index, { code }]: [string, any]) => `${index} ${code}`), endpoints: stages.flatMap((stage) => stage.endpoints) };
  };

  test('the one that does not fit is rejected alone: address and opt-out are delivered', () => {
    const { rejected, endpoints: written } = statuses(address, identifyOf('u', { email: 'a@example.com', ...wide(180, 'a') }), identifyOf('u', { email: 'a@example.com', plan: 'gold' }));
    expect(rejected).toEqual(['1 EndpointTooLarge']);
    expect(written).toEqual([{
      Id: 'u:EMAIL', ChannelType: 'EMAIL', Address: 'a@example.com', EndpointStatus: 'ACTIVE', OptOut: 'ALL', User: { UserId: 'u', UserAttributes: { plan: ['gold'] } },
    }]);
  });

  test('of two that fit alone and not together the older is delivered', () => {
    const { rejected, endpoints: written } = statuses(address, identifyOf('u', { email: 'a@example.com', ...wide(100, 'a') }), identifyOf('u', { email: 'a@example.com', ...wide(100, 'b') }));
    expect(rejected).toEqual(['2 EndpointTooLarge']);
    expect(Object.keys(written[0].User.UserAttributes)).toHaveLength(100);
  });

  test('two names that become the same are counted', () => {
    const { cuts, stages } = plan(profiles(identifyOf('u', { 'email': 'a@example.com', 'a:b': 'one', 'a_b': 'two' })), {}, false);
    expect(cuts.sort()).toEqual(['NameCleaned', 'NameCollision']);
    expect(stages[0].endpoints[0].User.UserAttributes).toEqual({ a_b: ['one'] });
  });
});
