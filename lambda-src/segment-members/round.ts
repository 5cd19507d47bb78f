import type { Change, Refusal } from './membership';
import { inParallel, OutOfTime } from '../runtime/pace';

/** As many as keep the quota of 100 requests a second busy when one takes a quarter of a second. */
const IN_FLIGHT = 24;
/** What is begun together; only what is behind all that is done is forgotten at the end of a round. */
const CHUNK = 500;

export type Refused = Change & NonNullable<Refusal>;

/** What one invocation did. */
export interface Round {
  /** Changes that are done with, without a gap. */
  readonly done: number;
  readonly written: number;
  readonly removed: number;
  readonly refused: readonly Refused[];
}

/** Goes on from a change until the last one, until the time is over, or until too many were refused. */
export async function runRound(
  changes: readonly Change[], from: number, maxRefused: number, apply: (change: Change) => Promise<Refusal>,
): Promise<Round> {
  let [done, written, removed] = [0, 0, 0];
  const refused: Refused[] = [];
  while (from + done < changes.length && refused.length <= maxRefused) {
    const chunk = changes.slice(from + done, from + done + CHUNK);
    const results = await runChunk(chunk, apply);
    const end = results.findIndex((result) => result === undefined);
    const settled = end < 0 ? chunk : chunk.slice(0, end);
    settled.forEach((change, index) => {
      const refusal = results[index]!.refusal;
      if (refusal) refused.push({ ...change, ...refusal });
      else if (change.member) written += 1;
      else removed += 1;
    });
    done += settled.length;
    if (end >= 0) break;
  }
  return { done, written, removed, refused };
}

type Result = { readonly refusal: Refusal } | undefined;

/** Undefined: the time was over first. */
async function runChunk(chunk: readonly Change[], apply: (change: Change) => Promise<Refusal>): Promise<Result[]> {
  const results: Result[] = chunk.map(() => undefined);
  await inParallel(IN_FLIGHT, [...chunk.keys()], async (index) => {
    results[index] = { refusal: await apply(chunk[index]) };
  }).catch((error: unknown) => {
    if (!(error instanceof OutOfTime)) throw error;
  });
  return results;
}
