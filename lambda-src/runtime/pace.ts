import { setTimeout as sleep } from 'node:timers/promises';

/** There is no time left before the function's deadline. */
export class OutOfTime extends Error {
  public constructor() {
    super('the deadline of this invocation comes first');
    this.name = 'OutOfTime';
  }
}

/** Evenly spaced turns, so that a share of a per-second quota is never exceeded, whatever the number of callers. */
export class Pace {
  private next = 0;

  public constructor(private readonly perSecond: number) {}

  /** Waits for its turn; fails at once when that would come after the deadline. */
  public async turn(deadline: number): Promise<void> {
    const now = Date.now();
    const at = Math.max(now, this.next);
    if (at >= deadline) throw new OutOfTime();
    this.next = at + 1000 / this.perSecond;
    if (at > now) await sleep(at - now);
  }
}

/** Runs tasks in order of the list, at most `limit` at a time. After a failure no more are started; it is thrown when none runs any longer. */
export async function inParallel<T>(limit: number, items: readonly T[], task: (item: T) => Promise<void>): Promise<void> {
  const iterator = items.values();
  const failures: unknown[] = [];
  const worker = async () => {
    for (const item of iterator) {
      if (failures.length > 0) return;
      await task(item).catch((error: unknown) => failures.push(error));
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  if (failures.length > 0) throw failures[0];
}

/** Exponential back-off with full jitter. @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/ */
export function backOff(attempt: number, baseMillis = 200, capMillis = 20_000): number {
  return Math.random() * Math.min(capMillis, baseMillis * 2 ** attempt);
}
