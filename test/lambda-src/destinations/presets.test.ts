import { createHmac } from 'node:crypto';
import { createDelivery } from '../../../lambda-src/delivery';
import type { EngagementEvent } from '../../../lambda-src/engagement';
import type { Outcome } from '../../../lambda-src/model';
import { createSecrets } from '../../../lambda-src/runtime/secrets';
import { sendHttp } from '../../../lambda-src/transports/http';
import type { CdpDestinationConfig } from '../../../src/contract/cdp-destination';
import { CdpServer, Reply } from '../support/cdp-server';
import { eventOf, Meter } from '../support/engagement';

type Preset = 'segment' | 'rudderstack' | 'mparticle' | 'tealium' | 'http';
const WRITE_KEY = { secretArn: 'arn:write-key' };
const CONFIGS: Record<Preset, (url: string) => CdpDestinationConfig> = {
  segment: (url) => ({ kind: 'segment', url, writeKey: WRITE_KEY }),
  rudderstack: (url) => ({ kind: 'rudderstack', url, writeKey: WRITE_KEY }),
  mparticle: (url) => ({ kind: 'mparticle', url, credentials: { secretArn: 'arn:json' }, environment: 'production' }),
  tealium: (url) => ({ kind: 'tealium', url, account: 'shop', profile: 'main', dataSource: 'abc123', token: { secretArn: 'arn:token' } }),
  http: (url) => ({ kind: 'http', url: `${url}/hook`, maxBatchSize: 100, secretHeader: { name: 'authorization', secret: { secretArn: 'arn:token' } } }),
};
const PRESETS = Object.keys(CONFIGS) as Preset[];

let cdp: CdpServer;
let secrets: Record<string, string>;
beforeEach(async () => {
  cdp = await new CdpServer().start();
  secrets = { 'arn:write-key': 'key', 'arn:json': '{"key":"k","secret":"s"}', 'arn:token': 'token' };
  jest.spyOn(Math, 'random').mockReturnValue(0.001); // back-off without waiting
});
afterEach(() => {
  jest.restoreAllMocks();
  cdp.stop();
});

interface Run {
  readonly outcomes: Outcome[];
  readonly counts: Record<string, number>;
}

function start(preset: Preset, config: Partial<CdpDestinationConfig> = {}, fetchSecret = async (arn: string) => secrets[arn]) {
  const delivery = createDelivery({ ...CONFIGS[preset](cdp.url), ...config } as CdpDestinationConfig, { secrets: createSecrets(fetchSecret), send: sendHttp });
  return async (events: readonly EngagementEvent[], millis = 20_000): Promise<Run> => {
    const meter = new Meter();
    return { outcomes: await delivery.deliver(events, { deadline: Date.now() + millis, meter }), counts: meter.counts };
  };
}

const many = (count: number, attributes: Record<string, string> = {}): EngagementEvent[] =>
  Array.from({ length: count }, (_, index) => eventOf('email-open', { id: `id-${index}`, userId: `user-${index % 50}`, attributes }));

/** Ids in the order in which the CDP took them. */
const taken = (preset: Preset): string[] => cdp.seen.filter(({ status }) => status >= 200 && status < 300).flatMap(({ json }) => idsIn(preset, json));

function idsIn(preset: Preset, json: any): string[] {
  if (preset === 'mparticle') return json.flatMap((batch: any) => batch.events.map(({ data }: any) => data.source_message_id));
  if (preset === 'tealium') return json.events.map(({ event_id: id }: any) => id);
  if (preset === 'http') return (Array.isArray(json) ? json : [json]).map(({ id }: any) => id);
  return json.batch.map(({ messageId }: any) => messageId);
}

/** What each API refuses, as documented. */
const LIMITS: Record<Preset, (json: any, body: string) => boolean> = {
  segment: ({ batch }, body) => body.length <= 500_000 && batch.length <= 2_500 && batch.every((one: object) => JSON.stringify(one).length <= 32_000),
  rudderstack: ({ batch }, body) => body.length <= 4_000_000 && batch.every((one: object) => JSON.stringify(one).length <= 32_000),
  mparticle: (json, body) => body.length <= 256_000 && json.length <= 100 && json.every((one: object) => JSON.stringify(one).length <= 128_000),
  tealium: ({ events }, body) => body.length <= 1_000_000 && events.length <= 10 && !events.some((one: object) => Object.keys(one).some((key) => key.includes('.'))),
  http: (json, body) => json.length <= 100 && body.length <= 1_000_000,
};
const ACCEPTED: Record<Preset, Reply> = {
  segment: { status: 200, body: '{"success":true}' },
  rudderstack: { status: 200, body: 'OK' },
  mparticle: { status: 202 },
  tealium: { status: 200 },
  http: { status: 204 },
};

describe.each(PRESETS)('%s', (preset) => {
  const strict = (): void => {
    cdp.answer = ({ json, body }) => LIMITS[preset](json, body) ? ACCEPTED[preset] : { status: 413 };
  };

  test.each<[string, number, Record<string, string>]>([
    ['one', 1, {}], ['many small ones', 2_501, {}], ['large ones', 300, { 'text': 'x'.repeat(9_000), 'a.b': 'ü'.repeat(500) }],
  ])('%s: all arrive once, within its limits', async (_, count, attributes) => {
    strict();
    const events = many(count, attributes);
    const { outcomes } = await start(preset)(events);
    expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(['done']));
    expect(cdp.seen.every(({ status }) => status < 300)).toBe(true);
    expect(taken(preset).sort()).toEqual(events.map(({ id }) => id).sort());
  });

  test('an event that is too large is rejected, and only that one', async () => {
    strict();
    const [first, second] = many(2);
    const { outcomes } = await start(preset)([{ ...first, attributes: { text: 'x'.repeat(1_000_000) } }, second]);
    expect(outcomes).toEqual([expect.objectContaining({ status: 'rejected', code: 'EventTooLarge' }), { status: 'done' }]);
  });

  test.each([400, 413, 422])('%d: the guilty event is found and rejected', async (status) => {
    cdp.answer = ({ json }) => idsIn(preset, json).includes('id-7') ? { status, body: 'not this' } : ACCEPTED[preset];
    const { outcomes } = await start(preset)(many(10));
    expect(outcomes.map((outcome) => outcome.status === 'done')).toEqual(Array.from({ length: 10 }, (_, index) => index !== 7));
    expect(outcomes[7]).toEqual({ status: 'rejected', code: `Status${status}`, reason: 'not this' });
    expect(taken(preset)).toHaveLength(9);
  });

  test.each<Reply>([{ status: 408 }, { status: 425 }, { status: 429 }, { status: 500 }, { status: 503 }, { status: 0, fault: 'reset' }])(
    'after %j it is sent again, byte for byte', async (fault) => {
      let calls = 0;
      cdp.answer = () => calls++ < 2 ? fault : ACCEPTED[preset];
      const { outcomes, counts } = await start(preset)(many(3));
      expect(outcomes.every(({ status }) => status === 'done')).toBe(true);
      expect(new Set(cdp.seen.map(({ body }) => body)).size).toBe(1);
      expect(counts.Requests).toBe(3);
      expect(counts[fault.status === 429 ? 'RequestsThrottled' : 'RequestsFailed']).toBe(2);
    });

  test('it is down: ever fewer requests until the deadline, and everything is to be retried', async () => {
    jest.spyOn(Math, 'random').mockReturnValue(0.999);
    cdp.answer = () => ({ status: 503 });
    const begin = Date.now();
    const { outcomes } = await start(preset)(many(2_600), 1_000);
    expect(outcomes.every(({ status }) => status === 'retry')).toBe(true);
    expect(Date.now() - begin).toBeGreaterThanOrEqual(990); // an attempt of the stream is not spent on less
    expect(cdp.seen.length).toBeLessThanOrEqual(3 * 4); // at 0, 0.2 and 0.6 s
  });

  test('it comes back after more failures than one would count: nothing has to come again', async () => {
    let calls = 0;
    cdp.answer = () => calls++ < 12 ? { status: 503 } : ACCEPTED[preset];
    expect((await start(preset)(many(2))).outcomes.map(({ status }) => status)).toEqual(['done', 'done']);
  });

  test.each([404, 405, 301])('%d: the deployment is wrong, loudly', async (status) => {
    cdp.answer = () => ({ status, headers: { location: 'https://example.com/' } });
    await expect(start(preset)(many(1))).rejects.toThrow(`status ${status}`);
    expect(cdp.seen).toHaveLength(1);
  });

  test.each([401, 403])('%d: the secret is fetched anew, once', async (status) => {
    const fetched: string[] = [];
    const run = start(preset, {}, async (arn) => {
      fetched.push(arn);
      return secrets[arn];
    });
    const authorizations = new Set<string | undefined>();
    cdp.answer = ({ headers }) => {
      authorizations.add(headers.authorization);
      if (authorizations.size > 1) return ACCEPTED[preset];
      secrets = { 'arn:write-key': 'new', 'arn:json': '{"key":"k","secret":"new"}', 'arn:token': 'new' };
      return { status };
    };
    expect((await run(many(2))).outcomes.every((outcome) => outcome.status === 'done')).toBe(true);
    expect((await run(many(4))).outcomes).toHaveLength(4);
    expect(fetched).toHaveLength(2);
  });

  test('a secret that is refused again: the deployment is wrong, and the message has no secret in it', async () => {
    cdp.answer = () => ({ status: 401, body: 'bad key' });
    const error = await start(preset)(many(1)).catch((caught: Error) => caught) as Error;
    expect(error.name).toBe('DeploymentError');
    expect(error.message).not.toMatch(/token|bad key/);
    expect(cdp.seen).toHaveLength(2);
  });
});

test.each<[Preset, Reply, string]>([
  ['segment', { status: 200, body: '{"success":false,"message":"too many"}' }, 'NotAccepted'],
  ['mparticle', { status: 202, body: '{"errors":[{"code":"BAD_REQUEST"}]}' }, 'PartlyAccepted'],
  ['tealium', { status: 200, headers: { 'x-error': 'unknown account' } }, 'XError'],
])('%s: %j is no success', async (preset, reply, code) => {
  cdp.answer = ({ json }) => idsIn(preset, json).includes('id-1') ? reply : ACCEPTED[preset];
  const { outcomes } = await start(preset)(many(4));
  expect(outcomes.map(({ status }) => status)).toEqual(['done', 'rejected', 'done', 'done']);
  expect(outcomes[1]).toMatchObject({ code });
});

test('Retry-After is kept; when it is later than the deadline, the time is waited for without another request', async () => {
  let calls = 0;
  cdp.answer = () => calls++ ? { status: 200 } : { status: 429, headers: { 'retry-after': '1' } };
  const begin = Date.now();
  expect((await start('segment')(many(1))).outcomes).toEqual([{ status: 'done' }]);
  expect(Date.now() - begin).toBeGreaterThanOrEqual(990);
  for (const header of [new Date(Date.now() + 60_000).toUTCString(), '99999999', '9'.repeat(400), 'Fri, 31 Dec 9999 23:59:59 GMT']) {
    cdp.answer = () => ({ status: 429, headers: { 'retry-after': header } });
    const seen = cdp.seen.length;
    const again = Date.now();
    expect((await start('segment')(many(1), 300)).outcomes).toEqual([{ status: 'retry', code: 'Status429' }]);
    expect(cdp.seen).toHaveLength(seen + 1);
    expect(Date.now() - again).toBeGreaterThanOrEqual(290);
    expect(Date.now() - again).toBeLessThan(900);
  }
});

test.each([401, 200])('a secret that does not come, before or after a %d, costs no more than the deadline', async (status) => {
  let fetches = status === 401 ? 0 : 1;
  const run = start('segment', {}, async () => fetches++ === 0 ? 'old' : new Promise<string>(() => undefined));
  cdp.answer = () => ({ status });
  const begin = Date.now();
  expect((await run(many(1), 400)).outcomes).toEqual([{ status: 'retry', code: 'OutOfTime' }]);
  expect(Date.now() - begin).toBeLessThan(900);
});

test('mParticle: a batch of 128 KB with all that belongs to it, and not a byte more', async () => {
  const [event] = many(1);
  const run = async (length: number) => (await start('mparticle')([{ ...event, attributes: { text: 'x'.repeat(length) } }])).outcomes[0];
  await run(1);
  const room = 128_000 - (cdp.seen[0].body.length - '[]'.length - 1);
  for (let length = room - 20; length <= room + 1; length += 1) {
    const seen = cdp.seen.length;
    const { status } = await run(length);
    if (status === 'done') expect(cdp.seen[seen].body.length - '[]'.length).toBeLessThanOrEqual(128_000);
    else expect(cdp.seen).toHaveLength(seen);
    expect(status).toBe(length <= room - 14 ? 'done' : 'rejected');
  }
});

test('Tealium: an address is called by its kind; a device token is no telephone number', async () => {
  const of = (channel: string | undefined, id: string) => ({ ...eventOf('custom', { id, address: 'to' }), channel });
  await start('tealium')([of('EMAIL', '1'), of('SMS', '2'), of('VOICE', '3'), of('GCM', '4'), of(undefined, '5')]);
  expect(cdp.seen[0].json.events.map(({ email_address: mail, phone_number: phone, address }: any) => [mail, phone, address])).toEqual([
    ['to', undefined, undefined], [undefined, 'to', undefined], [undefined, 'to', undefined], [undefined, undefined, 'to'], [undefined, undefined, 'to'],
  ]);
});

test('a CDP that does not answer costs no more than the deadline', async () => {
  cdp.answer = () => ({ status: 0, fault: 'silence' });
  const begin = Date.now();
  const { outcomes } = await start('http')(many(1), 400);
  expect(outcomes).toEqual([expect.objectContaining({ status: 'retry' })]);
  expect(Date.now() - begin).toBeLessThan(900);
});

test('paths and credentials of each preset', async () => {
  const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
  for (const preset of PRESETS) await start(preset)(many(1));
  expect(cdp.seen.map(({ path, headers }) => [path, headers.authorization])).toEqual([
    ['/v1/batch', basic('key:')], ['/v1/batch', basic('key:')], ['/v2/bulkevents', basic('k:s')], ['/v3/collect/bulk-event', 'Bearer token'], ['/hook', 'token'],
  ]);
});

test('the webhook: one event alone, headers, and a signature over time and body', async () => {
  const run = start('http', { maxBatchSize: 1, headers: { 'x-tenant': 'shop' }, signingSecret: { secretArn: 'arn:token' } } as Partial<CdpDestinationConfig>);
  await run(many(2));
  expect(cdp.seen).toHaveLength(2);
  for (const { headers, json, body } of cdp.seen) {
    expect(json).toMatchObject({ type: 'EMAIL_OPEN', userId: expect.any(String) });
    expect(headers['x-tenant']).toBe('shop');
    const [, seconds, signature] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(headers['x-cdp-signature'] as string)!;
    expect(Math.abs(Number(seconds) * 1000 - Date.now())).toBeLessThan(5_000);
    expect(signature).toBe(createHmac('sha256', 'token').update(`${seconds}.${body}`).digest('hex'));
  }
});
