import * as pinpoint from '@aws-sdk/client-pinpoint';
import type { EngagementEvent } from '../../../lambda-src/engagement';
import { pinpointGetEndpoint } from '../../../lambda-src/engagement-sources/pinpoint/endpoint-users';
import { ARRIVED, eventOf, Meter, Raw, read, RECORDS, source } from '../support/engagement';
import { withSilentService } from '../support/silent';

const SENT = '2026-11-23T10:00:00.000Z';
const ARRIVAL = '2026-11-23T10:01:00.500Z';
const MAIL = { channel: 'EMAIL', address: 'ann@example.com', messageId: '0100-message-000000', subject: 'An offer' };
const CAMPAIGN = { id: '4f8d6097c2e8400fa3081d875example', activityId: '5473285727f04865bc673e527example', treatmentId: '0' };
const JOURNEY = { id: '546401670c5547b08811ac6a9example', runId: 'edc9a0b577164d1daf72ebd15example', activityId: '0yKexample' };
const ANN = { userId: 'ann', endpointId: 'ann:EMAIL' };

test.each<[string, Partial<EngagementEvent>]>([
  ['email-send', { type: 'EMAIL_SEND', sourceType: '_email.send', at: SENT, ...ANN, ...MAIL, campaign: CAMPAIGN }],
  ['email-delivered', { type: 'EMAIL_DELIVERED', at: ARRIVAL, ...ANN, ...MAIL, campaign: CAMPAIGN, attributes: { smtp_response: '250 ok' } }],
  ['email-open', { type: 'EMAIL_OPEN', at: ARRIVAL, ...MAIL, ip: '203.0.113.7', userAgent: 'Mail/1.0' }],
  ['email-click', { type: 'EMAIL_CLICK', at: ARRIVAL, ...MAIL, link: 'https://example.com/offer', ip: '203.0.113.7' }],
  ['email-hardbounce', {
    type: 'EMAIL_HARD_BOUNCE',
    at: ARRIVAL,
    ...ANN,
    ...MAIL,
    journey: JOURNEY,
    campaign: undefined,
    status: '5.1.1',
    bounce: { type: 'Permanent', subType: 'General', diagnostic: 'smtp; 550 5.1.1 user unknown' },
  }],
  ['email-softbounce', { type: 'EMAIL_SOFT_BOUNCE', at: ARRIVAL, bounce: expect.objectContaining({ type: 'Transient', subType: 'MailboxFull' }) }],
  ['email-complaint', { type: 'EMAIL_COMPLAINT', at: ARRIVAL, ...MAIL, complaint: { type: 'abuse' }, userAgent: 'Abuse/1.0' }],
  ['email-rejected', { type: 'EMAIL_REJECTED', at: ARRIVAL, status: 'Bad content' }],
  ['email-unsubscribe', { type: 'EMAIL_UNSUBSCRIBE', at: ARRIVAL, ...ANN }],
  ['email-transactional', { type: 'EMAIL_DELIVERED', userId: undefined, endpointId: '49c1413e-a69c-46dc-b1c4-6470eexample', campaign: undefined }],
  ['sms-success', {
    type: 'SMS_SUCCESS',
    at: SENT,
    userId: 'user-7',
    endpointId: 'device-1',
    channel: 'SMS',
    address: '+14255550199',
    messageId: 'sms-1',
    status: 'DELIVERED',
    metrics: { price_in_millicents_usd: 645 },
    attributes: expect.objectContaining({ iso_country_code: 'US' }),
  }],
  ['sms-buffered', { type: 'SMS_BUFFERED', userId: 'ann', endpointId: 'ann:SMS', status: 'SUCCESSFUL' }],
  ['sms-optout', { type: 'SMS_OPT_OUT', userId: 'ann', status: 'OPTED_OUT' }],
  ['sms-failure', {
    type: 'SMS_FAILURE', at: SENT, userId: 'ann', address: '+14255550199', status: 'UNREACHABLE', campaign: CAMPAIGN, metrics: { price_in_millicents_usd: 645 },
  }],
  ['email-rendering-failure', { type: 'EMAIL_RENDERING_FAILURE', at: ARRIVAL, ...ANN, ...MAIL, campaign: CAMPAIGN }],
  ['campaign-push', { type: 'CAMPAIGN_SEND', at: SENT, userId: 'Ann B', channel: 'GCM', address: 'device-token', status: 'SUCCESS', campaign: CAMPAIGN }],
  ['campaign-opened-notification', { type: 'CAMPAIGN_OPENED_NOTIFICATION', at: SENT, endpointId: 'device-1', campaign: CAMPAIGN }],
  ['campaign-send', { type: 'CAMPAIGN_SEND', at: SENT, userId: 'Ann B', endpointId: 'endpoint-9', channel: 'EMAIL', status: 'SUCCESS', campaign: CAMPAIGN, attributes: {} }],
  ['campaign-holdout', { type: 'CAMPAIGN_SEND', userId: undefined, channel: undefined, status: 'HOLDOUT' }],
  ['journey-send', { type: 'JOURNEY_SEND', userId: undefined, endpointId: 'endpoint-9', channel: 'EMAIL', status: 'SUCCESS', journey: JOURNEY }],
  ['session-stop', { type: 'SESSION_STOP', at: SENT, endpointId: 'device-1', attributes: {}, metrics: {} }],
  ['custom', {
    type: 'CUSTOM',
    sourceType: 'Offer.Seen',
    userId: 'ann',
    messageId: undefined,
    campaign: undefined,
    attributes: { 'offer.id': '20_OFF', 'message_id': 'mine' },
    metrics: { 'price.total': 12.5 },
  }],
])('%s', (name, expected) => {
  expect(eventOf(name)).toEqual(expect.objectContaining({ ...expected, id: expect.stringMatching(/^[0-9a-f]{32}$/) }));
});

const sentBy = (name: string, changes: object): Raw => ({ ...RECORDS[name], application: { ...RECORDS[name].application, ...changes } });

test('what is not wanted is dropped, with its reason', () => {
  expect(read(RECORDS.test)).toBe('TestEvent');
  expect(read({ ...RECORDS.custom, event_type: 'cdp.endpoint_update' })).toBe('OwnEvent');
  expect(read(sentBy('custom', { sdk: { name: 'cdk-cdp-engagement' } }))).toBe('OwnEvent');
  expect(read(sentBy('custom', { sdk: { name: 'aws-sdk-mobile-analytics-js' } }))).toMatchObject({ type: 'CUSTOM' });
  expect(read(sentBy('email-open', { app_id: 'another' }))).toBe('OtherApplication');
  expect(read({ ...RECORDS['email-open'], application: null })).toMatchObject({ type: 'EMAIL_OPEN' });
  expect(read(RECORDS['email-open'], new Set(['EMAIL_CLICK']))).toBe('NotWanted');
  expect(read(RECORDS['email-open'], new Set(['EMAIL_OPEN']))).toMatchObject({ type: 'EMAIL_OPEN' });
});

const without = (raw: Raw, ...names: string[]): Raw => Object.fromEntries(Object.entries(raw).filter(([name]) => !names.includes(name)));

test.each<[string, Raw, string]>([
  ['no type', without(RECORDS.custom, 'event_type'), 'MissingEventType'],
  ['type null', { ...RECORDS.custom, event_type: null }, 'MissingEventType'],
  ['nobody', { ...RECORDS.custom, client: {} }, 'MissingUser'],
])('%s is rejected', (_, raw, code) => {
  expect(() => read(raw)).toThrow(expect.objectContaining({ code }));
});

test.each<[string, Raw, string]>([
  ['arrival missing', without(RECORDS['email-open'], 'arrival_timestamp'), SENT],
  ['both missing', without(RECORDS['email-open'], 'arrival_timestamp', 'event_timestamp'), ARRIVED.at],
  ['not a number', { ...RECORDS.custom, event_timestamp: {}, arrival_timestamp: 'soon' }, ARRIVED.at],
  ['too late', { ...RECORDS.custom, event_timestamp: 1e18 }, ARRIVAL],
  ['text', { ...RECORDS.custom, event_timestamp: '1795428000000' }, SENT],
])('timestamps: %s', (_, raw, at) => {
  expect(read(raw)).toMatchObject({ at });
});

test.each<[string, unknown]>([['null', null], ['text', 'x'], ['a list', []], ['a number', 7], ['nothing', undefined]])('any member may be %s', (_, value) => {
  for (const raw of Object.values(RECORDS)) {
    for (const name of Object.keys(raw).filter((key) => key !== 'event_type' && key !== 'client')) expect(read({ ...raw, [name]: value })).toBeDefined();
  }
});

test.each<[string, string | undefined]>([
  ['{"userId":"u"}', 'u'], ['\n { "user_id": 7 }', '7'], ['{"userId":null,"UserId":"u"}', 'u'], ['{"userId":{}}', undefined],
  ['{"userId":"u"', undefined], ['[{"userId":"u"}]', undefined], ['"u"', undefined], ['', undefined],
])('the context of a text message, %p, names %p', (context, userId) => {
  const raw = structuredClone(RECORDS['sms-success']);
  raw.attributes.customer_context = context;
  expect(read(raw)).toMatchObject({ userId });
});

test('an e-mail that was sent to several: the address is whose server took it', () => {
  const raw = structuredClone(RECORDS['email-delivered']);
  const { mail_event: facet } = raw.facets.email_channel;
  facet.mail.destination = ['ann@example.com', 'bob@example.com'];
  facet.delivery.recipients = ['bob@example.com'];
  expect(read(raw)).toMatchObject({ address: 'bob@example.com' });
  facet.delivery.recipients = [null];
  expect(read(raw)).toMatchObject({ address: 'ann@example.com' });
});

test.each([
  '{channel}-{userId}', '{userId}-{channel}', '{channel}-x-{userId}',
])('a made-up client id is not taken for the template %s', (endpointId) => {
  for (const clientId of ['deadbeef-a69c-46dc-b1c4-6470e0000000', '49c1413e-a69c-46dc-b1c4-abcdefabcdef', 'deadbeef-x-46dc']) {
    const raw = { ...RECORDS['email-transactional'], client: { client_id: clientId } };
    expect(source({ endpointId }).read(raw, ARRIVED)).toMatchObject({ userId: undefined, endpointId: clientId });
  }
});

describe('the id', () => {
  const id = (raw: Raw) => (read(raw) as EngagementEvent).id;
  test('is the same at every reading, and says nothing of the stream', () => {
    expect(id(structuredClone(RECORDS['email-open']))).toBe(id(RECORDS['email-open']));
    expect((source().read(RECORDS['email-open'], { id: 'another', at: ARRIVED.at }) as EngagementEvent).id).toBe(id(RECORDS['email-open']));
  });
  test('is that of the record as it was written, but for what is around it', () => {
    const idOf = (text: string) => (source().read(JSON.parse(text), ARRIVED, undefined, text) as EngagementEvent).id;
    const text = JSON.stringify(RECORDS['email-open']);
    expect(idOf(text)).toBe(id(RECORDS['email-open']));
    expect(idOf(` ${text}\r\n`)).toBe(idOf(text));
    const exact = (price: string) => text.replace('{', `{"metrics":{"price":${price}},`);
    expect(idOf(exact('9007199254740993'))).not.toBe(idOf(exact('9007199254740992')));
  });
  test.each<[string, (raw: Raw) => void]>([
    ['type', (raw) => (raw.event_type = '_email.open')], ['endpoint', (raw) => (raw.client.client_id = 'bob:EMAIL')],
    ['sending', (raw) => (raw.event_timestamp += 1)], ['arrival', (raw) => (raw.arrival_timestamp += 1)],
    ['message', (raw) => (raw.facets.email_channel.mail_event.mail.message_id = 'm')],
    ['link', (raw) => (raw.attributes.feedback = 'https://example.com/b')], ['activity', (raw) => (raw.attributes.campaign_activity_id = 'b')],
    ['detail', (raw) => (raw.facets.email_channel.mail_event.click.ip_address = '203.0.113.8')], ['metric', (raw) => (raw.metrics = { a: 1 })],
  ])('tells apart by %s', (_, change) => {
    const other = structuredClone(RECORDS['email-click']);
    change(other);
    expect(id(other)).not.toBe(id(RECORDS['email-click']));
  });
  test('tells apart by application', () => {
    const ofOther = source({ applicationId: 'b' }).read(sentBy('email-click', { app_id: 'b' }), ARRIVED) as EngagementEvent;
    expect(ofOther.id).not.toBe(id(RECORDS['email-click']));
  });
  test('of a record without a time tells apart by the arrival, which is its time', () => {
    const timeless = without(RECORDS.custom, 'event_timestamp', 'arrival_timestamp');
    const at = (time: string) => source().read(timeless, { id: 'a', at: time }) as EngagementEvent;
    expect(at(SENT)).toEqual(at(SENT));
    expect(at(SENT).id).not.toBe(at(ARRIVAL).id);
    expect(at(SENT).id).not.toBe(id(RECORDS.custom));
  });
  test('is that of the sample for ever: a release must not change it', () => {
    expect(id(RECORDS['email-hardbounce'])).toMatchInlineSnapshot('"064d44e664489ab5d5aa28c38446f85a"');
  });
});

describe('GetEndpoint', () => {
  const throttled = Object.assign(new Error(), { name: 'TooManyRequestsException', $metadata: { httpStatusCode: 429 } });
  const refused = Object.assign(new Error(), { name: 'ForbiddenException', $metadata: { httpStatusCode: 403 } });
  const complete = async (getEndpoint: jest.Mock, events: EngagementEvent[], made = source({ lookUpEndpoints: true }, getEndpoint)) =>
    made.complete!(events, { deadline: Date.now() + 1_000, meter: new Meter() });

  test('names the user once per endpoint; nobody is remembered too', async () => {
    const getEndpoint = jest.fn(async (endpoint: string) => endpoint === 'endpoint-9' ? 'ann' : undefined);
    const made = source({ lookUpEndpoints: true }, getEndpoint);
    const events = [eventOf('journey-send'), eventOf('journey-send'), eventOf('session-stop'), eventOf('email-open')];
    for (let round = 0; round < 2; round += 1) {
      const answers = await complete(getEndpoint as jest.Mock, events, made) as EngagementEvent[];
      expect(answers.map(({ userId }) => userId)).toEqual(['ann', 'ann', undefined, 'ann']);
    }
    expect(getEndpoint.mock.calls.map(([endpoint]) => endpoint)).toEqual(['endpoint-9', 'device-1']);
  });
  test('is not asked for a transactional e-mail, whose client id is made up', async () => {
    const getEndpoint = jest.fn();
    await complete(getEndpoint, [eventOf('email-transactional')]);
    expect(getEndpoint).not.toHaveBeenCalled();
  });
  test('when it is busy, the event is to be retried and nothing is remembered', async () => {
    const getEndpoint = jest.fn().mockRejectedValueOnce(throttled).mockResolvedValue('ann');
    const made = source({ lookUpEndpoints: true }, getEndpoint);
    expect(await complete(getEndpoint, [eventOf('journey-send')], made)).toEqual([{ status: 'retry', code: 'TooManyRequestsException' }]);
    expect(await complete(getEndpoint, [eventOf('journey-send')], made)).toEqual([expect.objectContaining({ userId: 'ann' })]);
  });
  test('an id that it can\'t even be asked for is nobody\'s: the event goes on, and does not come again for ever', async () => {
    const getEndpoint = jest.fn().mockRejectedValue(Object.assign(new Error(), { name: 'BadRequestException', $metadata: { httpStatusCode: 400 } }));
    const made = source({ lookUpEndpoints: true }, getEndpoint);
    for (let round = 0; round < 2; round += 1) expect(await complete(getEndpoint, [eventOf('journey-send')], made)).toEqual([eventOf('journey-send')]);
    expect(getEndpoint).toHaveBeenCalledTimes(1);
  });
  test('when it does not answer, a look-up costs seconds and not the half of the invocation', async () => {
    const getEndpoint = pinpointGetEndpoint('app', 10, async () => pinpoint);
    await withSilentService((response) => response.statusCode = 500, async () => {
      await expect(getEndpoint('endpoint-9', Date.now() + 60_000)).rejects.toMatchObject({ name: 'TimeoutError' });
    });
  }, 15_000);
  test('when it refuses, the deployment is wrong', async () => {
    await expect(complete(jest.fn().mockRejectedValue(refused), [eventOf('journey-send')])).rejects.toThrow('ForbiddenException');
  });
});
