import { createHmac } from 'node:crypto';
import { CONSTRUCT, CdpHarness, basic, startCdp } from './cdp-harness';
import { CdpServer } from '../../local/cdp/server';
import { parseFaults } from '../../local/faults';
import { CdpDestinationConfig } from '../../src/contract/cdp-destination';

let harness: CdpHarness;
const start = async (config: CdpDestinationConfig | readonly CdpDestinationConfig[], faults = '') => {
  harness = await startCdp([config].flat() as CdpDestinationConfig[], faults);
};
const lastMessages = () => harness.cdp.inbox.requests.at(-1)?.messages;
afterEach(() => harness.cdp.close());

const writeKey = { secretArn: 'arn' };
const SEGMENT: CdpDestinationConfig = { kind: 'segment', url: '', writeKey };
const RUDDERSTACK: CdpDestinationConfig = { kind: 'rudderstack', url: '', writeKey };
const MPARTICLE: CdpDestinationConfig = { kind: 'mparticle', url: '', credentials: { secretArn: 'arn' }, environment: 'production' };
const TEALIUM: CdpDestinationConfig = { kind: 'tealium', url: '', account: 'acme', profile: 'main', token: { secretArn: 'arn' } };
const HTTP: CdpDestinationConfig = {
  kind: 'http',
  url: '/hook',
  maxBatchSize: 2,
  headers: { 'x-source': 'us' },
  secretHeader: { name: 'authorization', secret: { secretArn: 'arn' } },
  signingSecret: { secretArn: 'arn' },
};

const track = (messageId: string, rest: object = {}) => ({ type: 'track', event: 'Email Opened', userId: 'ana', messageId, ...rest });
const KEY = basic('the-key');

describe('Segment', () => {
  const batch = async (messages: unknown[], headers = KEY) => harness.post('/v1/batch', { batch: messages }, headers);

  test('takes a batch, and each messageId once', async () => {
    await start(SEGMENT);
    expect(await batch([track('1'), track('2')])).toMatchObject({ status: 200, json: { success: true } });
    await batch([track('2'), track('3')]);
    const head = { construct: CONSTRUCT, method: 'POST', path: '/v1/batch', status: 200 };
    expect(harness.cdp.inbox.requests).toMatchObject([
      { ...head, body: { batch: [track('1'), track('2')] }, messages: [{ id: '1', outcome: 'accepted' }, { id: '2', outcome: 'accepted' }] },
      { ...head, body: { batch: [track('2'), track('3')] }, messages: [{ id: '2', outcome: 'duplicate' }, { id: '3', outcome: 'accepted' }] },
    ]);
    expect(harness.cdp.inbox.accepted.map(({ id }) => id)).toEqual(['1', '2', '3']);
    expect(harness.cdp.inbox.problems).toEqual([]);
  });

  test.each([
    ['no key', {}],
    ['another key', basic('other')],
    ['a key without its colon', { authorization: `Basic ${Buffer.from('the-key').toString('base64')}` }],
  ])('%s is 401', async (_name, headers) => {
    await start(SEGMENT);
    expect((await batch([track('1')], headers as Record<string, string>)).status).toBe(401);
    expect(lastMessages()).toEqual([]);
  });

  test('the key may be in the body', async () => {
    await start(SEGMENT);
    expect((await harness.post('/v1/track', { ...track('1'), writeKey: 'the-key' })).status).toBe(200);
    expect(lastMessages()).toEqual([{ id: '1', outcome: 'accepted' }]);
  });

  test('too many events: 200, and none is taken', async () => {
    await start(SEGMENT);
    const messages = Array.from({ length: 2_501 }, (_, index) => track(String(index)));
    expect((await batch(messages.slice(1))).status).toBe(200);
    expect(harness.cdp.inbox.accepted).toHaveLength(2_500);
    expect((await batch(messages)).status).toBe(200);
    expect(harness.cdp.inbox.accepted).toHaveLength(2_500);
    expect(harness.cdp.inbox.problems).toHaveLength(2_501);
  });

  test('too large is 400', async () => {
    await start(SEGMENT);
    const large = Array.from({ length: 17 }, (_, index) => track(String(index), { properties: { text: 'x'.repeat(30_000) } }));
    expect((await batch(large.slice(0, 16))).status).toBe(200);
    expect((await batch(large)).status).toBe(400);
    expect((await harness.post('/v1/track', track('1', { properties: { text: 'x'.repeat(32_000) } }), KEY)).status).toBe(400);
    expect((await harness.post('/v1/batch', '{"batch":', KEY)).status).toBe(400);
  });

  test.each([
    ['nobody', { userId: undefined }, 'neither userId nor anonymousId'],
    ['a large event', { properties: { text: 'x'.repeat(32_000) } }, 'larger than 32000 bytes'],
    ['another type', { type: 'tracked' }, 'unknown type "tracked"'],
    ['no event', { event: undefined }, 'a track call without event'],
    ['a long messageId', { messageId: 'x'.repeat(100) }, 'a messageId of 100 characters or more'],
    ['no date', { timestamp: 'yesterday' }, 'timestamp is no date'],
  ])('%s in a batch: 200, rejected, and the run fails', async (_name, change, reason) => {
    await start(SEGMENT);
    expect((await batch([track('1', change), track('2')])).status).toBe(200);
    expect(lastMessages()).toMatchObject([{ outcome: 'rejected', reason }, { outcome: 'accepted' }]);
    expect(harness.cdp.inbox.problems).toEqual([expect.stringContaining(reason)]);
  });

  test('one messageId with different content is a problem; the time of sending may differ', async () => {
    await start(SEGMENT);
    await batch([track('1', { sentAt: '2026-11-23T10:00:00Z' })]);
    await batch([track('1', { sentAt: '2026-11-23T10:00:09Z' })]);
    expect(harness.cdp.inbox.problems).toEqual([]);
    await batch([track('1', { userId: 'ben' })]);
    expect(harness.cdp.inbox.problems).toEqual([`${CONSTRUCT}: the message 1 was sent twice with different content`]);
  });
});

test('RudderStack takes 4 MB and no limit of events', async () => {
  await start(RUDDERSTACK);
  const batch = Array.from({ length: 3_000 }, (_, index) => track(String(index)));
  expect((await harness.post('/v1/batch', { batch }, KEY)).status).toBe(200);
  expect(harness.cdp.inbox.accepted).toHaveLength(3_000);
  const large = Array.from({ length: 140 }, (_, index) => track(`l${index}`, { properties: { text: 'x'.repeat(30_000) } }));
  expect((await harness.post('/v1/batch', { batch: large }, KEY)).status).toBe(400);
});

describe('mParticle', () => {
  const event = (id: string, rest: object = {}) =>
    ({ event_type: 'custom_event', data: { event_name: 'Email Opened', source_message_id: id }, ...rest });
  const one = (events: unknown[], rest: object = {}) =>
    ({ events, environment: 'production', schema_version: 2, user_identities: { customer_id: 'ana' }, ...rest });
  const AUTH = basic('the-key', 'the-secret');

  test('takes batches with 202', async () => {
    await start(MPARTICLE);
    expect((await harness.post('/v2/bulkevents', [one([event('1'), event('2')]), one([event('3')])], AUTH)).status).toBe(202);
    expect(lastMessages()?.map(({ id, outcome }) => [id, outcome])).toEqual([['1', 'accepted'], ['2', 'accepted'], ['3', 'accepted']]);
  });

  test('needs key and secret', async () => {
    await start(MPARTICLE);
    expect((await harness.post('/v2/bulkevents', [one([event('1')])], basic('the-key', 'other'))).status).toBe(401);
  });

  test.each([
    ['101 batches', () => Array.from({ length: 101 }, (_, index) => one([event(String(index))]))],
    ['101 events', () => [one(Array.from({ length: 101 }, (_, index) => event(String(index))))]],
    ['more than 256 KB', () => Array.from({ length: 3 }, () => one([event('1', { text: 'x'.repeat(90_000) })]))],
    ['no list', () => one([event('1')])],
  ])('%s is 400', async (_name, body) => {
    await start(MPARTICLE);
    expect((await harness.post('/v2/bulkevents', body(), AUTH)).status).toBe(400);
  });

  test.each([
    ['a batch above 128 KB', one([event('1', { text: 'x'.repeat(128_000) })]), 'a batch is larger than 128000 bytes'],
    ['nobody', one([event('1')], { user_identities: {} }), 'no identity of a user or device'],
    ['no environment', one([event('1')], { environment: undefined }), 'environment must be'],
    ['no event_type', one([{ data: {} }]), 'event_type'],
  ])('%s in bulk: 202 all the same, and the run fails', async (_name, bad, reason) => {
    await start(MPARTICLE);
    expect((await harness.post('/v2/bulkevents', [bad, one([event('2')])], AUTH)).status).toBe(202);
    expect(lastMessages()?.map(({ outcome }) => outcome)).toEqual(['rejected', 'accepted']);
    expect(harness.cdp.inbox.problems).toEqual([expect.stringContaining(reason)]);
  });
});

describe('Tealium', () => {
  const AUTH = { authorization: 'Bearer the-key' };
  const shared = { tealium_account: 'acme', tealium_profile: 'main' };
  const bulk = async (events: unknown, common: object = shared) => harness.post('/v3/collect/bulk-event', { shared: common, events }, AUTH);
  const event = (id: string, rest: object = {}) => ({ tealium_event: 'email_opened', event_id: id, ...rest });

  test('takes ten events', async () => {
    await start(TEALIUM);
    expect((await bulk(Array.from({ length: 10 }, (_, index) => event(String(index))))).status).toBe(200);
    expect(harness.cdp.inbox.accepted).toHaveLength(10);
  });

  test('tells a wrong account by a header of a 200', async () => {
    await start(TEALIUM);
    const { status, headers } = await bulk([event('1')], {});
    expect([status, headers.get('x-error')]).toEqual([200, 'Missing required tealium_account or tealium_profile param value']);
    expect(lastMessages()).toMatchObject([{ outcome: 'rejected' }]);
    expect(harness.cdp.inbox.problems).toEqual([]);
  });

  test('refuses with 400', async () => {
    await start(TEALIUM);
    expect(await bulk(undefined)).toMatchObject({ status: 400, json: { returnCode: 1400, message: 'Request body must contain \'events\' key.' } });
    expect((await bulk(Array.from({ length: 11 }, (_, index) => event(String(index))))).status).toBe(400);
    expect((await bulk([event('1', { 'a.b': 1 })])).status).toBe(400);
    expect((await bulk([event('1', { text: 'x'.repeat(1_000_000) })])).status).toBe(400);
  });

  test('the token is asked for by version 3 only', async () => {
    await start(TEALIUM);
    expect((await harness.post('/v3/collect/bulk-event', { shared, events: [event('1')] })).status).toBe(401);
    await harness.cdp.close();
    await start({ ...TEALIUM, token: undefined } as CdpDestinationConfig);
    expect((await harness.post('/bulk-event', { shared, events: [event('1')] })).status).toBe(200);
    expect((await harness.post('/v3/collect/bulk-event', { shared, events: [event('1')] })).status).toBe(401);
    expect((await harness.post('/v3/collect/integration/event/accounts/acme/profiles/main/datasources/x', event('2'))).status).toBe(401);
  });
});

describe('a webhook', () => {
  const send = async (body: unknown, change: (seconds: number) => Record<string, string> = () => ({})) => {
    const text = JSON.stringify(body);
    const seconds = Math.floor(Date.now() / 1000);
    const signature = (at: number) => `t=${at},v1=${createHmac('sha256', 'the-key').update(`${at}.${text}`).digest('hex')}`;
    const old = change(seconds).old;
    const headers = { 'authorization': 'the-key', 'x-source': 'us', 'x-cdp-signature': signature(old ? Number(old) : seconds), ...change(seconds) };
    return (await harness.post('/hook', text, headers)).status;
  };

  test('checks header, signature and size', async () => {
    await start(HTTP);
    expect(await send([{ id: '1' }, { id: '2' }])).toBe(200);
    expect(harness.cdp.inbox.accepted.map(({ id }) => id)).toEqual(['1', '2']);
    expect(await send([{ id: '1' }], () => ({ authorization: 'other' }))).toBe(401);
    expect(await send([{ id: '1' }], () => ({ 'x-cdp-signature': 'v1=00' }))).toBe(401);
    expect(await send([{ id: '1' }], (seconds) => ({ old: String(seconds - 301) }))).toBe(401);
    expect(await send([{ id: '1' }], () => ({ 'x-source': 'them' }))).toBe(400);
    expect(await send([{ id: '3' }, { id: '4' }, { id: '5' }])).toBe(413);
  });
});

test('what no destination of the app is at is 404', async () => {
  await start(SEGMENT);
  expect((await harness.post('/v2/bulkevents', [])).status).toBe(404);
});

test('the credentials tell apart two destinations with one path', async () => {
  await start([{ ...RUDDERSTACK, writeKey: { secretArn: 'arn', field: 'secret' } }, SEGMENT] as CdpDestinationConfig[]);
  const batch = Array.from({ length: 2_501 }, (_, index) => track(String(index)));
  await harness.post('/v1/batch', { batch }, basic('the-secret'));
  expect(harness.cdp.inbox.accepted).toHaveLength(2_501);
  await harness.post('/v1/batch', { batch: batch.map(({ messageId }) => track(`s${messageId}`)) }, KEY);
  expect(harness.cdp.inbox.accepted).toHaveLength(2_501);
});

test('a destination outside is never called', async () => {
  const cdp = await CdpServer.start(parseFaults(''));
  const config: CdpDestinationConfig = { ...SEGMENT, url: 'https://api.segment.io' } as CdpDestinationConfig;
  expect(() => cdp.accounts.open([{ construct: CONSTRUCT, config }], () => 'x', cdp.url)).toThrow(/which a local run must not call/);
  await cdp.close();
});

describe('faults', () => {
  test('statuses, with Retry-After for 429', async () => {
    await start(SEGMENT, 'cdp:429x1,cdp:503x1,cdp:401x1');
    const { status, headers } = await harness.post('/v1/batch', { batch: [track('1')] }, KEY);
    expect([status, headers.get('retry-after')]).toEqual([429, '1']);
    expect((await harness.post('/v1/batch', { batch: [track('1')] }, KEY)).status).toBe(503);
    expect((await harness.post('/v1/batch', { batch: [track('1')] }, KEY)).status).toBe(401);
    expect(harness.cdp.inbox.accepted).toEqual([]);
    expect((await harness.post('/v1/batch', { batch: [track('1')] }, KEY)).status).toBe(200);
  });

  test('of two lost answers one is to a request that was taken', async () => {
    await start(SEGMENT, 'cdp:resetx2');
    for (const _ of [1, 2]) await expect(harness.post('/v1/batch', { batch: [track('1')] }, KEY)).rejects.toThrow();
    expect(harness.cdp.inbox.requests.map(({ status, messages }) => [status, messages.length])).toEqual([[0, 0], [0, 1]]);
  });
});
