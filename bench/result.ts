/** One line of the table: a ratio within this run, and what it must keep to. */
export interface Result {
  readonly name: string;
  readonly ratio: number;
  readonly goal: string;
  readonly ok: boolean;
}

export const atMost = (name: string, ratio: number, limit: number): Result => ({ name, ratio, goal: `≤ ${limit}`, ok: ratio <= limit });
export const atLeast = (name: string, ratio: number, limit: number): Result => ({ name, ratio, goal: `≥ ${limit}`, ok: ratio >= limit });

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** CPU time of this process that a piece of work takes, in milliseconds. */
export async function cpuOf(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** Two pieces of work, turn by turn, so that whatever slows the machine slows both; the median of the ratios. */
export async function ratioOf(work: () => unknown, floor: () => unknown, rounds = 15, warmUp = 3): Promise<number> {
  const ratios: number[] = [];
  for (let round = 0; round < rounds + warmUp; round += 1) {
    const base = await cpuOf(floor);
    const taken = await cpuOf(work);
    if (round >= warmUp) ratios.push(taken / base);
  }
  return median(ratios);
}
