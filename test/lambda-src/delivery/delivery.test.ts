import { createDelivery } from '../../../lambda-src/delivery';
import { Delivered } from '../../../lambda-src/delivery/delivered';
import { inOrder } from '../../../lambda-src/delivery/in-order';
import { packItems } from '../../../lambda-src/delivery/pack';
import type { Item } from '../../../lambda-src/destinations/destination';
import { batchesOf } from '../../../lambda-src/destinations/mparticle';
import type { EngagementEvent } from '../../../lambda-src/engagement';
import type { Outcome } from '../../../lambda-src/model';
import { DeploymentError } from '../../../lambda-src/runtime/errors';
import { createSecrets } from '../../../lambda-src/runtime/secrets';
import { CdpServer } from '../support/cdp-server';
import { eventOf, Meter, RECORDS } from '../support/engagement';

const item = (user: string, bytes = 10, text = '{}'): Item => ({ id: user, user, text, bytes });
const limits = { items: 3, bytes: 40, itemBytes: 40, envelopeBytes: 2, perItemBytes: 1, inFlight: 2 };

test.each<[string, number[], number[][]]>([
  ['nothing', [], []], ['n', [1, 1, 1], [[1, 1, 1]]], ['n + 1', [1, 1, 1, 1], [[1, 1, 1], [1]]],
  ['n bytes', [18, 18], [[18, 18]]], ['n + 1 bytes', [18, 19], [[18], [19]]], ['one alone', [37, 37], [[37], [37]]],
])('packing %s', (_, sizes, expected) => {
  expect(packItems(sizes.map((bytes) => item('a', bytes)), limits).map((request) => request.map(({ bytes }) => bytes))).toEqual(expected);
});

test('two requests about one user are never on their way at once; others overtake no further than the limit', async () => {
  const busy = new Set<string>();
  let most = 0;
  const done: string[] = [];
  const requests = ['ab', 'c', 'a', 'b', 'cd', 'a'].map((users) => [...users].map((user) => item(user)));
  await inOrder(2, requests, async (request) => {
    for (const { user } of request) {
      expect(busy.has(user)).toBe(false);
      busy.add(user);
    }
    most = Math.max(most, busy.size);
    await new Promise((resolve) => setTimeout(resolve, 5 * request.length));
    for (const { user } of request) busy.delete(user);
    done.push(request.map(({ user }) => user).join(''));
    return true;
  });
  expect(done).toHaveLength(6);
  expect(most).toBe(3);
});

test('after one was given up no other is started; a failure is thrown when none runs any longer', async () => {
  const started: string[] = [];
  const run = (fail: boolean) => inOrder(1, ['a', 'b', 'c'].map((user) => [item(user)]), async ([{ user }]) => {
    started.push(user);
    if (user === 'b' && fail) throw new Error('refused');
    return user !== 'b';
  });
  await run(false);
  await expect(run(true)).rejects.toThrow('refused');
  expect(started).toEqual(['a', 'b', 'a', 'b']);
});

test('what is remembered is bounded, and the latest', () => {
  const delivered = new Delivered(10);
  for (let n = 0; n < 100; n += 1) delivered.add(`id-${n}`);
  expect(delivered.has('id-99')).toBe(true);
  expect(delivered.has('id-95')).toBe(true);
  expect(delivered.has('id-80')).toBe(false);
});

test('mParticle: a batch per user, split where it would be too large, in order', () => {
  const of = (user: string, text: string, bytes: number): Item => ({ ...item(user, bytes, text), head: `{"u":"${user}","events":[` });
  const batches = batchesOf([of('a', '1', 60_000), of('b', '2', 10), of('a', '3', 60_000), of('a', '4', 60_000)]).map((text) => JSON.parse(text) as { u: string; events: number[] });
  expect(batches.filter(({ u }) => u === 'a').map(({ events }) => events)).toEqual([[1, 3], [4]]);
  expect(batches.filter(({ u }) => u === 'b').map(({ events }) => events)).toEqual([[2]]);
});

test('30% 503s, an expired secret and a lost answer: everything arrives, in order per user, and only with its own content', async () => {
  const cdp = await new CdpServer().start();
  try {
    let calls = 0;
    let secret = 'old';
    cdp.answer = ({ headers }) => {
      calls += 1;
      if (calls > 5) secret = 'new';
      if (headers.authorization !== `Basic ${Buffer.from(`${secret}:`).toString('base64')}`) return { status: 401 };
      return calls % 10 < 3 ? { status: 503 } : calls % 10 === 5 ? { status: 200, fault: 'reset' } : { status: 200 };
    };
    jest.spyOn(Math, 'random').mockReturnValue(0.001);
    const delivery = createDelivery({ kind: 'segment', url: cdp.url, writeKey: { secretArn: 'arn' } }, { secrets: createSecrets(async () => secret) });
    const events = Array.from({ length: 20 }, (_, round) => Array.from({ length: 40 }, (__, n) =>
      eventOf('custom', { id: `${round}-${n}`, userId: `user-${n % 7}`, attributes: { n: String(round * 40 + n) } })));
    const outcomes: Outcome[] = [];
    for (const batch of events) outcomes.push(...await delivery.deliver(batch, { deadline: Date.now() + 10_000, meter: new Meter() }));
    expect(outcomes.every(({ status }) => status === 'done')).toBe(true);
    const taken = cdp.seen.filter(({ status }) => status === 200).flatMap(({ json }) => json.batch as { messageId: string; userId: string; properties: { n: string } }[]);
    expect(taken.map(({ messageId }) => messageId)).toEqual(events.flat().map(({ id }) => id));
    const contents = new Map<string, string>();
    for (const message of cdp.seen.flatMap(({ json }) => json.batch as { messageId: string }[])) {
      expect(contents.get(message.messageId) ?? JSON.stringify(message)).toBe(JSON.stringify(message));
      contents.set(message.messageId, JSON.stringify(message));
    }
  } finally {
    jest.restoreAllMocks();
    cdp.stop();
  }
});

describe('a deployment that the destination refuses', () => {
  const refusal = new DeploymentError('the credentials');
  const delivery = () => createDelivery({} as never, { destination: {
    limits: { ...limits, items: 1 },
    encode: ({ id, userId }: EngagementEvent) => ({ id, user: userId!, text: '{}', bytes: 2 }),
    send: async ([{ user }]: readonly Item[]) => {
      if (user === 'ben') throw refusal;
      return { kind: 'done' };
    },
  } as never });
  const events = ['ann', 'ben', 'ann', 'chi', 'dee', 'eve'].map((userId, index) => ({ ...eventOf(Object.keys(RECORDS)[0]), id: `${index}`, userId }));

  test('is told when somebody listens: what was taken is done, the rest is tried again', async () => {
    const told: Error[] = [];
    const outcomes = await delivery().deliver(events, { deadline: Date.now() + 5_000, meter: new Meter(), onRefused: (error) => told.push(error) });
    expect(told).toEqual([refusal]);
    expect(outcomes[0]).toEqual({ status: 'done' });
    expect(outcomes[1]).toEqual({ status: 'retry', code: 'DeploymentError' });
    expect(outcomes[5]).toEqual({ status: 'retry', code: 'DeploymentError' });
  });

  test('is thrown when nobody does', async () => {
    await expect(delivery().deliver(events, { deadline: Date.now() + 5_000, meter: new Meter() })).rejects.toBe(refusal);
  });

  test('an error of our own is thrown all the same', async () => {
    const broken = createDelivery({} as never, { destination: {
      limits, encode: () => item('ann'), send: async () => Promise.reject(new TypeError('ours')),
    } as never });
    await expect(broken.deliver(events, { deadline: Date.now() + 5_000, meter: new Meter(), onRefused: () => undefined })).rejects.toThrow('ours');
  });
});
