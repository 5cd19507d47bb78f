/** Published request rates: per account, Region and operation, hence one bucket per operation for all callers. */

export interface Rate {
  readonly perSecond: number;
  /** How many requests may come at once; the rate when left out. */
  readonly burst?: number;
}

interface Bucket {
  tokens: number;
  at: number;
}

export class Quota {
  private readonly buckets = new Map<string, Bucket>();

  public constructor(
    private readonly rates: Readonly<Record<string, Rate>>,
    private readonly otherwise: Rate,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Takes a token; false when the operation is above its rate. */
  public take(operation: string): boolean {
    const { perSecond, burst = perSecond } = this.rates[operation] ?? this.otherwise;
    const at = this.now();
    const bucket = this.buckets.get(operation) ?? { tokens: burst, at };
    const tokens = Math.min(burst, bucket.tokens + ((at - bucket.at) / 1000) * perSecond);
    this.buckets.set(operation, { tokens: tokens >= 1 ? tokens - 1 : tokens, at });
    return tokens >= 1;
  }
}
