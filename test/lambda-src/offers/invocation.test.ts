import * as fc from 'fast-check';
import { createOfferCaller } from '../../../lambda-src/offer-callers';
import { replyOf } from '../../../lambda-src/offers/assign';
import { giveOffers } from '../../../lambda-src/offers/invocation';
import type { OfferRulesConfig } from '../../../src/contract/offer';
import { CALLER, CAMPAIGN, endpoint, JOURNEY, NOW, RULES } from '../support/offers';

const give = (payload: object, rules: Partial<OfferRulesConfig> = {}, at = NOW) => giveOffers(CALLER.read(payload), { ...RULES, ...rules }, at);
const only = (payload: object, rules: Partial<OfferRulesConfig> = {}, at = NOW) => {
  const [one] = give(payload, rules, at).given;
  if (!('assignment' in one)) throw one.rejection;
  return one.assignment;
};
const codes = (payload: object, rules: Partial<OfferRulesConfig> = {}) =>
  give(payload, rules).given.map((one) => 'rejection' in one ? one.rejection.code : 'given');

test('what the CDP hears of an offer that a campaign gave', () => {
  expect(only({ ...CAMPAIGN, Endpoints: { 'ann:EMAIL': endpoint('ann') } }).event).toEqual({
    id: expect.stringMatching(/^[0-9a-f]{32}$/),
    type: 'CUSTOM',
    sourceType: 'Offer Assigned',
    at: '2026-11-27T10:00:00.000Z',
    userId: 'ann',
    endpointId: 'ann:EMAIL',
    channel: 'EMAIL',
    address: 'ann@example.com',
    campaign: { id: 'campaign1', activityId: 'activity1', treatmentId: '0' },
    journey: undefined,
    attributes: {
      offer_id: '20_OFF',
      offer_name: '20 % off',
      offer_discount: '20 %',
      offer_store: 'all',
      offer_valid_until: '2026-11-27T11:00:00.000Z',
      offer_assignment_id: expect.stringMatching(/^[0-9a-f]{32}$/),
    },
    metrics: {},
  });
});

test('a journey is named by its id and step', () => {
  const { event } = only({ ...JOURNEY, Endpoints: { e1: endpoint('ann') } });
  expect([event.campaign, event.journey]).toEqual([undefined, { id: 'journey1', runId: undefined, activityId: 'step1' }]);
});

test('the reply is what a journey may branch on', () => {
  const assignment = only({ ...CAMPAIGN, Endpoints: { e1: endpoint('ann') } });
  expect(replyOf(assignment)).toEqual({
    offer_id: '20_OFF', offer_name: '20 % off', offer_discount: '20 %', offer_valid_until: '2026-11-27T11:00:00.000Z',
    offer_assignment_id: assignment.event.id,
  });
});

describe('the assignment id', () => {
  const idOf = (payload: object, rules: Partial<OfferRulesConfig> = {}, at = NOW, id = 'e1') => only({ ...payload, Endpoints: { [id]: endpoint('ann') } }, rules, at).event.id;
  const first = idOf(CAMPAIGN);

  test('is the same when the channel is invoked again, later, with the endpoint changed', () => {
    expect(idOf(CAMPAIGN, {}, new Date('2026-11-28T10:00:00Z'))).toBe(first);
    expect(only({ ...CAMPAIGN, Data: '{"store":"Lisbon"}', Endpoints: { e1: { ...endpoint('ann'), Address: 'other@example.com' } } }).event.id).toBe(first);
  });

  test('is another for another application', () => {
    const other = createOfferCaller({ kind: 'pinpoint', applicationId: 'app2', budgetSeconds: 15 });
    const [one] = giveOffers(other.read({ ...CAMPAIGN, ApplicationId: 'app2', Endpoints: { e1: endpoint('ann') } }), RULES, NOW).given;
    expect('assignment' in one && one.assignment.event.id).toMatch(/^[0-9a-f]{32}$/);
    expect('assignment' in one && one.assignment.event.id).not.toBe(first);
  });

  test.each([
    ['campaign', () => idOf({ ...CAMPAIGN, CampaignId: 'campaign2' })],
    ['run of the campaign', () => idOf({ ...CAMPAIGN, ActivityId: 'activity2' })],
    ['endpoint', () => idOf(CAMPAIGN, {}, NOW, 'e2')],
    ['offer', () => idOf(CAMPAIGN, { offer: { offerId: '30_OFF' } })],
    ['journey', () => idOf({ ...CAMPAIGN, CampaignId: undefined, JourneyId: 'campaign1' })],
    ['run of a journey', () => idOf({ ...JOURNEY, JourneyRunId: 'run2' })],
  ])('is another for another %s', (_, other) => {
    expect(other()).not.toBe(first);
  });

  test('no two different steps, endpoints or offers share one', () => {
    const part = fc.constantFrom('a', 'b', '', '","', 'null', '\\');
    fc.assert(fc.property(fc.array(fc.tuple(part, part, part.filter((id) => id !== '')), { minLength: 2, maxLength: 12 }), (all) => {
      const distinct = new Set(all.map(([campaign, activity, id]) => JSON.stringify([campaign, activity, id])));
      const ids = new Set(all.map(([campaign, activity, id]) => only({ CampaignId: campaign, ActivityId: activity, Endpoints: { [id]: endpoint() } }).event.id));
      // An empty id is as good as none, and what names no campaign is taken for a step of a journey.
      expect(ids.size).toBeLessThanOrEqual(distinct.size);
      expect(ids.size).toBe(new Set(all.map((one) => JSON.stringify(one))).size);
    }));
  });
});

test.each<[string, unknown, string]>([
  ['no user', { ChannelType: 'CUSTOM' }, 'given'],
  ['an empty user', { User: {} }, 'given'],
  ['null for everything', { User: null, Address: null, ChannelType: null, Attributes: null }, 'given'],
  ['an empty user id', { User: { UserId: '' } }, 'given'],
  ['a number as user id', { User: { UserId: 42 } }, 'given'],
  ['nothing at all', {}, 'given'],
  ['null', null, 'InvalidEndpoint'],
  ['a text', 'e', 'InvalidEndpoint'],
  ['a list', [], 'InvalidEndpoint'],
  ['a user that is a text', { User: 'ann' }, 'InvalidEndpoint'],
  ['a user id that is an object', { User: { UserId: {} } }, 'InvalidId'],
  ['a user id that JSON has rounded', { User: { UserId: 2 ** 60 } }, 'InvalidId'],
  ['an address that is a list', { Address: ['a'] }, 'InvalidEndpoint'],
])('an endpoint with %s costs no other its offer', (_, malformed, code) => {
  expect(codes({ ...CAMPAIGN, Endpoints: { a: endpoint('ann'), b: malformed, c: endpoint('chi') } })).toEqual(['given', code, 'given']);
});

test('an endpoint without an id gets none', () => {
  expect(codes({ ...CAMPAIGN, Endpoints: { '': endpoint('ann') } })).toEqual(['InvalidEndpoint']);
});

test('who has no user id gets the offer under the endpoint, or none, by choice', () => {
  const payload = { ...CAMPAIGN, Endpoints: { e1: endpoint() } };
  expect(only(payload).event).toMatchObject({ userId: undefined, endpointId: 'e1' });
  expect(codes(payload, { withoutUserId: 'deadLetter' })).toEqual(['MissingUser']);
});

test('an offer is given until its last moment', () => {
  const until = (validUntil: string) => codes({ ...CAMPAIGN, Endpoints: { e1: endpoint('ann') } }, { offer: { offerId: 'x', validUntil } });
  expect(until('2026-11-27T10:00:00.001Z')).toEqual(['given']);
  expect(until('2026-11-27T10:00:00.000Z')).toEqual(['OfferExpired']);
});

test('an offer whose time is over before it begins is given to nobody', () => {
  const from = (validFrom: string) => codes({ ...CAMPAIGN, Endpoints: { e1: endpoint('ann') } }, { offer: { offerId: 'x', validFrom, validForSeconds: 3600 } });
  expect(from('2026-11-27T10:59:59.999Z')).toEqual(['given']);
  expect(from('2026-11-27T11:00:00.000Z')).toEqual(['OfferExpired']);
});

test('Data that is wrong costs everybody the offer, and says so for each', () => {
  const payload = { ...CAMPAIGN, Data: '{"nope":1}', Endpoints: { a: endpoint('ann'), b: endpoint('ben') } };
  expect(codes(payload)).toEqual(['DataNotAllowed', 'DataNotAllowed']);
  expect(give({ ...payload, Data: 'see you' }).dataIgnored).toBe(true);
});

test('any JSON: each endpoint has an assignment or a reason', () => {
  fc.assert(fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.jsonValue(), (endpoints, data) => {
    const payload = JSON.parse(JSON.stringify({ ...CAMPAIGN, Data: data, Endpoints: endpoints })) as object;
    const { given } = give(payload);
    expect(given.map(({ invited }) => invited.endpointId)).toEqual(Object.keys((payload as { Endpoints: object }).Endpoints));
    for (const one of given) {
      if ('rejection' in one) expect(one.rejection.code).not.toBe('Unreadable');
      const { endpointId } = one.invited;
      expect(CALLER.only(payload)([endpointId])).toEqual({ ...payload, Endpoints: Object.fromEntries([[endpointId, (payload as any).Endpoints[endpointId]]]) });
    }
  }));
});
