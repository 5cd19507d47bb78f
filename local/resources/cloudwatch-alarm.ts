import { arn } from '../environment';
import { ResourceHandler, text } from './handler';

/** Accepted, not evaluated. */
export const cloudwatchAlarm: ResourceHandler = {
  type: 'AWS::CloudWatch::Alarm',
  properties: ['AlarmName'],
  ignored: [
    'ActionsEnabled', 'AlarmActions', 'AlarmDescription', 'ComparisonOperator', 'DatapointsToAlarm', 'Dimensions',
    'EvaluateLowSampleCountPercentile', 'EvaluationPeriods', 'ExtendedStatistic', 'InsufficientDataActions', 'MetricName', 'Metrics', 'Namespace',
    'OKActions', 'Period', 'Statistic', 'Tags', 'Threshold', 'ThresholdMetricId', 'TreatMissingData', 'Unit',
  ],
  create: (resource) => {
    const name = text(resource, 'AlarmName') ?? resource.name;
    return { ref: name, attributes: { Arn: arn('cloudwatch', `alarm:${name}`) } };
  },
};
