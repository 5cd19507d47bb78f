import * as crypto from 'node:crypto';
import { DONE, retry } from '../../../lambda-src/model';
import { acceptedSecrets } from '../../../lambda-src/runtime/secrets';
import { MAX_TOTAL_BYTES } from '../../../lambda-src/webhook/records';
import { MAX_MESSAGES } from '../../../lambda-src/webhook/written';
import { isSignedBy } from '../../../lambda-src/webhook-verifications/compare';
import { givenWebhook, KEY, messagesOn, SECRET } from '../support/webhook';

jest.mock('node:crypto', () => ({ ...jest.requireActual('node:crypto'), createHmac: jest.fn(jest.requireActual('node:crypto').createHmac) }));

/** What neither a stranger nor a sender gone wrong can make a webhook do. */

const track = (userId: string, n: number) => ({ type: 'track', userId, event: 'Seen', properties: { n } });

test('however many signatures a stranger sends, the body is hashed once a secret', () => {
  const signatures = Array.from({ length: 1_000 }, (_, n) => n.toString(16).padStart(64, '0'));
  const valid = crypto.createHmac('sha256', 'new').update('body').digest('hex');
  jest.mocked(crypto.createHmac).mockClear();
  expect(isSignedBy(['new', 'old'], 'sha256', ['body'], signatures)).toBe(false);
  expect(isSignedBy(['new', 'old'], 'sha256', ['body'], [...signatures, valid])).toBe(true);
  expect(crypto.createHmac).toHaveBeenCalledTimes(4);
});

describe('what the secret is asked for', () => {
  const NOW = Date.UTC(2026, 10, 27);
  beforeEach(() => void jest.useFakeTimers({ now: NOW, doNotFake: ['nextTick', 'setImmediate', 'setTimeout', 'clearTimeout'] }));
  afterEach(() => void jest.useRealTimers());

  /** Answers in turn; what is no list is an outage. */
  function given(...answers: (string[] | 'outage')[]) {
    const fetch: jest.Mock<Promise<string[]>, []> = jest.fn(async () => {
      const answer = answers[Math.min(fetch.mock.calls.length, answers.length) - 1];
      if (answer === 'outage') throw new Error('down');
      return answer;
    });
    return { fetch, secrets: acceptedSecrets(fetch) };
  }

  test('a flood of forged requests: once in ten seconds', async () => {
    const { fetch, secrets } = given(['a']);
    await secrets.get(SECRET);
    for (let second = 0; second < 60; second += 1) {
      jest.setSystemTime(NOW + second * 1_000);
      expect([undefined, ['a']]).toContainEqual(await secrets.renew(SECRET));
    }
    expect(fetch).toHaveBeenCalledTimes(6);
  });

  test('what is valid stays so when a forger has it looked up in an outage', async () => {
    const { secrets } = given(['a'], 'outage');
    await secrets.get(SECRET);
    jest.setSystemTime(NOW + 10_000);
    await expect(secrets.renew(SECRET)).rejects.toThrow('down');
    expect(await secrets.get(SECRET)).toEqual(['a']);
  });

  test('an outage is asked about once a second, by whomever, and ends by itself', async () => {
    const { fetch, secrets } = given('outage', 'outage', ['a']);
    for (let n = 0; n < 20; n += 1) await expect(secrets.get(SECRET)).rejects.toThrow('down');
    expect(fetch).toHaveBeenCalledTimes(1);
    jest.setSystemTime(NOW + 999);
    await expect(secrets.renew(SECRET)).rejects.toThrow('down');
    expect(fetch).toHaveBeenCalledTimes(1);
    jest.setSystemTime(NOW + 1_000);
    await expect(secrets.get(SECRET)).rejects.toThrow('down');
    jest.setSystemTime(NOW + 2_000);
    expect(await secrets.get(SECRET)).toEqual(['a']);
    expect(fetch).toHaveBeenCalledTimes(3);
  });

  test('a value that was taken away is refused after five minutes at most', async () => {
    const { secrets } = given(['a'], ['b']);
    await secrets.get(SECRET);
    jest.setSystemTime(NOW + 299_999);
    expect(await secrets.get(SECRET)).toEqual(['a']);
    jest.setSystemTime(NOW + 300_000);
    expect(await secrets.get(SECRET)).toEqual(['b']);
  });
});

describe('an envelope', () => {
  const many = (length: number) => ({ batch: Array.from({ length }, (_, n) => track(`user ${n % 2}`, n)) });

  test('with the most messages, and one more', async () => {
    const { post, stream } = givenWebhook();
    expect((await post(many(MAX_MESSAGES))).json).toEqual({ success: true, messages: MAX_MESSAGES });
    stream.splice(0);
    expect(await post(many(MAX_MESSAGES + 1))).toMatchObject({ statusCode: 413, json: { error: 'TooManyMessages' } });
    expect(stream).toEqual([]);
  });

  test('whose context would grow with each of its messages is refused before it does', async () => {
    const { post, stream } = givenWebhook();
    const of = (length: number) => ({ ...many(length), context: { app: 'x'.repeat(100_000) } });
    const fits = Math.floor(MAX_TOTAL_BYTES / Buffer.byteLength(JSON.stringify({ ...track('user 0', 100), context: of(1).context })));
    expect((await post(of(fits))).statusCode).toBe(200);
    expect((await post(of(fits + 2))).json).toMatchObject({ error: 'BodyTooLarge' });
    expect(Object.values(messagesOn(stream)).flat()).toHaveLength(fits);
    const { post: postLarge, stream: none } = givenWebhook();
    expect((await postLarge({ ...many(9_999), context: { app: 'x'.repeat(1_000_000) } })).statusCode).toBe(413);
    expect(none).toEqual([]);
  });

  test.each([['taken apart', ''], ['written without its write key', '"writeKey":"k",']])('nested too deeply to be %s is the sender\'s fault', async (_, more) => {
    const { post, stream, errors } = givenWebhook({ config: { verification: { kind: 'writeKey', secret: SECRET } } });
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    const body = `{${more}"batch":[{"type":"track","userId":"ana","event":"E","properties":{"x":${deep}}},{"type":"track","userId":"ben","event":"E"}]}`;
    const authorization = `Basic ${Buffer.from(`${KEY}:`).toString('base64')}`;
    expect(await post(body, { Authorization: authorization }, { call: 'batch' })).toMatchObject({ statusCode: 400, json: { error: 'TooDeep' } });
    expect(stream).toEqual([]);
    expect(errors).toEqual([]);
  });
});

test('half a character can\'t be a partition key, which the service would refuse again and again', async () => {
  const { post, stream } = givenWebhook({ config: { userIdField: 'who' } });
  await post('[{"who":"ana\\ud800"},{"who":"ana\\ud83d\\ude00"}]');
  expect(stream.map(({ key }) => key)).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/), 'ana\u{1f600}']);
});

describe('a stream that is busy', () => {
  afterEach(() => jest.restoreAllMocks());

  test('is tried until the deadline, however often that is', async () => {
    jest.spyOn(Math, 'random').mockReturnValue(0.01);
    let refused = 0;
    const { post, stream } = givenWebhook({ outcomeOf: () => (refused += 1) <= 30 ? retry('ProvisionedThroughputExceededException') : DONE });
    expect((await post(track('ana', 1))).statusCode).toBe(200);
    expect(stream).toHaveLength(1);
  });

  test('for too long: the answer comes at the deadline, not sooner and not later', async () => {
    const { post } = givenWebhook({ config: { responseSeconds: 1.5 }, outcomeOf: () => retry('ProvisionedThroughputExceededException') });
    const start = Date.now();
    expect((await post(track('ana', 1))).statusCode).toBe(503);
    expect(Date.now() - start).toBeGreaterThan(400);
    expect(Date.now() - start).toBeLessThan(2_000);
  });
});
