import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { signatureOf } from '../../../lambda-src/transports/signature';
import { WebhookVerificationConfig } from '../../../src/contract/webhook';
import { givenWebhook, hmac, KEY, SECRET, Sent } from '../support/webhook';

const EVENT = { type: 'track', userId: 'ana', event: 'Seen', properties: { text: 'ümlaut "quoted" [}]' } };
const OTHER = { type: 'track', userId: 'ben', event: 'Seen' };
const BODY = JSON.stringify(EVENT);
const BATCH = JSON.stringify([EVENT, OTHER]);
const NOW = Date.UTC(2026, 10, 27);
const SECONDS = NOW / 1000;
const TOLERANCE = 300;

beforeEach(() => void jest.useFakeTimers({ now: NOW, doNotFake: ['nextTick', 'setImmediate', 'setTimeout', 'clearTimeout'] }));
afterEach(() => void jest.useRealTimers());

const WHOLE: WebhookVerificationConfig = { kind: 'segmentSignature', secret: SECRET, signed: 'body' };
const FIRST: WebhookVerificationConfig = { kind: 'segmentSignature', secret: SECRET, signed: 'firstEvent' };
const TIMED: WebhookVerificationConfig = { kind: 'hmacSha256', secret: SECRET, header: 'x-cdp-signature', toleranceSeconds: TOLERANCE };
const BEARER: WebhookVerificationConfig = { kind: 'header', secret: SECRET, header: 'authorization', scheme: 'Bearer' };
const HEADER: WebhookVerificationConfig = { kind: 'header', secret: SECRET, header: 'x-key' };
const WRITE_KEY: WebhookVerificationConfig = { kind: 'writeKey', secret: SECRET };
const EVENTS: WebhookVerificationConfig = { kind: 'cloudEvents', secret: SECRET, requestsPerMinute: 6000 };

const timed = (at: number, body: string = BODY, key = KEY) => ({ 'X-Cdp-Signature': signatureOf(body, key, at * 1000) });
const basic = (user: string, password = '') => ({ Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` });
const sha1 = (body: string | Buffer, key = KEY) => ({ 'X-Signature': hmac('sha1', key, body) });

test.each<[string, WebhookVerificationConfig, Sent]>([
  ['Segment, one event', WHOLE, { body: BODY, headers: sha1(BODY) }],
  ['Segment, one event, capitals', WHOLE, { body: BODY, headers: { 'x-signature': sha1(BODY)['X-Signature'].toUpperCase() } }],
  ['Segment, the whole array', WHOLE, { body: BATCH, headers: sha1(BATCH) }],
  ['Segment, the first event of an array', FIRST, { body: BATCH, headers: sha1(BODY) }],
  ['Segment, the whole array where the first event would do', FIRST, { body: BATCH, headers: sha1(BATCH) }],
  ['Segment, the first event where there is no array', FIRST, { body: BODY, headers: sha1(BODY) }],
  ['HMAC-SHA256 now', TIMED, { body: BODY, headers: timed(SECONDS) }],
  ['HMAC-SHA256 at the older edge', TIMED, { body: BODY, headers: timed(SECONDS - TOLERANCE) }],
  ['HMAC-SHA256 at the newer edge', TIMED, { body: BODY, headers: timed(SECONDS + TOLERANCE) }],
  ['HMAC-SHA256 by the second of two signatures, beside an unknown version', TIMED,
    { body: BODY, headers: { 'x-cdp-signature': `t=${SECONDS}, v0=zz, v1=${'00'.repeat(32)}, v1=${hmac('sha256', KEY, `${SECONDS}.${BODY}`)}` } }],
  ['a bearer token', BEARER, { body: BODY, headers: { authorization: `bearer ${KEY}` } }],
  ['a header', HEADER, { body: BODY, headers: { 'X-Key': KEY } }],
  ['a write key', WRITE_KEY, { body: BODY, headers: basic(KEY), call: 'track' }],
  ['CloudEvents by header', EVENTS, { body: BODY, headers: { authorization: `Bearer ${KEY}` } }],
  ['CloudEvents by query', EVENTS, { body: BODY, query: { access_token: KEY } }],
])('takes: %s', async (_, verification, sent) => {
  const { send, stream } = givenWebhook({ config: { verification } });
  expect(await send(sent)).toMatchObject({ statusCode: 200, json: { success: true } });
  expect(stream.length).toBeGreaterThan(0);
});

test.each<[string, WebhookVerificationConfig, Sent, string?]>([
  ['Segment without a signature', WHOLE, { body: BODY }],
  ['Segment with another key', WHOLE, { body: BODY, headers: sha1(BODY, 'another') }],
  ['Segment with another body', WHOLE, { body: `${BODY} `, headers: sha1(BODY) }],
  ['Segment with a signature that is no hexadecimal', WHOLE, { body: BODY, headers: { 'x-signature': 'zz'.repeat(20) } }],
  ['Segment with half a signature', WHOLE, { body: BODY, headers: { 'x-signature': sha1(BODY)['X-Signature'].slice(0, 20) } }],
  ['Segment with an empty signature', WHOLE, { body: BODY, headers: { 'x-signature': '' } }],
  ['Segment, the first event where the whole is asked for', WHOLE, { body: BATCH, headers: sha1(BODY) }],
  ['Segment, the second event', FIRST, { body: BATCH, headers: sha1(JSON.stringify(OTHER)) }],
  ['Segment, a truncated array', FIRST, { body: BATCH.slice(0, -1), headers: sha1(BODY) }],
  ['HMAC-SHA256 a second too old', TIMED, { body: BODY, headers: timed(SECONDS - TOLERANCE - 1) }, 'OutsideWindow'],
  ['HMAC-SHA256 a second too new', TIMED, { body: BODY, headers: timed(SECONDS + TOLERANCE + 1) }, 'OutsideWindow'],
  ['HMAC-SHA256 with another time than it was signed with', TIMED,
    { body: BODY, headers: { 'x-cdp-signature': timed(SECONDS - 1)['X-Cdp-Signature'].replace(/t=\d+/, `t=${SECONDS}`) } }],
  ['HMAC-SHA256 with two times', TIMED, { body: BODY, headers: { 'x-cdp-signature': `t=1,${timed(SECONDS)['X-Cdp-Signature']}` } }],
  ['HMAC-SHA256 without a time', TIMED, { body: BODY, headers: { 'x-cdp-signature': `v1=${hmac('sha256', KEY, `.${BODY}`)}` } }],
  ['HMAC-SHA256 with a time that is none', TIMED, { body: BODY, headers: { 'x-cdp-signature': `t=NaN,v1=${hmac('sha256', KEY, `NaN.${BODY}`)}` } }],
  ['HMAC-SHA256 with another body', TIMED, { body: BATCH, headers: timed(SECONDS) }],
  ['HMAC-SHA256 with another key', TIMED, { body: BODY, headers: timed(SECONDS, BODY, 'another') }],
  ['no token', BEARER, { body: BODY }],
  ['another token', BEARER, { body: BODY, headers: { authorization: `Bearer ${KEY}x` } }],
  ['a token without its scheme', BEARER, { body: BODY, headers: { authorization: KEY } }],
  ['a token with another scheme', BEARER, { body: BODY, headers: { authorization: `Basic ${KEY}` } }],
  ['a token in the query of what is no CloudEvents webhook', BEARER, { body: BODY, query: { access_token: KEY } }],
  ['another value of a header', HEADER, { body: BODY, headers: { 'x-key': KEY.toUpperCase() } }],
  ['another write key', WRITE_KEY, { body: BODY, headers: basic('another'), call: 'track' }],
  ['the write key as password', WRITE_KEY, { body: BODY, headers: basic('', KEY), call: 'track' }],
  ['the write key in the body alone', WRITE_KEY, { body: JSON.stringify({ ...EVENT, writeKey: KEY }), call: 'track' }],
  ['CloudEvents with another token', EVENTS, { body: BODY, query: { access_token: 'x' } }],
  ['CloudEvents with a wrong header and a right query', EVENTS, { body: BODY, headers: { authorization: 'Bearer x' }, query: { access_token: KEY } }],
])('refuses: %s', async (_, verification, sent, error = 'Unauthenticated') => {
  const { send, stream, telemetry } = givenWebhook({ config: { verification } });
  expect(await send(sent)).toMatchObject({ statusCode: 401, json: { error } });
  expect(stream).toEqual([]);
  expect(telemetry.summary()).toEqual({ RequestsRefused: 1 });
});

/** Whoever lacks the secret gets nothing onto the stream, whatever they send. */
test.each([WHOLE, FIRST, TIMED, BEARER, HEADER, WRITE_KEY, EVENTS])('forged: $kind', async (verification) => {
  const names = fc.constantFrom('x-signature', 'x-cdp-signature', 'authorization', 'x-key');
  const values = fc.oneof(fc.string(), fc.stringMatching(/^t=\d{10},v1=[0-9a-f]{64}$/), fc.stringMatching(/^[0-9a-f]{40}$/), fc.string().map((s) => `Bearer ${s}`),
    fc.string().map((s) => basic(s).Authorization));
  await fc.assert(fc.asyncProperty(fc.dictionary(names, values), fc.oneof(fc.json(), fc.constantFrom(BODY, BATCH)), async (headers, body) => {
    const { send, stream } = givenWebhook({ config: { verification } });
    expect((await send({ headers, body, call: verification.kind === 'writeKey' ? 'batch' : 'webhook' })).statusCode).toBe(401);
    expect(stream).toEqual([]);
  }), { numRuns: 60 });
});

test('any changed byte of a signed body is noticed', async () => {
  await fc.assert(fc.asyncProperty(fc.nat(Buffer.byteLength(BATCH) - 1), fc.integer({ min: 1, max: 255 }), async (at, by) => {
    const body = Buffer.from(BATCH);
    body[at] = (body[at] + by) % 256;
    for (const [verification, headers] of [[WHOLE, sha1(BATCH)], [TIMED, timed(SECONDS, BATCH)]] as const) {
      const { send, stream } = givenWebhook({ config: { verification } });
      expect((await send({ body, headers })).statusCode).toBe(401);
      expect(stream).toEqual([]);
    }
  }), { numRuns: 100 });
});

test('a body that was cut off is noticed, signed or not, compressed or not', async () => {
  const cut = (body: Buffer, at: number) => body.subarray(0, Math.floor(body.length * at));
  const authorization = `Bearer ${KEY}`;
  await fc.assert(fc.asyncProperty(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), fc.constantFrom(BODY, BATCH), async (at, text) => {
    const body = Buffer.from(text);
    for (const [verification, sent, status] of [
      [WHOLE, { body: cut(body, at), headers: sha1(body) }, 401], [FIRST, { body: cut(body, at), headers: sha1(BODY) }, 401],
      [TIMED, { body: cut(body, at), headers: timed(SECONDS, text) }, 401], [BEARER, { body: cut(body, at), headers: { authorization } }, 400],
      [BEARER, { body: cut(gzipSync(body), at), headers: { authorization, 'content-encoding': 'gzip' } }, 400],
    ] as const) {
      const { send, stream } = givenWebhook({ config: { verification } });
      expect((await send(sent)).statusCode).toBe(status);
      expect(stream).toEqual([]);
    }
  }), { numRuns: 60 });
});

describe('rotation', () => {
  const sendWith = (key: string): Sent => ({ body: BODY, headers: { authorization: `Bearer ${key}` } });

  test('the current value and the previous one are valid, an older one is not', async () => {
    const { send } = givenWebhook({ versions: [['new', 'old']] });
    expect((await send(sendWith('new'))).statusCode).toBe(200);
    expect((await send(sendWith('old'))).statusCode).toBe(200);
    expect((await send(sendWith('older'))).statusCode).toBe(401);
  });

  test('a value that is not known yet is looked for, but not more often than every ten seconds', async () => {
    const { send, fetched } = givenWebhook({ versions: [['old'], ['new', 'old']] });
    expect((await send(sendWith('old'))).statusCode).toBe(200);
    jest.setSystemTime(NOW + 9_999);
    expect((await send(sendWith('new'))).statusCode).toBe(401);
    expect(fetched).toHaveLength(1);
    jest.setSystemTime(NOW + 10_000);
    expect((await send(sendWith('new'))).statusCode).toBe(200);
    expect((await send(sendWith('forged'))).statusCode).toBe(401);
    expect(fetched).toHaveLength(2);
  });

  test('a secret that can not be read is nobody\'s fault outside', async () => {
    const { send, stream, errors, telemetry } = givenWebhook({ config: { verification: { ...BEARER, secret: { ...SECRET, field: 'none' } } as never } });
    expect(await send(sendWith(KEY))).toMatchObject({ statusCode: 503, headers: { 'retry-after': '5' }, json: { error: 'Unavailable' } });
    expect(stream).toEqual([]);
    expect(errors).toHaveLength(1);
    expect(telemetry.summary()).toEqual({ RequestsFailed: 1 });
  });
});

describe('the handshake of CloudEvents', () => {
  const ask = async (verification: WebhookVerificationConfig, headers: Record<string, string>) =>
    givenWebhook({ config: { verification } }).send({ method: 'OPTIONS', headers });

  test('allows an origin, at the rate that the gateway lets through', async () => {
    const { statusCode, headers } = await ask(EVENTS, { 'WebHook-Request-Origin': 'eventemitter.example.com', 'WebHook-Request-Rate': '120' });
    expect(statusCode).toBe(200);
    expect(headers).toMatchObject({ 'allow': 'POST, OPTIONS', 'webhook-allowed-origin': 'eventemitter.example.com', 'webhook-allowed-rate': '6000' });
  });

  test.each([['example.com', true], ['example.com.evil.org', false], ['', false]])('of the allowed origins: %s', async (origin, isAllowed) => {
    const { headers } = await ask({ ...EVENTS, allowedOrigins: ['example.com'] } as never, { 'webhook-request-origin': origin });
    expect('webhook-allowed-origin' in headers!).toBe(isAllowed);
  });

  test('brings nothing onto the stream', async () => {
    const { send, stream } = givenWebhook({ config: { verification: EVENTS } });
    await send({ method: 'OPTIONS', headers: { 'authorization': `Bearer ${KEY}`, 'webhook-request-origin': 'x' }, body: BODY });
    expect(stream).toEqual([]);
  });
});
