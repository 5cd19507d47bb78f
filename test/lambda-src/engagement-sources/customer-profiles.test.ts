import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as sdk from '@aws-sdk/client-customer-profiles';
import { BatchGetProfileCommand, CustomerProfilesClient } from '@aws-sdk/client-customer-profiles';
import { mockClient } from 'aws-sdk-client-mock';
import type { EngagementEvent } from '../../../lambda-src/engagement';
import { createCustomerProfilesSource } from '../../../lambda-src/engagement-sources/customer-profiles';
import { PATHS, textAt } from '../../../lambda-src/engagement-sources/customer-profiles/paths';
import { batchGetProfile, Found, GetProfiles, MAX_PROFILES } from '../../../lambda-src/engagement-sources/customer-profiles/profile-users';
import { CAMPAIGN_EVENT_TYPES, CAMPAIGN_OBJECT_TYPES } from '../../../src/contract/campaign-objects';
import type { CustomerProfilesEngagementSourceConfig } from '../../../src/contract/engagement-source';
import { ENGAGEMENT_EVENT_TYPES, EngagementType } from '../../../src/contract/engagement-stream-to-cdp';
import records from '../../fixtures/customer-profiles-stream/records.json';
import { ARRIVED, Meter, Raw } from '../support/engagement';
import { identifyOf, profiles, trackOf } from '../support/plans';
import { createProfilesTarget, mockProfiles, profileCalls, serviceError, takeAll } from '../support/profiles';
import { apply } from '../support/target';

type Name = keyof typeof records;
const raw = (name: Name): Raw => structuredClone(records[name]);
const CONFIG: CustomerProfilesEngagementSourceConfig = {
  kind: 'customerProfiles', domainName: 'amazon-connect-shop', objectTypeNames: CAMPAIGN_OBJECT_TYPES, batchGetProfilePerSecond: 1e6,
};
const source = (config: Partial<CustomerProfilesEngagementSourceConfig> = {}, getProfiles?: GetProfiles) =>
  createCustomerProfilesSource({ ...CONFIG, ...config }, getProfiles);
const read = (body: Raw, wanted?: ReadonlySet<EngagementType>, config = {}) => source(config).read(body, ARRIVED, wanted) as EngagementEvent;

const ANA = '0f1e2d3c4b5a69788796a5b4c3d2e1f0';
const BEN = '00112233445566778899aabbccddeeff';
const SENT = {
  campaign_name: 'Spring',
  campaign_run_id: 'c-1#2026-11-20T08-00-00Z',
  segment_arn: 'arn:aws:profile:us-east-1:111122223333:domains/amazon-connect-shop/segment-definitions/vip',
};
const MAIL = {
  endpointId: ANA, channel: 'EMAIL', address: 'ana@example.com', messageId: 'msg-1', campaign: { id: 'c-1', activityId: 'a-1' }, metrics: {},
  attributes: { ...SENT, outbound_request_id: 'req-1', channel_subtype: 'connect:Email', endpoint_type: 'EmailAddress' },
};
const text = (channel: string, subtype = channel) => ({
  endpointId: BEN, channel, address: '+14255550199', messageId: 'msg-2', campaign: { id: 'c-1', activityId: 'a-2' }, metrics: {},
  attributes: { ...SENT, outbound_request_id: 'req-2', channel_subtype: `connect:${subtype}`, endpoint_type: 'PhoneNumber' } as Record<string, string>,
});

/** Everything that each record says. */
const SAID: Readonly<Partial<Record<Name, Partial<EngagementEvent>>>> = {
  emailSend: { ...MAIL, type: 'EMAIL_SEND', sourceType: 'Campaign-Email.Send', at: '2026-11-20T08:00:01.000Z' },
  emailBounce: {
    ...MAIL,
    type: 'EMAIL_HARD_BOUNCE',
    sourceType: 'Campaign-Email.Bounce',
    at: '2026-11-20T08:00:02.500Z',
    status: '5.1.1',
    bounce: { type: 'Permanent', subType: 'NoEmail', diagnostic: 'smtp; 550 5.1.1 user unknown' },
  },
  emailClick: {
    ...MAIL,
    type: 'EMAIL_CLICK',
    sourceType: 'Campaign-Email.Choose',
    at: '2026-11-20T09:00:00.000Z',
    link: 'https://shop.example.com/spring',
    ip: '198.51.100.14',
  },
  emailOpen: { ...MAIL, type: 'EMAIL_OPEN', sourceType: 'Campaign-Email.Open', at: '2026-11-23T09:00:00.000Z', ip: '198.51.100.14' },
  smsDelivered: {
    ...text('SMS'),
    type: 'SMS_SUCCESS',
    sourceType: 'Campaign-SMS.TEXT_DELIVERED',
    at: '2026-11-20T08:00:05.000Z',
    status: 'DELIVERED',
    attributes: { ...text('SMS').attributes, status_description: 'Message has been accepted by phone' },
  },
  smsFailed: {
    ...text('SMS'), type: 'SMS_FAILURE', sourceType: 'Campaign-SMS.Delivery status', at: '2026-11-20T08:00:06.000Z', status: 'CARRIER_BLOCKED',
  },
  telephony: { ...text('VOICE', 'TELEPHONY'), type: 'CUSTOM', sourceType: 'Campaign-Telephony.Answered', at: '2026-11-20T08:00:07.000Z' },
  orchestration: {
    type: 'CUSTOM',
    sourceType: 'Campaign-Orchestration.JourneyEntered',
    at: '2026-11-20T08:00:00.000Z',
    endpointId: ANA,
    campaign: { id: 'c-1', activityId: 'a-1' },
    attributes: { ...SENT, outbound_request_id: 'req-1' },
    metrics: {},
  },
};

describe('what each object becomes', () => {
  test.each(Object.entries(SAID))('%s', (name, said) => {
    expect(read(raw(name as Name))).toEqual({ ...said, id: expect.stringMatching(/^[0-9a-f]{32}$/) });
  });

  test.each<[string, string, EngagementType]>([
    ['Send', '{}', 'EMAIL_SEND'],
    ['Delivery', '{}', 'EMAIL_DELIVERED'],
    ['DELIVERY', '{}', 'EMAIL_DELIVERED'],
    ['Bounce', '{"bounce":{"bounceType":"Transient"}}', 'EMAIL_SOFT_BOUNCE'],
    ['Bounce', '{}', 'EMAIL_SOFT_BOUNCE'],
    ['email_complaint', '{"complaint":{"complaintFeedbackType":"abuse"}}', 'EMAIL_COMPLAINT'],
    ['Complaint', '{"complaint":{"complaintFeedbackType":"not-spam"}}', 'CUSTOM'],
    ['Click', '{"click":{"link":"l"}}', 'EMAIL_CLICK'],
    ['Subscription', '{"subscription":{"newTopicPreferences":{"unsubscribeAll":"true"}}}', 'EMAIL_UNSUBSCRIBE'],
    ['Subscription', '{"subscription":{"newTopicPreferences":{"unsubscribeAll":"false"}}}', 'CUSTOM'],
    ['Reject', '{"reject":{"reason":"Bad content"}}', 'EMAIL_REJECTED'],
    ['RENDERING_FAILURE', '{}', 'EMAIL_RENDERING_FAILURE'],
    ['Rendering Failure', '{}', 'EMAIL_RENDERING_FAILURE'],
    ['DeliveryDelay', '{}', 'EMAIL_DELIVERY_DELAY'],
    ['Subscription', '{"subscription":{"newTopicPreferences":{"unsubscribeAll":true}}}', 'EMAIL_UNSUBSCRIBE'],
    ['Throttled', '{}', 'CUSTOM'],
    ['__proto__', '{}', 'CUSTOM'],
  ])('an e-mail’s %s with %s is %s', (eventType, email, type) => {
    const body = raw('emailSend');
    Object.assign(body.Object, { campaign_event_type: eventType, email: JSON.parse(email) });
    expect(read(body)).toMatchObject({ type, sourceType: `Campaign-Email.${eventType}`, channel: 'EMAIL' });
    expect(CAMPAIGN_EVENT_TYPES.has(type)).toBe(true);
  });

  test.each<[string, string | undefined, EngagementType]>([
    ['TEXT_SENT', undefined, 'SMS_BUFFERED'], ['x', 'PENDING', 'SMS_BUFFERED'], ['x', 'SUCCESSFUL', 'SMS_SUCCESS'], ['x', 'UNKNOWN', 'SMS_FAILURE'],
    ['MEDIA_SPAM', undefined, 'SMS_FAILURE'], ['carrier_blocked', undefined, 'SMS_FAILURE'], ['x', 'delivered', 'SMS_SUCCESS'], ['Clicked', undefined, 'CUSTOM'], ['x', 'NEW', 'CUSTOM'],
  ])('a text message’s %s with the status %s is %s', (eventType, messageStatus, type) => {
    const body = raw('smsDelivered');
    Object.assign(body.Object, { campaign_event_type: eventType, sms: { messageStatus } });
    expect(read(body)).toMatchObject({ type, status: messageStatus, channel: 'SMS' });
    expect(CAMPAIGN_EVENT_TYPES.has(type)).toBe(true);
  });

  test('the member that the sending service fills tells a type that has another name', () => {
    const body = { ...raw('emailBounce'), ObjectTypeName: 'ShopMail' };
    const config = { objectTypeNames: ['ShopMail'] };
    expect(read(body, undefined, config)).toMatchObject({ type: 'EMAIL_HARD_BOUNCE', sourceType: 'ShopMail.Bounce', channel: 'EMAIL' });
    expect(read({ ...raw('smsFailed'), ObjectTypeName: 'ShopMail' }, undefined, config)).toMatchObject({ type: 'SMS_FAILURE', channel: 'SMS' });
  });

  test('members of the other services that are written as null tell nothing', () => {
    const sms = raw('smsDelivered');
    sms.Object.email = null;
    expect(read(sms)).toMatchObject({ type: 'SMS_SUCCESS', channel: 'SMS' });
    const click = raw('emailClick');
    Object.assign(click.Object, { sms: null, email: { click: null, choose: { link: 'l' } } });
    expect(read(click)).toMatchObject({ type: 'EMAIL_CLICK', link: 'l' });
  });

  test('an address that only the bounce names', () => {
    const body = raw('emailBounce');
    delete body.Object.endpoint_address;
    expect(read(body).address).toBe('ana@example.com');
  });

  test.each(Object.entries(PATHS))('%s is found at each of its places %j, in the first one first', (name, paths) => {
    const whole = {};
    for (const path of [...paths].reverse()) {
      for (const object of [{}, whole]) {
        const steps = path.split('.');
        steps.reduce((within: any, step, index) => within[step] ??= index === steps.length - 1 ? path : {}, object);
        expect(textAt(object, name as keyof typeof PATHS)).toBe(path);
      }
    }
  });

  test('the documentation has every place', () => {
    const document = readFileSync(join(__dirname, '../../../docs/campaign-feedback.md'), 'utf8');
    for (const path of Object.values(PATHS).flat()) expect(document).toContain(`\`${path}\``);
  });

  test.each<[unknown]>([[{ id: 'c' }], [null], [''], [['c']]])('what is no value (%j) gives way to the next place', (value) => {
    const body = raw('emailSend');
    body.Object.campaign_id = value;
    body.Object.campaign = { campaign_id: 'c-2' };
    expect(read(body).campaign).toEqual({ id: 'c-2', activityId: 'a-1' });
  });
});

describe('when it happened', () => {
  test.each<[unknown, unknown, string]>([
    ['2026-11-20T08:00:01Z', '2026-11-20T08:00:09Z', '2026-11-20T08:00:01.000Z'],
    [1795424400, 'x', '2026-11-23T09:00:00.000Z'],
    [undefined, '2020-01-01T00:00:00Z', '2020-01-01T00:00:00.000Z'],
    ['soon', '2023-04-28 14:42:18.761 +0000 UTC', '2023-04-28T14:42:18.761Z'],
    [undefined, undefined, ARRIVED.at],
  ])('of the event %j, of the record %j: %s', (at, timestamp, expected) => {
    const body = raw('emailSend');
    body.Object.campaign_event_timestamp = at;
    body.EventTimestamp = timestamp;
    expect(read(body).at).toBe(expected);
  });
});

describe('one event is told once', () => {
  test('every event has an id of its own', () => {
    const ids = (Object.keys(SAID) as Name[]).map((name) => read(raw(name)).id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('an object that is updated, or exported again, tells of the same event', () => {
    const again: Raw = { ...raw('emailBounce'), EventType: 'UPDATED', EventId: 'other', EventTimestamp: '2026-11-21T00:00:00Z', IsMessageRealTime: false };
    again.Object.campaign_name = 'renamed';
    expect(read(again).id).toBe(read(raw('emailBounce')).id);
  });

  test.each(['e-6', undefined])('one object that is updated by what happens next tells of each (event id %j)', (id) => {
    const at = (eventType: string, messageStatus: string) => {
      const body = raw('smsFailed');
      Object.assign(body.Object, { campaign_event_id: id, campaign_event_type: eventType, sms: { messageStatus } });
      return read(body).id;
    };
    expect(new Set([at('x', 'PENDING'), at('x', 'DELIVERED'), at('x', 'PENDING'), at('y', 'PENDING')]).size).toBe(3);
  });

  test('without id and time of the event, the time of the change tells one from another', () => {
    const body = raw('emailOpen');
    delete body.Object.campaign_event_id;
    delete body.Object.campaign_event_timestamp;
    expect(read({ ...body, EventTimestamp: '2026-11-20T09:00:00Z' }).id).not.toBe(read({ ...body, EventTimestamp: '2026-11-20T08:00:00Z' }).id);
  });

  test('an object that is updated by another event tells of that one', () => {
    const next: Raw = { ...raw('emailBounce'), EventType: 'UPDATED' };
    next.Object.campaign_event_id = 'e-20';
    expect(read(next).id).not.toBe(read(raw('emailBounce')).id);
  });

  test('without an id of the event, the object, the type and the time tell one from another', () => {
    const body = raw('emailBounce');
    delete body.Object.campaign_event_id;
    const { id } = read(body);
    expect(read({ ...body, EventType: 'UPDATED', EventId: 'other' }).id).toBe(id);
    for (const change of [{ ProfileObjectUniqueKey: 'k' }, { Object: { ...body.Object, campaign_event_type: 'Open' } },
      { Object: { ...body.Object, campaign_event_timestamp: '2026-11-20T08:00:03Z' } }]) expect(read({ ...body, ...change }).id).not.toBe(id);
  });
});

describe('what is left alone', () => {
  test.each<[string, (body: Raw) => void]>([
    ['OtherObjectType', (body) => body.ObjectTypeName = '_profile'],
    ['OtherObjectType', (body) => body.ObjectTypeName = '_communicationRecord'],
    ['OtherObjectType', (body) => body.ObjectTypeName = 'Campaign-Fax'],
    ['OtherDomain', (body) => body.DomainName = 'amazon-connect-other'],
    ['OtherDomain', (body) => delete body.DomainName],
    ['OtherChange', (body) => body.EventType = 'MERGED'],
    ['OtherChange', (body) => body.EventType = 'DELETED'],
    ['OtherChange', (body) => delete body.EventType],
  ])('%s', (reason, spoil) => {
    const body = raw('emailSend');
    spoil(body);
    expect(read(body)).toBe(reason);
  });

  test.each(Object.keys(SAID) as Name[])('%s, when its type is not wanted', (name) => {
    const { type } = read(raw(name));
    expect(read(raw(name), new Set(ENGAGEMENT_EVENT_TYPES.filter((other) => other !== type)))).toBe('NotWanted');
    expect(read(raw(name), new Set([type])).type).toBe(type);
  });

  test('profiles', () => expect(read(raw('profileCreated'))).toBe('OtherObjectType'));
});

describe('what can not be read becomes a dead letter', () => {
  test.each<[string, (body: Raw) => void]>([
    ['MissingObjectType', (body) => delete body.ObjectTypeName],
    ['MissingObject', (body) => delete body.Object],
    ['MissingObject', (body) => body.Object = '{}'],
    ['MissingObject', (body) => body.Object = []],
    ['MissingEventType', (body) => delete body.Object.campaign_event_type],
    ['MissingEventType', (body) => body.Object.campaign_event_type = {}],
    ['MissingUser', (body) => body.AssociatedProfileId = null],
    ['MissingEventId', (body) => { delete body.Object.campaign_event_id; body.ProfileObjectUniqueKey = null; }],
  ])('%s', (code, spoil) => {
    const body = raw('emailSend');
    spoil(body);
    expect(() => read(body)).toThrow(expect.objectContaining({ code }));
  });
});

describe('nothing goes in a circle', () => {
  const stub = mockProfiles();

  test('what our own target writes is dropped when it comes back', async () => {
    takeAll(stub);
    await apply(createProfilesTarget(), profiles(identifyOf('u', { email: 'a@example.com' }), trackOf('u')));
    const objects = profileCalls(stub).filter(Array.isArray) as [string, object][];
    expect(new Set(objects.map(([type]) => type))).toEqual(new Set(['CdpUser', 'CdpEvent']));
    const returned = [...objects, ['CdpSegmentMember', { userId: 'u', segment: 'vip' }], ['_profile', { AccountNumber: 'u' }]] as const;
    for (const [ObjectTypeName, object] of returned) {
      for (const EventType of ['CREATED', 'UPDATED']) expect(read({ ...raw('emailSend'), ObjectTypeName, EventType, Object: object })).toBe('OtherObjectType');
    }
  });
});

describe('whose event it is', () => {
  const deadline = () => Date.now() + 10_000;
  const idOf = (index: number) => index.toString(16).padStart(32, '0');
  const ofProfile = (endpointId: string): EngagementEvent => ({ ...read(raw('emailSend')), endpointId });

  /** Answers from a table, and keeps what it was asked. */
  function answering(known: Readonly<Record<string, object>>, more: Found = {}) {
    const asked: string[][] = [];
    const getProfiles: GetProfiles = async (profileIds) => {
      asked.push([...profileIds]);
      return { Profiles: profileIds.filter((id) => known[id]).map((ProfileId) => ({ ProfileId, ...known[ProfileId] })), ...more };
    };
    return { asked, getProfiles };
  }

  test.each<[object | undefined, string | undefined]>([
    [{ Attributes: { cdpUserId: 'u1' }, AccountNumber: '1' }, 'u1'],
    [{ AccountNumber: '1' }, '1'],
    [{ Attributes: { cdpUserId: '' }, AccountNumber: '' }, undefined],
    [{ EmailAddress: 'ana@example.com' }, undefined],
    [undefined, undefined],
  ])('the profile %j is that of %s; nobody’s has an anonymous id', async (profile, userId) => {
    const { getProfiles } = answering(profile ? { [ANA]: profile } : {});
    const [event] = await source({}, getProfiles).complete!([ofProfile(ANA)], { deadline: deadline(), meter: new Meter() });
    expect(event).toMatchObject({ userId, endpointId: ANA });
  });

  test.each([[MAX_PROFILES, 1], [MAX_PROFILES + 1, 2], [100, 5]])('%d profiles are asked for in %d requests, and remembered', async (count, requests) => {
    const { asked, getProfiles } = answering({ [idOf(0)]: { AccountNumber: 'u0' } });
    const [ours, meter] = [source({}, getProfiles), new Meter()];
    const events = Array.from({ length: count }, (_, index) => ofProfile(idOf(index)));
    const completed = await ours.complete!([...events, ...events], { deadline: deadline(), meter });
    expect(completed.map((event: any) => event.userId).filter(Boolean)).toEqual(['u0', 'u0']);
    await ours.complete!(events, { deadline: deadline(), meter });
    expect(asked.flat().sort()).toEqual(events.map(({ endpointId }) => endpointId).sort());
    expect(Math.max(...asked.map(({ length }) => length))).toBeLessThanOrEqual(MAX_PROFILES);
    expect({ requests: asked.length, counted: meter.counts }).toEqual({ requests, counted: { Requests: requests } });
  });

  test('what can not be an id of a profile is not asked for', async () => {
    const { asked, getProfiles } = answering({});
    const strange = [ofProfile('x'), ofProfile(ANA.toUpperCase()), { ...ofProfile(ANA), userId: 'u' }];
    expect(await source({}, getProfiles).complete!(strange, { deadline: deadline(), meter: new Meter() })).toEqual(strange);
    expect(asked).toEqual([]);
  });

  test.each<[string, boolean]>([
    ['429', true], ['500', true], ['ThrottlingException', true], ['InternalServerException', true], ['TooManyRequestsException', true],
    ['LimitExceededException', true], ['408', true], ['404', false], ['ResourceNotFoundException', false], ['', false],
  ])('a profile with the error %j waits for an answer: %s', async (Code, waits) => {
    const { getProfiles } = answering({ [BEN]: { AccountNumber: 'ben' } }, { Errors: [{ Code, Message: 'm', ProfileId: ANA }] });
    const [ana, ben] = await source({}, getProfiles).complete!([ofProfile(ANA), ofProfile(BEN)], { deadline: deadline(), meter: new Meter() });
    expect(ana).toEqual(waits ? { status: 'retry', code: Code } : expect.objectContaining({ userId: undefined }));
    expect(ben).toMatchObject({ userId: 'ben' });
  });

  const failing = (error: Error): GetProfiles => async () => { throw error; };

  test.each<[string, number, string]>([
    ['ThrottlingException', 429, 'RequestsThrottled'], ['InternalServerException', 500, 'RequestsFailed'], ['TimeoutError', 0, 'RequestsFailed'],
  ])('%s is asked again with the record', async (name, status, metric) => {
    const meter = new Meter();
    const error = status === 0 ? Object.assign(new Error(name), { name }) : serviceError(name, status);
    const answers = await source({}, failing(error)).complete!([ofProfile(ANA)], { deadline: deadline(), meter });
    expect(answers).toEqual([{ status: 'retry', code: name }]);
    expect(meter.counts).toEqual({ Requests: 1, [metric]: 1 });
  });

  test('a request that is refused for good does not hold up the stream', async () => {
    const [event] = await source({}, failing(serviceError('BadRequestException', 400))).complete!([ofProfile(ANA)], { deadline: deadline(), meter: new Meter() });
    expect(event).toMatchObject({ userId: undefined, endpointId: ANA });
  });

  test('one profile that a request is refused for does not cost the others their users', async () => {
    const { asked, getProfiles } = answering({ [BEN]: { AccountNumber: 'ben' }, [idOf(3)]: { AccountNumber: 'cid' } });
    const refusing: GetProfiles = async (profileIds, until) => {
      const found = await getProfiles(profileIds, until);
      if (profileIds.includes(ANA)) throw serviceError('BadRequestException', 400);
      return found;
    };
    const made = source({}, refusing);
    for (let round = 0; round < 2; round += 1) {
      const events = await made.complete!([ofProfile(BEN), ofProfile(ANA), ofProfile(idOf(3))], { deadline: deadline(), meter: new Meter() });
      expect(events).toMatchObject([{ userId: 'ben' }, { userId: undefined, endpointId: ANA }, { userId: 'cid' }]);
    }
    expect(asked).toEqual([[BEN, ANA, idOf(3)], [BEN], [ANA], [idOf(3)]]);
  });

  test.each([['AccessDeniedException', 403], ['ResourceNotFoundException', 404]])('%s ends the batch: only a deployment can mend it', async (name, status) => {
    await expect(source({}, failing(serviceError(name, status))).complete!([ofProfile(ANA)], { deadline: deadline(), meter: new Meter() }))
      .rejects.toThrow('Amazon Connect Customer Profiles refuses this deployment');
  });

  describe('BatchGetProfile', () => {
    const client = mockClient(CustomerProfilesClient);
    beforeEach(() => client.reset());

    test('is called as it is documented', async () => {
      client.on(BatchGetProfileCommand).resolves({ Profiles: [{ ProfileId: ANA }] });
      expect(await batchGetProfile('amazon-connect-shop', 1000, async () => sdk)([ANA, BEN], deadline())).toEqual({ Profiles: [{ ProfileId: ANA }] });
      expect(client.calls().map(({ args: [{ input }] }) => input)).toEqual([{ DomainName: 'amazon-connect-shop', ProfileIds: [ANA, BEN] }]);
    });

    test('keeps to its share of the quota, and does not begin what would be too late', async () => {
      client.on(BatchGetProfileCommand).resolves({});
      const ask = batchGetProfile('d', 2, async () => sdk);
      await ask([ANA], deadline());
      await expect(ask([ANA], Date.now() + 100)).rejects.toMatchObject({ name: 'OutOfTime' });
      expect(client.calls()).toHaveLength(1);
    });
  });
});
