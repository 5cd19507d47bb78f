import { Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { INSTANCE_DIMENSION, METRIC_NAMESPACE } from '../contract/metrics';

/** The name of a construct in metrics and logs: stack and path are unique in an account and Region, and stay when resources are replaced. */
export function instanceName(scope: Construct): string {
  const stack = Stack.of(scope);
  const path = scope.node.scopes.slice(stack.node.scopes.length).map((construct) => construct.node.id);
  return [stack.stackName, ...path].join('/');
}

/** A metric that a construct's handler writes. */
export function instanceMetric(instance: string, metricName: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace: METRIC_NAMESPACE,
    metricName,
    statistic: cloudwatch.Stats.SUM,
    ...options,
    dimensionsMap: { ...options?.dimensionsMap, [INSTANCE_DIMENSION]: instance },
  });
}
