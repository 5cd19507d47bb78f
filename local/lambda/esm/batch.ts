import { Invocation } from '../host';
import { StreamRecord } from './records';

export interface BatchPolicy {
  readonly bisect: boolean;
  readonly reportsItemFailures: boolean;
  /** -1: no limit. */
  readonly maximumRetryAttempts: number;
  /** -1: no limit. */
  readonly maximumRecordAgeSeconds: number;
}

export type DiscardCondition = 'RetryAttemptsExhausted' | 'RecordAgeExceeded';

export interface Discard {
  readonly records: readonly StreamRecord[];
  readonly condition: DiscardCondition;
  readonly invokeCount: number;
  /** The last invocation; undefined when there was none. */
  readonly invocation?: Invocation;
}

export interface BatchDeps {
  invoke(records: readonly StreamRecord[]): Promise<Invocation>;
  /** These records are over: the function answered that it is done with them. */
  checkpoint(records: readonly StreamRecord[], invocation: Invocation): void;
  discard(discard: Discard): Promise<void>;
  now(): number;
  sleep(ms: number): Promise<void>;
  /** True when the run ends: what is not done stays undone. */
  stopped(): boolean;
}

interface Item {
  readonly records: readonly StreamRecord[];
  /** Failed invocations that count against the maximum. */
  readonly retries: number;
  /** All invocations that these records were in. */
  readonly invokes: number;
  readonly last?: Invocation;
}

/** Lambda does not publish its back-off for streams; ours is short, since nobody wants to wait in a local run. */
const BACKOFF_MS = 100;
const LONGEST_BACKOFF_MS = 2_000;

/**
 * Takes one batch to its end, as Lambda's poller for streams does:
 * - an error fails the whole batch; with bisect it is cut in two, and a cut does not count as a retry;
 * - with ReportBatchItemFailures everything below the lowest reported sequence number is over, the rest comes again;
 * - what has been retried too often or is too old is discarded, in one piece;
 * - the order of records is kept: the second half waits until the first is over.
 *
 * AWS does not document whether progress by a partial answer resets the count of retries. Here it does not, except when
 * bisect is on (the documentation calls that a bisection at the returned number): a handler that is right under this rule is
 * right under the milder one too.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html
 */
export async function processBatch(records: readonly StreamRecord[], policy: BatchPolicy, deps: BatchDeps): Promise<void> {
  const stack: Item[] = [{ records, retries: 0, invokes: 0 }];
  for (let item = stack.pop(); item && !deps.stopped(); item = stack.pop()) {
    const fresh = await discardOld(item, policy, deps);
    if (fresh.records.length > 0) stack.push(...await attempt(fresh, policy, deps));
  }
}

/** Age is looked at before each invocation; records arrive in order, so the old ones are at the front. */
async function discardOld(item: Item, { maximumRecordAgeSeconds }: BatchPolicy, deps: BatchDeps): Promise<Item> {
  if (maximumRecordAgeSeconds < 0) return item;
  const oldest = deps.now() - maximumRecordAgeSeconds * 1000;
  const young = item.records.findIndex((record) => record.arrivedAt >= oldest);
  const old = young < 0 ? item.records : item.records.slice(0, young);
  if (old.length === 0) return item;
  await deps.discard({ records: old, condition: 'RecordAgeExceeded', invokeCount: item.invokes, invocation: item.last });
  return { ...item, records: item.records.slice(old.length) };
}

/** What is left to do, in reverse order: the caller takes from the end. */
async function attempt(item: Item, policy: BatchPolicy, deps: BatchDeps): Promise<Item[]> {
  const invocation = await deps.invoke(item.records);
  if (invocation.throttled) {
    // Nothing ran, so nothing is counted: Lambda retries until the records are too old.
    await deps.sleep(BACKOFF_MS);
    return [item];
  }
  const seen: Item = { ...item, invokes: item.invokes + 1, last: invocation };
  const failed = invocation.error ? 'all' : lowestFailure(seen.records, invocation.payload, policy);
  if (failed === 'all') return policy.bisect && seen.records.length > 1 ? halves(seen) : retry(seen, policy, deps);
  const over = failed === undefined ? seen.records : seen.records.slice(0, failed);
  if (over.length > 0) deps.checkpoint(over, invocation);
  if (failed === undefined) return [];
  const rest = { ...seen, records: seen.records.slice(failed) };
  return policy.bisect && failed > 0 ? [rest] : retry(rest, policy, deps);
}

async function retry(item: Item, { maximumRetryAttempts }: BatchPolicy, deps: BatchDeps): Promise<Item[]> {
  const { retries, records, invokes, last } = item;
  if (maximumRetryAttempts >= 0 && retries >= maximumRetryAttempts) {
    await deps.discard({ records, condition: 'RetryAttemptsExhausted', invokeCount: invokes, invocation: last });
    return [];
  }
  await deps.sleep(Math.min(LONGEST_BACKOFF_MS, BACKOFF_MS * 2 ** retries));
  return [{ ...item, retries: retries + 1 }];
}

function halves(item: Item): Item[] {
  const middle = Math.ceil(item.records.length / 2);
  return [{ ...item, records: item.records.slice(middle) }, { ...item, records: item.records.slice(0, middle) }];
}

/** Index of the lowest record that the function reports; undefined: none; `all`: the answer makes it a complete failure. */
export function lowestFailure(records: readonly StreamRecord[], payload: unknown, policy: BatchPolicy): number | 'all' | undefined {
  if (!policy.reportsItemFailures) return undefined;
  const failures = (payload as { batchItemFailures?: unknown } | null | undefined)?.batchItemFailures ?? [];
  if (!Array.isArray(failures)) return 'all';
  const indices = failures.map((failure: { itemIdentifier?: unknown } | null) =>
    records.findIndex((record) => record.sequenceNumber === failure?.itemIdentifier));
  if (indices.includes(-1)) return 'all';
  return indices.length === 0 ? undefined : Math.min(...indices);
}
