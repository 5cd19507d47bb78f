import type { Change, Outcome } from '../../../lambda-src/model';
import { dropped, rejected, retry } from '../../../lambda-src/model';
import type { CdpFormatKind } from '../../../src/contract/cdp-format';
import { fixture } from '../support/formats';
import { ARRIVAL, batch, dataOf, record } from '../support/records';
import { fakeTarget, sync } from '../support/sync';

const mail = (userId: string, extra: object = {}) => ({ type: 'identify', userId, traits: { email: `${userId}@example.com` }, ...extra });
const sequence = (index: number) => record('', index).kinesis.sequenceNumber;

/** Decides by the user's first letter. */
const OUTCOMES: Record<string, Outcome> = { r: retry('Throttled'), b: rejected('Refused', 'too bad'), d: dropped('DuplicateEvent') };
const target = () => fakeTarget(({ change }: { change: Change }) => OUTCOMES[change.userId![0]] ?? { status: 'done' });
const run = (...users: string[]) => sync(target(), batch(...users.map((user) => mail(user))));

test('all are good', async () => {
  expect(await run('u1', 'u2', 'u3')).toEqual({ failed: undefined, lag: expect.any(Number), letters: [], counts: { Records: 3, MessagesReceived: 3, MessagesAccepted: 3 }, reasons: {} });
});

test('an empty batch', async () => {
  expect(await sync(target(), { Records: [] })).toEqual({ failed: undefined, letters: [], counts: {}, reasons: {} });
});

test('one is bad: it is a dead letter, whole, and the stream moves on', async () => {
  const { failed, letters, counts, reasons } = await run('u1', 'bad', 'u3', 'drop');
  expect(failed).toBeUndefined();
  expect(letters).toEqual([{
    version: 1, construct: 'Sync', code: 'Refused', reason: 'too bad', at: expect.stringMatching(/^\d{4}-.*Z$/), partitionKey: 'key',
    sequenceNumber: sequence(1), payload: JSON.stringify(mail('bad')), encoding: 'utf8',
  }]);
  expect(counts).toEqual({ Records: 4, MessagesReceived: 4, MessagesAccepted: 2, MessagesDropped: 1, MessagesDeadLettered: 1 });
  expect(reasons).toEqual({ 'MessagesDeadLettered Refused': 1, 'MessagesDropped DuplicateEvent': 1 });
});

test('the log line says what the stream waits for', async () => {
  expect(await run('u1', 'r2', 'u3')).toMatchObject({ retryCode: 'Throttled' });
  expect((await run('u1')).retryCode).toBeUndefined();
});

test('all are bad', async () => {
  const { letters, failed } = await run('b1', 'b2');
  expect(letters.map(({ payload }) => JSON.parse(payload).userId)).toEqual(['b1', 'b2']);
  expect(failed).toBeUndefined();
});

test.each<[string[], number | undefined, number, string[]]>([
  [['r1', 'u2'], 0, 0, []],
  [['u1', 'r2', 'u3'], 1, 1, []],
  [['u1', 'b2', 'r3', 'b4', 'r5'], 2, 2, ['b2']],
  [['r1', 'r2'], 0, 0, []],
  [['b1', 'u2', 'r3'], 2, 2, ['b1']],
])('%j: delivered again from %p on; only what is before it counts and is stored', async (users, first, received, letters) => {
  const synced = await run(...users);
  expect(synced.failed).toBe(first === undefined ? undefined : sequence(first));
  expect(synced.counts.Records ?? 0).toBe(received);
  expect(synced.counts.MessagesReceived ?? 0).toBe(received);
  expect(synced.letters.map(({ payload }) => JSON.parse(payload).userId)).toEqual(letters);
});

test('a record is settled when all of its messages are', async () => {
  const { failed, letters, counts } = await sync(target(), batch(mail('u1'), [mail('b2'), mail('r3')], mail('u4')));
  expect(failed).toBe(sequence(1));
  expect(letters).toEqual([]);
  expect(counts).toEqual({ Records: 1, MessagesReceived: 1, MessagesAccepted: 1 });
});

test('of the changes of one message the worst decides', async () => {
  const entry = (...users: string[]) => ({ BatchItem: Object.fromEntries(users.map((user) => [user, { Endpoint: { User: { UserId: user } }, Events: { a: { EventType: 't' }, b: { EventType: 't' } } }])) });
  let calls = 0;
  const alternating = fakeTarget(() => (calls++ % 2 ? rejected('Refused', '') : { status: 'done' }));
  const { letters, counts } = await sync(alternating, batch(entry('u1')), { format: 'pinpoint' });
  expect(letters).toHaveLength(1);
  expect(counts).toMatchObject({ MessagesReceived: 1, MessagesDeadLettered: 1 });
});

test('a message of which something was taken was not dropped', async () => {
  const events: Record<string, Outcome> = { profile: dropped('NothingToChange'), event: { status: 'done' } };
  const unsubscribed = { type: 'track', userId: 'u', event: 'Unsubscribed', context: { traits: { unsubscribed: true } } };
  const { counts } = await sync(fakeTarget(({ change }: { change: Change }) => events[change.kind]), batch(unsubscribed));
  expect(counts).toEqual({ Records: 1, MessagesReceived: 1, MessagesAccepted: 1 });
});

test('a failing dead-letter store fails the batch', async () => {
  const store = async () => Promise.reject(new Error('AccessDenied'));
  await expect(sync(target(), batch(mail('b1')), { store })).rejects.toThrow('AccessDenied');
});

test('a target that throws fails the batch, and nothing is stored', async () => {
  const store = jest.fn(async () => undefined);
  const broken = fakeTarget(() => {
    throw new Error('refused');
  });
  await expect(sync(broken, batch(mail('b1')), { store })).rejects.toThrow('refused');
  expect(store).not.toHaveBeenCalled();
});

describe('what can\'t be read', () => {
  const deep = `{"type":"identify","userId":"u1","traits":{"x":${'['.repeat(50_000)}${']'.repeat(50_000)}}}`;

  test.each<[string, string | Buffer, string]>([
    ['bytes that are no text', Buffer.from([0xff, 0x00, 0xfe]), 'NotUtf8'],
    ['nothing', '', 'EmptyRecord'],
    ['no JSON', 'hello\nworld', 'NotJson'],
    ['no object', '5', 'NotAnObject'],
    ['an array of none', '[1,2]', 'NotAnObject'],
    ['an empty envelope', '{"batch":[]}', 'MissingType'],
    ['no type', '{"userId":"u1"}', 'MissingType'],
    ['rounded integers', '{"type":"identify","userId":7346244611012968789}', 'InvalidId'],
    ['white space and digits that JSON.parse loses', ' { "type": "nope", "n": 1.00, "big": 7346244611012968789 }\n', 'UnknownType'],
    ['nested too deep', deep, 'Unreadable'],
    ['an unknown opt-out', '{"type":"identify","userId":"u1","traits":{"unsubscribed":"maybe"}}', 'UnknownOptOut'],
  ])('%s is a dead letter, byte for byte', async (_, data, code) => {
    const { letters: [letter, ...others], failed, counts } = await sync(target(), batch(data));
    expect([failed, others]).toEqual([undefined, []]);
    expect(letter).toMatchObject({ code });
    expect(Buffer.from(letter.payload, letter.encoding)).toEqual(Buffer.from(data));
    expect(counts).toEqual({ Records: 1, MessagesReceived: 1, MessagesDeadLettered: 1 });
  });

  test('what is nested too deep to be written again keeps its record whole', async () => {
    const event = batch(`[${deep},${JSON.stringify(mail('u2'))}]`);
    const { letters, counts } = await sync(target(), event);
    expect(letters.map(({ payload, encoding }) => Buffer.from(payload, encoding))).toEqual([dataOf(event.Records[0])]);
    expect(counts).toMatchObject({ MessagesAccepted: 1, MessagesDeadLettered: 1 });
  });

  test.each<[string, string, CdpFormatKind, string[]]>([
    ['an array', '[{"type":"nope","n":7346244611012968789,"f":1.0},{"type":"nope"}]', 'segment', ['{"type":"nope","n":7346244611012968789,"f":1.0}', '{"type":"nope"}']],
    ['a batch', '{"batch":[{"type":"nope","n":7346244611012968789}],"context":{"x":1e3}}', 'segment', ['{"type":"nope","n":7346244611012968789,"context":{"x":1e3}}']],
    ['a batch of mParticle', '{"mpid":7346244611012968789,"events":[{"event_type":"nope","data":{"event_id":-7185324044922560001}},{"event_type":"x"}]}', 'mparticle', [
      '{"mpid":7346244611012968789,"events":[{"event_type":"nope","data":{"event_id":-7185324044922560001}}]}',
      '{"mpid":7346244611012968789,"events":[{"event_type":"x"}]}',
    ]],
  ])('a message of %s keeps every digit', async (_, data, format, payloads) => {
    expect((await sync(target(), batch(data), { format })).letters.map(({ payload }) => payload)).toEqual(payloads);
  });

  test('one of many: the others go on', async () => {
    const { letters, counts } = await sync(target(), batch(`${JSON.stringify(mail('u1'))}\nnot json\n${JSON.stringify(mail('u2'))}`, [mail('u3'), 5]));
    expect(letters.map(({ payload, encoding }) => Buffer.from(payload, encoding).toString())).toEqual(['not json', '5']);
    expect(counts).toMatchObject({ Records: 2, MessagesReceived: 5, MessagesAccepted: 3, MessagesDeadLettered: 2 });
  });

  test('thousands in one record cost little', async () => {
    const start = performance.now();
    const { letters } = await sync(target(), batch([mail('u1'), ...new Array(20_000).fill({ type: 'nope' })]));
    expect(letters).toHaveLength(20_000);
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});

test('a user that is only known by an anonymous id is dropped, one with an address is not', async () => {
  const anonymous = (traits: object) => ({ type: 'identify', anonymousId: 'a1', traits });
  const { counts, reasons } = await sync(target(), batch(anonymous({ plan: 'x' }), anonymous({ email: 'a@example.com' }), { type: 'track', anonymousId: 'a1', event: 'e' }));
  expect(counts).toMatchObject({ MessagesAccepted: 1, MessagesDropped: 2 });
  expect(reasons).toEqual({ 'MessagesDropped Anonymous': 2 });
});

test('an envelope is as many messages as it holds', async () => {
  const fake = target();
  const { counts, letters } = await sync(fake, batch(fixture('segment/batch.json')));
  expect(counts).toMatchObject({ Records: 1, MessagesReceived: 3, MessagesAccepted: 2, MessagesDeadLettered: 1 });
  expect(fake.seen.map(({ change, message }) => [change.kind, message])).toEqual([['profile', 0], ['event', 1]]);
  expect(JSON.parse(letters[0].payload)).toMatchObject({ type: 'track', userId: 'u2' });
});

test('ids and times that the CDP left out are the same at every delivery, and no two are alike', async () => {
  const seen = async () => {
    const fake = fakeTarget();
    await sync(fake, batch([{ type: 'track', userId: 'u', event: 'e' }, { type: 'track', userId: 'u', event: 'e' }], { type: 'track', userId: 'u', event: 'e' }));
    return fake.seen.map(({ change }) => [(change as { id: string }).id, (change as { at: string }).at]);
  };
  const first = await seen();
  expect(await seen()).toEqual(first);
  expect(new Set(first.map(([id]) => id)).size).toBe(3);
  expect(first.map(([, at]) => at)).toEqual(new Array(3).fill('2026-11-23T10:00:00.500Z'));
});

test('cuts are counted by reason, for settled records only', async () => {
  const cut = { type: 'identify', userId: 'u1', timestamp: 'soon', traits: { email: 'bad', plan: 'x' } };
  expect((await sync(target(), batch(cut))).reasons).toEqual({ 'ValuesCut InvalidTimestamp': 1, 'ValuesCut InvalidAddress': 1 });
  expect((await sync(target(), batch(mail('r0'), cut))).reasons).toEqual({});
});

test('the lag is that of the oldest record that is settled', async () => {
  const now = jest.spyOn(Date, 'now').mockReturnValue((ARRIVAL + 3) * 1000);
  expect((await sync(target(), batch(mail('u1')))).lag).toBe(3000);
  now.mockReturnValue((ARRIVAL - 3) * 1000);
  expect((await sync(target(), batch(mail('u1')))).lag).toBe(0);
  expect((await sync(target(), batch(mail('r1')))).lag).toBeUndefined();
  now.mockRestore();
});
