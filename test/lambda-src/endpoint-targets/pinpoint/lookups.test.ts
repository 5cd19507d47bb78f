import { RecentWrites, usersToLookUp } from '../../../../lambda-src/endpoint-targets/pinpoint/known';
import type { TraitRule } from '../../../../src/contract/trait-mapping';
import { fixture } from '../../support/formats';
import { mapping, OPT_OUT } from '../../support/mapping';
import { changesOf, deleteOf, identifyOf, plan, trackOf } from '../../support/plans';

const MAIL: TraitRule = { to: 'endpointAttribute', trait: 'news', name: 'News', channels: ['EMAIL'] };
const rules = mapping(OPT_OUT, MAIL);
const changes = (...bodies: object[]) => changesOf('segment', bodies, rules);
const a = 'a@example.com';

test.each<[string, object, boolean]>([
  ['an address with attributes', identifyOf('u', { email: a, plan: 'x' }), false],
  ['an address with the preference of its channel', identifyOf('u', { email: a, news: 1 }), false],
  ['an opt-in with an address', identifyOf('u', { email: a, unsubscribed: false }), false],
  ['an opt-out, which is for all endpoints', identifyOf('u', { email: a, unsubscribed: true }), true],
  ['attributes without an address', identifyOf('u', { plan: 'x' }), true],
  ['a preference of a channel without an address', identifyOf('u', { phone: '+12065550100', news: 1 }), true],
  ['a deleted address', identifyOf('u', { email: null }), true],
  ['an event', trackOf('u'), true],
  ['an event with an address', trackOf('u', 'e', { context: { traits: { email: a } } }), true],
  ['an event with address and consent', trackOf('u', 'e', { context: { traits: { email: a, unsubscribed: false } } }), false],
  ['an event with an address and an opt-out, which is for all endpoints', trackOf('u', 'e', { context: { traits: { email: a, unsubscribed: true } } }), true],
  ['a deletion', deleteOf('u'), false],
])('%s asks for the user: %#', (_, body, asked) => {
  expect(usersToLookUp(changes(body))).toEqual(asked ? ['u'] : []);
});

test('the service\'s own shapes leave nothing out', () => {
  const files = ['endpoint-batch-item', 'endpoint-batch-request', 'events-request', 'events-batch'].map((file) => fixture(`pinpoint/${file}.json`));
  expect(usersToLookUp(changesOf('pinpoint', files))).toEqual([]);
});

test('what an event carries counts as active, also with members that are not set', () => {
  const recent = new RecentWrites();
  recent.addCarried('E1', { Address: a, OptOut: 'NONE', EndpointStatus: undefined, User: { UserId: 'u' } }, 0);
  expect(recent.get('e1', 0)).toEqual({ Id: 'E1', Address: a, EndpointStatus: 'ACTIVE' });
  recent.addCarried('E1', { OptOut: 'ALL', EndpointStatus: 'INACTIVE', User: { UserId: 'u' } }, 1);
  expect(recent.get('e1', 1)).toEqual({ Id: 'E1', Address: a, OptOut: 'ALL', EndpointStatus: 'INACTIVE' });
});

test('each user is asked for once, in order', () => {
  expect(usersToLookUp(changes(trackOf('v'), trackOf('u'), identifyOf('v', { plan: 'x' }), trackOf('u')))).toEqual(['v', 'u']);
});

const KNOWN = { u: [{ Id: 'u:EMAIL', ChannelType: 'EMAIL' as const, Address: a, EndpointStatus: 'ACTIVE' }, { Id: 'u:SMS', ChannelType: 'SMS' as const, Address: '+1', EndpointStatus: 'ACTIVE' }] };
const endpointsOf = (known: object, ...bodies: object[]) => plan(changes(...bodies), known as typeof KNOWN).stages.flatMap((stage) => stage.endpoints);

test.each<[string, object, object[]]>([
  ['a preference reaches the endpoints of its channel', { news: 1 }, [{ Id: 'u:EMAIL', ChannelType: 'EMAIL', Attributes: { News: ['1'] }, User: { UserId: 'u' } }]],
  ['attributes reach one endpoint, since all share them', { plan: 'x' }, [{ Id: 'u:EMAIL', User: { UserId: 'u', UserAttributes: { plan: ['x'] } } }]],
  ['a location reaches all', { address: { city: 'Rome' } }, [
    { Id: 'u:EMAIL', Location: { City: 'Rome' }, User: { UserId: 'u' } }, { Id: 'u:SMS', Location: { City: 'Rome' }, User: { UserId: 'u' } },
  ]],
  ['a deleted address makes its endpoint inactive', { email: null }, [{ Id: 'u:EMAIL', ChannelType: 'EMAIL', EndpointStatus: 'INACTIVE', User: { UserId: 'u' } }]],
])('%s', (_, traits, expected) => {
  expect(endpointsOf(KNOWN, identifyOf('u', traits))).toEqual(expected);
});

test('an address of a channel that the user does not have is not made up', () => {
  const outcomes = { 0: { status: 'dropped', reason: 'NothingToChange' } };
  expect(plan(changes(identifyOf('u', { news: 1 })), { u: [] })).toEqual({ stages: [], outcomes, cuts: ['NoEndpointOfChannel'] });
  expect(plan(changes(identifyOf('u', { email: null })), { u: [] })).toEqual({ stages: [], outcomes, cuts: ['NoEndpointOfChannel'] });
});

test.each([[[]], [KNOWN.u]])('a message that says nothing is dropped, not retried for ever (%#)', (known) => {
  expect(plan(changes(identifyOf('u', {})), { u: known })).toEqual({ stages: [], outcomes: { 0: { status: 'dropped', reason: 'NothingToChange' } }, cuts: [] });
});

test('a user without endpoints keeps attributes on a placeholder', () => {
  expect(endpointsOf({ u: [] }, identifyOf('u', { plan: 'x', address: { city: 'Rome' } }))).toEqual([
    { Id: 'u:CUSTOM', ChannelType: 'CUSTOM', Address: 'u', EndpointStatus: 'ACTIVE', Location: { City: 'Rome' }, User: { UserId: 'u', UserAttributes: { plan: ['x'] } } },
  ]);
});

describe('an endpoint whose address was deleted', () => {
  const inactive = (Id: string, ChannelType: string) => ({ Id, ChannelType, Address: 'old', EndpointStatus: 'INACTIVE' });

  test.each([[{ plan: 'x' }], [{ address: { city: 'Rome' } }], [{ unsubscribed: true }], [{ news: 1 }]])('stays inactive when %j comes', (traits) => {
    expect(endpointsOf({ u: [inactive('u:EMAIL', 'EMAIL')] }, identifyOf('u', traits))).toMatchObject([{ Id: 'u:EMAIL', EndpointStatus: 'INACTIVE' }]);
  });

  test('is the last to carry attributes', () => {
    expect(endpointsOf({ u: [inactive('u:EMAIL', 'EMAIL'), ...KNOWN.u.slice(1)] }, identifyOf('u', { plan: 'x' }))).toMatchObject([{ Id: 'u:SMS' }]);
  });

  test('is active when an address comes back, before or after in the batch', () => {
    const [back, other] = [identifyOf('u', { email: 'new@example.com' }), identifyOf('u', { plan: 'x' })];
    for (const bodies of [[back], [back, other], [other, back]]) {
      expect(endpointsOf({ u: [inactive('u:EMAIL', 'EMAIL')] }, ...bodies)).toMatchObject([{ Address: 'new@example.com', EndpointStatus: 'ACTIVE' }]);
    }
  });
});

test('a failed look-up: everything of that user is to be retried, whatever else the batch brings', () => {
  const bodies = [identifyOf('u', { email: a, unsubscribed: true }), trackOf('u'), identifyOf('u', { email: a }), identifyOf('v', { email: 'v@example.com' })];
  const { stages, outcomes } = plan(changes(...bodies), { u: undefined });
  expect(stages.map((stage) => stage.endpoints.map(({ Id }) => Id))).toEqual([['v:EMAIL']]);
  expect(outcomes).toEqual({ 0: { status: 'retry', code: 'LookUpFailed' }, 1: { status: 'retry', code: 'LookUpFailed' }, 2: { status: 'retry', code: 'LookUpFailed' } });
});

describe('without look-ups', () => {
  const blind = (...bodies: object[]) => plan(changes(...bodies), {}, false).stages.flatMap((stage) => stage.endpoints);

  test('a preference goes to the endpoint that the user\'s channel would have', () => {
    expect(blind(identifyOf('u', { news: 1 }))).toMatchObject([{ Id: 'u:EMAIL', ChannelType: 'EMAIL', Attributes: { News: ['1'] } }]);
  });

  test('a deleted address makes the endpoint inactive, unseen', () => {
    expect(blind(identifyOf('u', { email: null }))).toMatchObject([{ Id: 'u:EMAIL', EndpointStatus: 'INACTIVE' }]);
  });

  test.each<[string, object]>([['a message', identifyOf('u', { unsubscribed: true })], ['an event', trackOf('u', 'e', { context: { traits: { unsubscribed: true } } })]])(
    'an opt-out that %s brings goes to where the first addresses are, and not to those alone that the batch names', (_, body) => {
      const optedOut = { OptOut: 'ALL', User: { UserId: 'u' } };
      const [email, sms] = [{ Id: 'u:EMAIL', ChannelType: 'EMAIL', ...optedOut }, { Id: 'u:SMS', ChannelType: 'SMS', ...optedOut }];
      expect(blind(body)).toEqual([email, sms, expect.objectContaining({ Id: 'u:CUSTOM', OptOut: 'ALL' })]);
      expect(blind(identifyOf('u', { email: a }), body)).toEqual([{ ...email, Address: a, EndpointStatus: 'ACTIVE' }, sms]);
    });
});
