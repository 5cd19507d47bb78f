/** What the end of a run depends on. */
export interface Drainable {
  readonly label: string;
  readonly construct: string;
  /** Records that are over. */
  readonly over: number;
  /** Records that the stream took. */
  readonly taken: number;
}

export interface DrainOptions {
  readonly pending: () => readonly Drainable[];
  /** Longest time without any record getting over; asked again and again, since a run can become hopeless. */
  readonly stallMs: () => number;
  readonly progress: (state: readonly Drainable[]) => void;
  /** Ends the wait: Ctrl-C, or something that can't go on. */
  readonly signal: AbortSignal;
}

const POLL_MS = 50;

/** Waits until every record is over. False when nothing moves any more. */
export async function drain({ pending, stallMs, progress, signal }: DrainOptions): Promise<boolean> {
  let last = -1;
  let movedAt = performance.now();
  for (;;) {
    signal.throwIfAborted();
    const state = pending();
    progress(state);
    if (state.every(({ over, taken }) => over >= taken)) return true;
    const over = state.reduce((sum, one) => sum + one.over, 0);
    if (over !== last) {
      last = over;
      movedAt = performance.now();
    } else if (performance.now() - movedAt > stallMs()) {
      return false;
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
