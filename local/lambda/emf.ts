import { isObject } from '../template/model';

/** One metric value of an embedded-metric-format log line. */
export interface MetricValue {
  readonly name: string;
  /** Sum, where the line holds a list of values. */
  readonly value: number;
  /** Value of the dimension or property `Reason`. */
  readonly reason?: string;
  /** False when every dimension set of the line names a reason: the value is a part of a total that another line gives. */
  readonly isTotal: boolean;
}

const REASON = 'Reason';

/** The metrics of a log line; none when the line is something else.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html */
export function metricsIn(line: string): MetricValue[] {
  if (!line.startsWith('{') || !line.includes('"_aws"')) return [];
  const document = parse(line);
  const meta = isObject(document) && isObject(document._aws) ? document._aws : undefined;
  if (!isObject(document) || !Array.isArray(meta?.CloudWatchMetrics)) return [];
  return meta.CloudWatchMetrics.filter(isObject).flatMap((directive) => {
    const sets = [directive.Dimensions ?? []].flat() as unknown[];
    const isTotal = sets.length === 0 || sets.some((set) => !Array.isArray(set) || !set.includes(REASON));
    const metrics = [directive.Metrics ?? []].flat().filter(isObject).map((metric) => String(metric.Name));
    const reason = typeof document[REASON] === 'string' ? document[REASON] : undefined;
    return metrics.map((name) => ({ name, value: sum(document[name]), reason, isTotal }));
  });
}

function sum(value: unknown): number {
  return [value ?? 0].flat().reduce<number>((total, one) => total + Number(one), 0);
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
