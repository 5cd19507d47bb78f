import { Rejection } from '../runtime/errors';
import { RowCounts } from '../segment-import/import-document';

/** Counts the rows of one import, and ends it when too many are rejected. */
export class Tally {
  private accepted = 0;
  private rejected = 0;
  private readonly reasons = new Map<string, number>();
  private readonly cuts = new Map<string, number>();

  public constructor(private readonly maxRejected: number) {}

  public readonly cut = (reason: string): void => {
    this.cuts.set(reason, (this.cuts.get(reason) ?? 0) + 1);
  };

  public accept(): void {
    this.accepted += 1;
  }

  public get taken(): number {
    return this.accepted;
  }

  public reject(code: string): void {
    this.rejected += 1;
    this.reasons.set(code, (this.reasons.get(code) ?? 0) + 1);
  }

  public get hasRejects(): boolean {
    return this.rejected > 0;
  }

  public get tooMany(): Rejection | undefined {
    if (this.rejected <= this.maxRejected) return undefined;
    return new Rejection('TooManyRejectedRows', `more than ${this.maxRejected} rows are rejected, the first ones for: ${[...this.reasons.keys()].join(', ')}`);
  }

  public get none(): Rejection | undefined {
    return this.accepted > 0 ? undefined : new Rejection('NoRows', 'no row of the list can be imported');
  }

  public counts(): RowCounts {
    const { accepted, rejected } = this;
    return { accepted, rejected, reasons: Object.fromEntries(this.reasons), cuts: Object.fromEntries(this.cuts) };
  }
}
