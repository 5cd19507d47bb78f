import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { StreamMetric } from '../contract/metrics';
import { HandlerOptions } from '../handler-options';
import { StreamOptions } from '../stream-options';
import { instanceMetric } from './metrics';
import { maxRecordAgeOf } from './stream';

/** An alarm as a sentence: what is counted, from which number on, and what to do. */
export interface AlarmSpec {
  readonly metric: cloudwatch.Metric;
  readonly threshold: number;
  readonly evaluationPeriods?: number;
  /** What has happened and what to do, for whoever is woken by it. */
  readonly description: string;
}

/** Alarms by their construct ids. */
export interface AlarmSpecs {
  readonly [id: string]: AlarmSpec;
}

/** All alarms treat silence as health: a stream without records writes no metric. */
export function createAlarms(scope: Construct, specs: AlarmSpecs, options: HandlerOptions): cloudwatch.Alarm[] {
  return Object.entries(specs).map(([id, { metric, threshold, evaluationPeriods, description }]) => {
    const alarm = new cloudwatch.Alarm(scope, id, {
      metric,
      threshold,
      evaluationPeriods: evaluationPeriods ?? 1,
      alarmDescription: description,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
    if (options.alarmTopic) {
      const notify = new actions.SnsAction(options.alarmTopic);
      alarm.addAlarmAction(notify);
      alarm.addOkAction(notify);
    }
    return alarm;
  });
}

const SUM = { statistic: cloudwatch.Stats.SUM, period: Duration.minutes(5) };

/** How far a function is behind its stream. The function's own metric, as the stream's mixes all of its consumers.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html#performance-metrics */
export function iteratorAge(handler: lambda.IFunction, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
  return handler.metric('IteratorAge', { statistic: cloudwatch.Stats.MAXIMUM, period: Duration.minutes(5), ...options });
}

/** Records that Lambda gave up and wrote to the on-failure destination.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html#event-source-mapping-metrics */
export function abandonedRecords(mapping: lambda.EventSourceMapping): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace: 'AWS/Lambda',
    metricName: 'OnFailureDestinationDeliveredEventCount',
    dimensionsMap: { EventSourceMappingUUID: mapping.eventSourceMappingId },
    ...SUM,
  });
}

/** The alarms of every construct that reads a stream. */
export function streamAlarms(handler: lambda.IFunction, mapping: lambda.EventSourceMapping, options: StreamOptions): AlarmSpecs {
  return {
    IteratorAgeAlarm: {
      metric: iteratorAge(handler),
      threshold: alarmingAge(options),
      evaluationPeriods: 3,
      description: 'Records wait too long on the stream. Look at throttled requests and errors; raise the quota or wait for the backlog to pass',
    },
    AbandonedRecordsAlarm: {
      metric: abandonedRecords(mapping),
      threshold: 1,
      description: 'Lambda gave records up and kept them below aws/lambda/ in the dead-letter bucket. Find the cause in the logs, then redrive',
    },
    LostRecordsAlarm: {
      metric: handler.metric('DestinationDeliveryFailures', SUM),
      threshold: 1,
      description: 'Lambda could not keep records that it gave up: they are lost once the stream forgets them. Check the bucket',
    },
    ErrorsAlarm: {
      metric: handler.metricErrors(SUM),
      threshold: 1,
      description: 'The handler failed as a whole: wrong configuration, missing permission, time-out or crash. Its log says which',
    },
    ThrottlesAlarm: {
      metric: handler.metricThrottles(SUM),
      threshold: 1,
      description: 'Lambda had no concurrency left for the handler. Reserve some for it, or raise the quota of the account',
    },
  };
}

/** The alarm of every construct whose handler keeps what can't be delivered. */
export function deadLettersAlarm(instance: string): AlarmSpecs {
  return {
    DeadLettersAlarm: {
      metric: instanceMetric(instance, StreamMetric.MESSAGES_DEAD_LETTERED, { period: Duration.minutes(5) }),
      threshold: 1,
      description: 'Messages could not be delivered and lie in the dead-letter bucket, each with its reason. Remove the cause, then redrive',
    },
  };
}

/** Milliseconds. An hour, and at most half of the time after which records are given up, so that there is time to act. */
function alarmingAge(options: StreamOptions): number {
  const hour = Duration.hours(1).toMilliseconds();
  const age = maxRecordAgeOf(options);
  return age.isUnresolved() ? hour : Math.min(hour, age.toMilliseconds() / 2);
}
