import { MAX_EVENT_ATTRIBUTE, MAX_EVENT_ATTRIBUTES } from '../../../lambda-src/offer-callers/pinpoint';
import { CALLER, CAMPAIGN, endpoint, JOURNEY } from '../support/offers';

test.each<[string, object, object]>([
  ['a campaign', CAMPAIGN, { campaign: { id: 'campaign1', activityId: 'activity1', treatmentId: '0' }, journey: undefined }],
  ['a journey', JOURNEY, { campaign: undefined, journey: { id: 'journey1', runId: undefined, activityId: 'step1' } }],
  ['neither', {}, { campaign: undefined, journey: undefined }],
  ['an activity alone', { ActivityId: 'a' }, { campaign: undefined, journey: { activityId: 'a' } }],
  ['a campaign without activity and treatment', { CampaignId: 'c' }, { campaign: { id: 'c' }, journey: undefined }],
])('an invocation of %s', (_, payload, expected) => {
  expect(CALLER.read({ ...payload, Endpoints: { e1: endpoint() } })).toMatchObject({ applicationId: 'app1', ...expected });
});

test.each<[string, unknown, string]>([
  ['null', null, 'InvalidInvocation'],
  ['a text', 'x', 'InvalidInvocation'],
  ['a list', [], 'InvalidInvocation'],
  ['without Endpoints', CAMPAIGN, 'InvalidInvocation'],
  ['with Endpoints that are a list', { ...CAMPAIGN, Endpoints: [endpoint()] }, 'InvalidInvocation'],
  ['of another application', { ...CAMPAIGN, ApplicationId: 'app2', Endpoints: {} }, 'OtherApplication'],
])('%s is no invocation', (_, raw, code) => {
  expect(() => CALLER.read(raw)).toThrow(expect.objectContaining({ code }));
});

test('the reply has the documented shape and stays within its limits', () => {
  const long = Object.fromEntries(Array.from({ length: MAX_EVENT_ATTRIBUTES + 1 }, (_, index) => [`${index}${'n'.repeat(MAX_EVENT_ATTRIBUTE)}`, 'v'.repeat(MAX_EVENT_ATTRIBUTE + 1)]));
  const reply = CALLER.reply({}, new Map([['e1', { offer_id: '20_OFF' }], ['e2', long]]), new Map([['e3', 'InvalidEndpoint']])) as Record<string, { EventAttributes: Record<string, string> }>;
  expect(reply.e1).toEqual({ EventAttributes: { offer_id: '20_OFF' } });
  const attributes = Object.entries(reply.e2.EventAttributes);
  expect(attributes).toHaveLength(MAX_EVENT_ATTRIBUTES);
  for (const [name, value] of attributes) expect([name.length, value.length]).toEqual([MAX_EVENT_ATTRIBUTE, MAX_EVENT_ATTRIBUTE]);
});

test('an endpoint may be named like a member of every object', () => {
  const { recipients } = CALLER.read(JSON.parse('{"Endpoints":{"__proto__":{"User":{"UserId":"ann"}}}}'));
  expect(recipients.map((one) => one.read())).toMatchObject([{ endpointId: '__proto__', userId: 'ann' }]);
  expect(JSON.stringify(CALLER.reply({}, new Map([['__proto__', { a: 'b' }]]), new Map()))).toBe('{"__proto__":{"EventAttributes":{"a":"b"}}}');
});
