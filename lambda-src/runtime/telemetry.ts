import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { INSTANCE_DIMENSION, METRIC_NAMESPACE, REASON_DIMENSION } from '../../src/contract/metrics';

type Unit = (typeof MetricUnit)[keyof typeof MetricUnit];

/** A word, not a sentence: a function of the user's own may give any reason, also one that names somebody, and each is a metric that costs. */
const CODE = /^[A-Za-z]\w{0,63}$/;
const OTHER_REASON = 'Other';

/** The counts of one invocation, written as embedded metrics when it ends. */
export class Telemetry {
  private readonly counts = new Map<string, number>();
  private readonly reasons = new Map<string, Map<string, number>>();
  private readonly millis = new Map<string, number>();
  private readonly notes = new Map<string, string>();

  public constructor(private readonly instance: string) {}

  public count(metric: string, value = 1): void {
    this.counts.set(metric, (this.counts.get(metric) ?? 0) + value);
  }

  /** Counts twice: in all, and under its reason. */
  public countReason(metric: string, code: string, value = 1): void {
    const reason = CODE.test(code) ? code : OTHER_REASON;
    this.count(metric, value);
    const byReason = this.reasons.get(metric) ?? new Map<string, number>();
    byReason.set(reason, (byReason.get(reason) ?? 0) + value);
    this.reasons.set(metric, byReason);
  }

  public duration(metric: string, millis: number): void {
    this.millis.set(metric, millis);
  }

  /** A word for the log line alone. */
  public note(name: string, text: string): void {
    this.notes.set(name, text);
  }

  public summary(): Record<string, number> {
    return Object.fromEntries([...this.counts, ...this.millis]);
  }

  /** The log line that ends an invocation. */
  public line(): Record<string, number | string> {
    return { ...this.summary(), ...Object.fromEntries(this.notes) };
  }

  public publish(): void {
    if (this.counts.size + this.millis.size === 0) return;
    const metrics = this.metrics();
    for (const [name, value] of this.counts) metrics.addMetric(name, MetricUnit.Count, value);
    for (const [name, value] of this.millis) metrics.addMetric(name, MetricUnit.Milliseconds, value);
    metrics.publishStoredMetrics();
    for (const [name, byReason] of this.reasons) {
      for (const [reason, value] of byReason) this.publishReason(name, reason, value, MetricUnit.Count);
    }
  }

  private publishReason(name: string, reason: string, value: number, unit: Unit): void {
    const metrics = this.metrics();
    metrics.addDimension(REASON_DIMENSION, reason);
    metrics.addMetric(name, unit, value);
    metrics.publishStoredMetrics();
  }

  private metrics(): Metrics {
    const metrics = new Metrics({ namespace: METRIC_NAMESPACE });
    // Powertools' own `service` dimension would split what the construct's `metricX()` reads as one.
    metrics.clearDefaultDimensions();
    metrics.setDefaultDimensions({ [INSTANCE_DIMENSION]: this.instance });
    return metrics;
  }
}
