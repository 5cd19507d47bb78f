import { MultiBar, Presets, SingleBar } from 'cli-progress';
import { Drainable } from './drain';

const LINE_EVERY_MS = 5_000;

/** Records over / taken, per construct: bars on a terminal, else a line now and then. */
export class Progress {
  private readonly bars = new Map<string, SingleBar>();
  private readonly multi?: MultiBar;
  private lineAt = performance.now();

  public constructor(private readonly out: NodeJS.WriteStream = process.stderr) {
    if (!out.isTTY) return;
    const format = '  {construct} {bar} {value}/{total} records';
    this.multi = new MultiBar({ format, stream: out, hideCursor: true, clearOnComplete: true }, Presets.shades_classic);
  }

  public show(state: readonly Drainable[]): void {
    const totals = byConstruct(state);
    if (this.multi) totals.forEach(({ over, taken }, construct) => this.bar(construct, taken).update(over));
    else this.line(totals);
  }

  public stop(): void {
    this.multi?.stop();
  }

  private bar(construct: string, total: number): SingleBar {
    const bar = this.bars.get(construct) ?? this.multi!.create(total, 0, { construct });
    bar.setTotal(total);
    this.bars.set(construct, bar);
    return bar;
  }

  private line(totals: Totals): void {
    if (performance.now() - this.lineAt < LINE_EVERY_MS) return;
    this.lineAt = performance.now();
    totals.forEach(({ over, taken }, construct) => this.out.write(`  ${construct}: ${over}/${taken} records\n`));
  }
}

type Totals = ReadonlyMap<string, { readonly over: number; readonly taken: number }>;

function byConstruct(state: readonly Drainable[]): Totals {
  const totals = new Map<string, { over: number; taken: number }>();
  for (const { construct, over, taken } of state) {
    const sum = totals.get(construct) ?? { over: 0, taken: 0 };
    totals.set(construct, { over: sum.over + over, taken: sum.taken + taken });
  }
  return totals;
}
