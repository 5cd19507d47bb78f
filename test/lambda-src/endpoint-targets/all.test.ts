import * as fc from 'fast-check';
import type { EndpointTargetAdapter, Sourced } from '../../../lambda-src/endpoint-targets';
import { createAllTargets } from '../../../lambda-src/endpoint-targets/all';
import { DONE, dropped, Outcome, rejected, retry } from '../../../lambda-src/model';
import { DeploymentError } from '../../../lambda-src/runtime/errors';
import { fakeTarget } from '../support/sync';
import { inShort } from '../support/target';

const changeOf = (message: number): Sourced => ({ message, change: { kind: 'delete', userId: `u${message}` } });
const changes = (...messages: number[]): Sourced[] => messages.map(changeOf);

async function apply(target: EndpointTargetAdapter, given: readonly Sourced[], millis = 60_000) {
  const missed: Record<string, number> = {};
  const outcomes = await target.apply(given, {
    deadline: Date.now() + millis, cut: () => undefined,
    meter: { count: () => undefined, countReason: (_, reason, value) => void (missed[reason] = (missed[reason] ?? 0) + value) },
  });
  return { outcomes: outcomes.map(inShort), missed };
}

const throwing = (error: Error): EndpointTargetAdapter => ({ apply: async () => { throw error; } });

test('the leading target decides; what the others do not take is counted by its reason', async () => {
  const leading = fakeTarget(({ message }) => [DONE, rejected('Bad', ''), dropped('Nothing')][message]);
  const following = fakeTarget(({ message }) => [rejected('TooOld', ''), retry('Throttled'), DONE][message]);
  const { outcomes, missed } = await apply(createAllTargets(leading, [following]), changes(0, 1, 2));
  expect(outcomes).toEqual(['done', 'rejected Bad', 'dropped Nothing']);
  expect(missed).toEqual({ TooOld: 1, Throttled: 1 });
});

test('what the stream will deliver again is not sent to the others yet', async () => {
  const leading = fakeTarget(({ message }) => message === 2 ? retry('Throttled') : DONE);
  const following = fakeTarget();
  await apply(createAllTargets(leading, [following]), changes(0, 1, 1, 2, 2, 3));
  expect(following.seen.map(({ message }) => message)).toEqual([0, 1, 1]);
});

test.each<[string, EndpointTargetAdapter]>([
  ['a deployment that is wrong', throwing(new DeploymentError('gone'))],
  ['an error that nobody foresaw', throwing(new TypeError('x'))],
  ['everything to be retried', fakeTarget(() => retry('Throttled'))],
])('%s of one that follows holds nothing back, and after three in a row it is left alone for a minute', async (_, following) => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
  const target = createAllTargets(fakeTarget(), [following]);
  const results = [];
  // Three in a row; the minute; one more, after which the next minute begins.
  for (const pause of [0, 1_000, 1_000, 0, 59_000, 1_001, 59_000, 1_001]) {
    jest.advanceTimersByTime(pause);
    results.push(await apply(target, changes(0, 1)));
  }
  jest.useRealTimers();
  expect(results.map(({ outcomes }) => outcomes)).toEqual(results.map(() => ['done', 'done']));
  expect(results.map(({ missed }) => Object.values(missed))).toEqual(results.map(() => [2]));
  expect(results.map(({ missed }) => 'Paused' in missed)).toEqual([false, false, false, true, true, false, true, false]);
});

test('with little traffic a failure now and then costs that change alone', async () => {
  const answers = [retry('Throttled'), retry('Throttled'), DONE, retry('Throttled'), rejected('Bad', ''), retry('Throttled'), retry('Throttled'), DONE];
  const following = fakeTarget(({ message }) => answers[message]);
  const target = createAllTargets(fakeTarget(), [following]);
  const missed = [];
  for (const message of answers.keys()) missed.push((await apply(target, changes(message))).missed);
  expect(following.seen).toHaveLength(answers.length);
  expect(missed).toEqual(answers.map((answer) => 'code' in answer ? { [answer.code]: 1 } : {}));
});

test('one that hangs is given up in time', async () => {
  const hanging: EndpointTargetAdapter = { apply: () => new Promise(() => undefined) };
  const start = Date.now();
  const { outcomes, missed } = await apply(createAllTargets(fakeTarget(), [hanging, fakeTarget()]), changes(0), 200);
  expect({ outcomes, missed }).toEqual({ outcomes: ['done'], missed: { OutOfTime: 1 } });
  expect(Date.now() - start).toBeLessThan(2_000);
});

test('a wrong deployment of the leading target fails loudly, and the others wait', async () => {
  const following = fakeTarget();
  await expect(apply(createAllTargets(throwing(new DeploymentError('gone')), [following]), changes(0))).rejects.toThrow('gone');
  expect(following.seen).toEqual([]);
});

test('the leading target leaves the others a third of the time', async () => {
  const deadlines: number[] = [];
  const timed: EndpointTargetAdapter = { apply: async (given, { deadline }) => {
    deadlines.push(deadline - Date.now());
    return given.map(() => DONE);
  } };
  await apply(createAllTargets(timed, [timed]), changes(0), 9_000);
  expect(deadlines[0]).toBeLessThanOrEqual(6_000);
  expect(deadlines[1]).toBeGreaterThan(8_900);
  await apply(createAllTargets(timed, [timed]), changes(0), 300_000);
  expect(deadlines[3]).toBeLessThanOrEqual(10_000);
});

/** A stream that delivers again from the first message that is to be retried, until all have an outcome. */
async function deliver(target: EndpointTargetAdapter, count: number, size: number): Promise<Record<string, number>> {
  const all: Record<string, number> = {};
  for (let next = 0, rounds = 0; next < count && rounds < 1_000; rounds += 1) {
    const batch = changes(...Array.from({ length: Math.min(size, count - next) }, (_, index) => next + index));
    const { outcomes, missed } = await apply(target, batch);
    for (const [reason, value] of Object.entries(missed)) all[reason] = (all[reason] ?? 0) + value;
    const again = outcomes.findIndex((outcome) => outcome.startsWith('retry'));
    next += again < 0 ? batch.length : again;
  }
  return all;
}

const outcome: fc.Arbitrary<Outcome> = fc.constantFrom(DONE, DONE, dropped('d'), rejected('r', ''), retry('t'));

test('whatever both answer: the leading one is as if alone, and the other gets every change once, in order, or it is counted', async () => {
  await fc.assert(fc.asyncProperty(
    fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 6 }), fc.array(outcome), fc.array(outcome),
    async (count, size, leads, follows) => {
      const script = (answers: readonly Outcome[]) => {
        const left = [...answers];
        return fakeTarget(() => left.shift() ?? DONE);
      };
      const alone = script(leads);
      await deliver(alone, count, size);
      const [leading, following] = [script(leads), script(follows)];
      const missed = await deliver(createAllTargets(leading, [following]), count, size);
      expect(leading.seen).toEqual(alone.seen);
      const paused = missed.Paused ?? 0;
      const seen = following.seen.map(({ message }) => message);
      expect(seen).toEqual([...new Set(seen)].sort((a, b) => a - b));
      expect(seen.length + paused).toBe(count);
    },
  ));
});
