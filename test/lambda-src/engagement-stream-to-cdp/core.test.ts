import * as fc from 'fast-check';
import { createDelivery } from '../../../lambda-src/delivery';
import { Delivered } from '../../../lambda-src/delivery/delivered';
import type { Answer, DestinationAdapter, Item } from '../../../lambda-src/destinations/destination';
import { itemOf, ALL_DONE } from '../../../lambda-src/destinations/destination';
import type { EngagementSourceAdapter } from '../../../lambda-src/engagement-sources';
import { createSesSource } from '../../../lambda-src/engagement-sources/ses';
import { createEngagementStream, EngagementDeps } from '../../../lambda-src/engagement-stream-to-cdp/core';
import { segmentTrack } from '../../../lambda-src/formats/outbound/segment';
import type { DeadLetter } from '../../../lambda-src/runtime/dead-letters';
import { DeploymentError } from '../../../lambda-src/runtime/errors';
import { Telemetry } from '../../../lambda-src/runtime/telemetry';
import sesEvents from '../../fixtures/ses/events.json';
import { Raw, RECORDS, source, streamRecord } from '../support/engagement';

const CONFIG = { kind: 'segment', url: 'https://cdp', writeKey: { secretArn: 'arn' } } as const;
beforeEach(() => void jest.spyOn(Math, 'random').mockReturnValue(0.001));
afterEach(() => void jest.restoreAllMocks());

/** A CDP that keeps what it takes; a test says how each request ends. */
function fakeCdp(answer: (items: readonly Item[]) => Answer | Promise<Answer> = () => ALL_DONE, limits = { items: 3, inFlight: 3 }) {
  const taken: any[] = [];
  const requests: number[] = [];
  const destination: DestinationAdapter = {
    limits: { ...limits, bytes: 100_000, itemBytes: 20_000, envelopeBytes: 0, perItemBytes: 1 },
    encode: (event) => itemOf(event, segmentTrack(event)),
    send: async (items) => {
      requests.push(items.length);
      const answered = await answer(items);
      const isTaken = (index: number) => answered.kind === 'done' || (answered.kind === 'each' && answered.outcomes[index].status === 'done');
      taken.push(...items.filter((_, index) => isTaken(index)).map(({ text }) => JSON.parse(text)));
      return answered;
    },
  };
  return { taken, requests, destination };
}

/** A function that stays warm over several invocations. */
function start(destination: DestinationAdapter, options: Partial<EngagementDeps> = {}, delivered = new Delivered()) {
  const letters: DeadLetter[] = [];
  const run = createEngagementStream({
    instance: 'Feedback',
    source: source(),
    delivery: createDelivery(CONFIG, { destination, delivered }),
    deadLetters: { write: async (written) => void letters.push(...written) },
    ...options,
  });
  const invoke = async (data: readonly unknown[], millis = 20_000) => {
    const telemetry = new Telemetry('Feedback');
    const Records = data.map((item, index) => streamRecord(item, index));
    const { batchItemFailures } = await run({ Records }, Date.now() + millis, telemetry);
    const { Lag: _, ...counts } = telemetry.summary();
    const failed = Records.findIndex(({ kinesis }) => kinesis.sequenceNumber === batchItemFailures[0]?.itemIdentifier);
    return { failed, counts };
  };
  return { invoke, letters };
}

const custom = (user: string, n: number): Raw => ({ ...RECORDS.custom, client: { client_id: `${user}:EMAIL` }, attributes: { n: String(n) } });
const numbers = (taken: readonly any[]): string[] => taken.map(({ userId, properties }) => `${userId}${properties.n}`);

test('one batch of everything: delivered, dropped, dead-lettered, counted', async () => {
  const { taken, destination } = fakeCdp();
  const { invoke, letters } = start(destination, { events: ['EMAIL_HARD_BOUNCE', 'CUSTOM', 'JOURNEY_SEND'] });
  const { failed, counts } = await invoke([RECORDS['email-hardbounce'], RECORDS.test, RECORDS['email-open'], '{"event_type":', [], custom('bob', 1), RECORDS['journey-send']]);
  expect(failed).toBe(-1);
  expect(taken.map(({ event }) => event)).toEqual(['Email Bounced', 'Offer.Seen', 'Journey Message Sent']);
  expect(letters.map(({ code }) => code)).toEqual(['NotJson', 'EmptyRecord']);
  expect(Buffer.from(letters[0].payload, 'base64').toString()).toBe('{"event_type":');
  expect(counts).toEqual({ Records: 7, MessagesReceived: 7, MessagesAccepted: 3, MessagesDropped: 2, MessagesDeadLettered: 2, AnonymousEvents: 1, Requests: 1 });
});

test('an event that the CDP refuses is a dead letter, whole; the rest is delivered', async () => {
  const { taken, destination } = fakeCdp((items) => items.some(({ user }) => user === 'bad') ? { kind: 'items', code: 'Status400', reason: 'no' } : ALL_DONE);
  const { invoke, letters } = start(destination);
  const poison = custom('bad', 2);
  expect((await invoke([custom('ann', 1), poison, custom('ann', 3)])).failed).toBe(-1);
  expect(numbers(taken)).toEqual(['ann1', 'ann3']);
  expect(letters).toEqual([expect.objectContaining({ code: 'Status400', construct: 'Feedback', partitionKey: 'key', payload: JSON.stringify(poison), encoding: 'utf8' })]);
});

test('a batch that comes again after a part of it was delivered: nothing is sent twice', async () => {
  let down = true;
  const { taken, destination } = fakeCdp((items) => down && items.some(({ user }) => user === 'bob') ? { kind: 'retry', code: 'Status503' } : ALL_DONE, { items: 1, inFlight: 1 });
  const { invoke } = start(destination);
  const data = [custom('ann', 1), custom('ann', 2), custom('bob', 3), custom('ann', 4)];
  const first = await invoke(data, 300);
  expect(first.failed).toBe(2);
  expect(first.counts).toMatchObject({ Records: 2, MessagesAccepted: 2 });
  down = false;
  expect((await invoke(data)).failed).toBe(-1);
  expect(numbers(taken)).toEqual(['ann1', 'ann2', 'bob3', 'ann4']);
});

test('a slow CDP: the invocation ends in time, and what was delivered is not sent again', async () => {
  const { taken, requests, destination } = fakeCdp(async () => {
    await new Promise((resolve) => setTimeout(resolve, 60));
    return ALL_DONE;
  }, { items: 1, inFlight: 1 });
  const { invoke } = start(destination);
  const data = Array.from({ length: 8 }, (_, n) => custom('ann', n));
  let failed = 0;
  for (let round = 0; failed >= 0 && round < 10; round += 1) ({ failed } = await invoke(data, 200));
  expect(numbers(taken)).toEqual(data.map((_, n) => `ann${n}`));
  expect(requests).toHaveLength(8);
});

test('a producer that writes an event twice: the CDP gets it once', async () => {
  const { taken, destination } = fakeCdp();
  const { invoke } = start(destination);
  const { counts } = await invoke([custom('ann', 1), custom('ann', 1)]);
  expect(numbers(taken)).toEqual(['ann1']);
  expect(counts).toMatchObject({ MessagesAccepted: 2 });
});

test('a wrong deployment fails the batch loudly, and is counted', async () => {
  const { destination } = fakeCdp(() => {
    throw new DeploymentError('Segment refuses this deployment');
  });
  const { invoke, letters } = start(destination);
  await expect(invoke([custom('ann', 1)])).rejects.toThrow('refuses this deployment');
  expect(letters).toEqual([]);
});

test('an event whose user could not be asked for waits, and what comes after it too', async () => {
  const { taken, destination } = fakeCdp();
  const busy: EngagementSourceAdapter = {
    ...source(), complete: async (events) => events.map((event, index) => index === 1 ? { status: 'retry', code: 'TooManyRequestsException' } : event),
  };
  const { invoke } = start(destination, { source: busy });
  expect((await invoke([custom('ann', 1), custom('bob', 2), custom('ann', 3)])).failed).toBe(1);
  expect(numbers(taken)).toEqual(['ann1']);
});

const fault = fc.constantFrom<Answer>({ kind: 'retry', code: 'Status503' }, { kind: 'retry', code: 'Status429', throttled: true }, { kind: 'items', code: 'Status400', reason: '' });
const user = fc.constantFrom('ann', 'bob', 'cleo', 'bad');

test('whatever fails: nothing lost, nothing doubled, the order per user kept', async () => {
  const users$ = fc.array(user, { maxLength: 40 });
  const faults$ = fc.infiniteStream(fc.option(fault, { freq: 3 }));
  await fc.assert(fc.asyncProperty(users$, faults$, fc.integer({ min: 1, max: 4 }), async (users, faults, inFlight) => {
    const { taken, destination } = fakeCdp((items) => {
      const next = faults.next().value as Answer | null;
      if (items.some((item) => item.user === 'bad')) return { kind: 'items', code: 'Poison', reason: '' };
      return !next || next.kind === 'items' ? ALL_DONE : next;
    }, { items: 3, inFlight });
    const { invoke, letters } = start(destination);
    let rest = users.map((name, n) => custom(name, n));
    for (let round = 0; rest.length > 0; round += 1) {
      if (round > 200) throw new Error('it does not end');
      const { failed } = await invoke(rest, 400);
      rest = failed < 0 ? [] : rest.slice(failed);
    }
    const good = users.flatMap((name, n) => name === 'bad' ? [] : [`${name}${n}`]);
    expect([...numbers(taken)].sort()).toEqual([...good].sort());
    for (const name of ['ann', 'bob', 'cleo']) expect(numbers(taken).filter((one) => one.startsWith(name))).toEqual(good.filter((one) => one.startsWith(name)));
    expect(letters).toHaveLength(users.length - good.length);
  }), { numRuns: 60 });
}, 60_000);

test('a cold function sends again what another delivered, with the same content under the same id', async () => {
  const { taken, destination } = fakeCdp();
  const data = Object.values(RECORDS);
  await start(destination).invoke(data);
  await start(destination).invoke(data.toReversed());
  const byId = new Map<string, Set<string>>();
  for (const message of taken) byId.set(message.messageId, (byId.get(message.messageId) ?? new Set()).add(JSON.stringify(message)));
  expect([...byId.values()].every((contents) => contents.size === 1)).toBe(true);
  expect(taken).toHaveLength(2 * byId.size);
});

test('any JSON ends as delivered, dropped or dead-lettered', async () => {
  await fc.assert(fc.asyncProperty(fc.array(fc.oneof(fc.json(), fc.jsonValue(), fc.record({
    event_type: fc.constantFrom('_email.open', '_SMS.SUCCESS', '_campaign.send', 'x', '__proto__'),
    client: fc.record({ client_id: fc.string() }),
    attributes: fc.dictionary(fc.string(), fc.jsonValue()),
    facets: fc.jsonValue(),
    client_context: fc.jsonValue(),
    metrics: fc.jsonValue(),
    event_timestamp: fc.oneof(fc.integer(), fc.string()),
  })), { maxLength: 8 }), async (data) => {
    const { destination } = fakeCdp();
    const { failed, counts } = await start(destination).invoke(data);
    const { MessagesReceived: received = 0, MessagesAccepted: a = 0, MessagesDropped: d = 0, MessagesDeadLettered: l = 0 } = counts as Record<string, number>;
    expect(failed).toBe(-1);
    expect(a + d + l).toBe(received);
    expect(received).toBeGreaterThanOrEqual(data.length);
  }), { numRuns: 150 });
});

describe('an event of several recipients', () => {
  const fromSes = { source: createSesSource({ kind: 'ses', userIdTag: 'userId' }) };
  const { bounceOfSeveral, withoutTag, open } = sesEvents;
  const address = ({ context }: any) => context.traits?.email;

  test('is delivered once for each', async () => {
    const { taken, destination } = fakeCdp();
    const { invoke } = start(destination, fromSes);
    const { counts } = await invoke([bounceOfSeveral, withoutTag]);
    expect(taken.map((track) => [track.event, address(track)])).toEqual([
      ['Email Bounced', 'ana@example.com'], ['Email Bounced', 'ben@example.com'], ['Email Delivered', 'Ana@Example.com'],
    ]);
    expect(new Set(taken.map(({ messageId }) => messageId)).size).toBe(3);
    expect(counts).toMatchObject({ Records: 2, MessagesReceived: 3, MessagesAccepted: 3, AnonymousEvents: 1 });
  });

  test('is a dead letter for each that the CDP refuses, which can be put back without the others', async () => {
    for (const refused of [['ben@example.com'], ['ana@example.com', 'ben@example.com']]) {
      const { taken, destination } = fakeCdp((items) => items.some(({ text }) => refused.includes(address(JSON.parse(text))))
        ? { kind: 'items', code: 'Status400', reason: 'no' } : ALL_DONE);
      const { invoke, letters } = start(destination, fromSes);
      const { counts } = await invoke([bounceOfSeveral]);
      expect(taken.map(address)).toEqual(['ana@example.com'].filter((one) => !refused.includes(one)));
      const recipients = letters.map(({ code, payload }) => [code, JSON.parse(payload).detail.bounce.bouncedRecipients]);
      const { bouncedRecipients } = bounceOfSeveral.detail.bounce;
      expect(recipients).toEqual(bouncedRecipients.filter(({ emailAddress }) => refused.includes(emailAddress)).map((one) => ['Status400', [one]]));
      expect(counts).toMatchObject({ MessagesReceived: 2, MessagesDeadLettered: refused.length });
    }
  });

  test('comes again for those that the CDP has not taken', async () => {
    let down = true;
    const { taken, destination } = fakeCdp((items) => down && items.some(({ text }) => address(JSON.parse(text)) === 'ben@example.com')
      ? { kind: 'retry', code: 'Status503' } : ALL_DONE, { items: 1, inFlight: 1 });
    const { invoke } = start(destination, fromSes);
    expect((await invoke([open, bounceOfSeveral], 300)).failed).toBe(1);
    down = false;
    expect((await invoke([bounceOfSeveral])).failed).toBe(-1);
    expect(taken.map(address)).toEqual(['ana@example.com', 'ana@example.com', 'ben@example.com']);
  });
});
