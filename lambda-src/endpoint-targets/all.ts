import type { Outcome } from '../model';
import type { ApplyOptions, EndpointTargetAdapter, Sourced } from './index';
import { before } from '../runtime/deadline';

/** Of an invocation's time the part that the leading target may take, so that something is left for those that follow. */
const LEADING_SHARE = 2 / 3;
/** A target that follows may take as long as the leading one did, and this long in any case. */
const LEAST_MILLIS = 10_000;
/** A target that keeps to its deadline still has to say what it did. */
const GRACE_MILLIS = 1_000;
/** How long a target is left alone that took nothing so often in a row: with little traffic one batch is one change, which says little. */
const PAUSE_MILLIS = 60_000;
const FAILURES_BEFORE_PAUSE = 3;

/**
 * The leading target decides what becomes of a change. The others get what it has settled, once it has, and what they don't take is counted:
 * it is neither retried by the stream nor a dead letter, so that nothing waits for them.
 */
export function createAllTargets(leading: EndpointTargetAdapter, following: readonly EndpointTargetAdapter[]): EndpointTargetAdapter {
  const followers = following.map((target) => new Follower(target));
  return {
    apply: async (changes, options) => {
      const start = Date.now();
      const outcomes = await leading.apply(changes, { ...options, deadline: start + (options.deadline - start) * LEADING_SHARE });
      const deadline = Math.min(options.deadline, Date.now() + Math.max(LEAST_MILLIS, Date.now() - start));
      const settled = settledOf(changes, outcomes);
      await Promise.all(followers.map((follower) => follower.apply(settled, { ...options, deadline })));
      return outcomes;
    },
  };
}

/** The stream delivers again from the first change that has to be retried; what comes after it is still to come to those that follow. */
function settledOf(changes: readonly Sourced[], outcomes: readonly Outcome[]): readonly Sourced[] {
  const again = outcomes.findIndex(({ status }) => status === 'retry');
  return again < 0 ? changes : changes.filter(({ message }) => message < changes[again].message);
}

class Follower {
  private failures = 0;
  private pausedUntil = 0;

  public constructor(private readonly target: EndpointTargetAdapter) {}

  public async apply(changes: readonly Sourced[], options: ApplyOptions): Promise<void> {
    if (changes.length === 0) return;
    const miss = (reason: string, count = 1) => options.meter.countReason('ChangesMissed', reason, count);
    if (Date.now() < this.pausedUntil) return miss('Paused', changes.length);
    try {
      const missed = (await this.outcomesOf(changes, options)).flatMap((outcome) => 'code' in outcome ? outcome : []);
      for (const { code } of missed) miss(code);
      this.note(missed.length < changes.length || missed.some(({ status }) => status !== 'retry'));
    } catch (error) {
      this.note(false);
      miss(error instanceof Error ? error.name : 'UnknownError', changes.length);
    }
  }

  /** Its counts would be taken for those of the leading target. */
  private outcomesOf(changes: readonly Sourced[], { deadline }: ApplyOptions): Promise<Outcome[]> {
    const meter = { count: () => undefined, countReason: () => undefined };
    return before(deadline + GRACE_MILLIS, () => this.target.apply(changes, { deadline, cut: () => undefined, meter }));
  }

  /** After a pause the first failure is enough. */
  private note(isThere: boolean): void {
    this.failures = isThere ? 0 : this.failures + 1;
    if (this.failures >= FAILURES_BEFORE_PAUSE) this.pausedUntil = Date.now() + PAUSE_MILLIS;
  }
}
