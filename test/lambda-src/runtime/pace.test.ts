import { backOff, inParallel, OutOfTime, Pace } from '../../../lambda-src/runtime/pace';

// Jest's fake timers leave this module alone.
jest.mock('node:timers/promises', () => ({
  setTimeout: (millis: number) => new Promise((resolve) => globalThis.setTimeout(resolve, millis)),
}));

const NEVER = Number.MAX_SAFE_INTEGER;

describe('Pace', () => {
  beforeEach(() => void jest.useFakeTimers({ now: 1_000_000 }));
  afterEach(() => void jest.useRealTimers());

  /** Milliseconds after the start at which each of `count` simultaneous callers gets its turn. */
  async function turns(pace: Pace, count: number, deadline = NEVER): Promise<(number | string)[]> {
    const start = Date.now();
    const waiting = Array.from({ length: count }, () => pace.turn(deadline).then(() => Date.now() - start, (error: Error) => error.name));
    await jest.advanceTimersByTimeAsync(60_000);
    return Promise.all(waiting);
  }

  test('turns come evenly, the first at once', async () => {
    expect(await turns(new Pace(2), 5)).toEqual([0, 500, 1000, 1500, 2000]);
  });

  test('a share below one per second works as well', async () => {
    expect(await turns(new Pace(0.1), 3)).toEqual([0, 10_000, 20_000]);
  });

  test('time that nobody used is not saved up for a burst', async () => {
    const pace = new Pace(2);
    await pace.turn(NEVER);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(await turns(pace, 3)).toEqual([0, 500, 1000]);
  });

  test('a turn at or after the deadline fails at once and takes nobody\'s place', async () => {
    const pace = new Pace(2);
    expect(await turns(pace, 4, Date.now() + 1000)).toEqual([0, 500, 'OutOfTime', 'OutOfTime']);
    expect(await turns(pace, 1)).toEqual([0]);
    await expect(pace.turn(Date.now())).rejects.toThrow(OutOfTime);
  });
});

describe('inParallel', () => {
  const tick = () => new Promise((resolve) => setImmediate(resolve));

  test.each([[1, 3, 1], [2, 5, 2], [16, 3, 3], [4, 0, 0]])('at most %i of %i at a time', async (limit, count, most) => {
    let running = 0;
    let peak = 0;
    const started: number[] = [];
    await inParallel(limit, Array.from({ length: count }, (_, index) => index), async (index) => {
      started.push(index);
      peak = Math.max(peak, running += 1);
      await tick();
      running -= 1;
    });
    expect(peak).toBe(most);
    expect(started).toEqual(Array.from({ length: count }, (_, index) => index));
  });

  test('a failure starts nothing more, waits for what runs, and is thrown', async () => {
    const [started, ended]: number[][] = [[], []];
    const work = inParallel(2, [0, 1, 2, 3, 4], async (index) => {
      started.push(index);
      if (index === 1) throw new Error('broken');
      await tick();
      await tick();
      ended.push(index);
    });
    await expect(work).rejects.toThrow('broken');
    expect(ended).toEqual([0]);
    await tick();
    await tick();
    expect(started).toEqual([0, 1]);
  });
});

test('back-off grows to its cap and is jittered', () => {
  const random = jest.spyOn(Math, 'random').mockReturnValue(1);
  expect([0, 1, 2, 10, 50].map((attempt) => backOff(attempt))).toEqual([200, 400, 800, 20_000, 20_000]);
  random.mockReturnValue(0);
  expect(backOff(5)).toBe(0);
  random.mockRestore();
});
