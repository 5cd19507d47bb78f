import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { AlarmSpecs } from './alarms';
import { instanceMetric } from './metrics';
import { SegmentImportMetric } from '../contract/segment-import';

const SUM = { statistic: cloudwatch.Stats.SUM, period: Duration.minutes(5) };

/** What may go wrong with an import, each with what to do. */
export function segmentImportAlarms(instance: string, stateMachine: sfn.IStateMachine, undelivered: sqs.IQueue): AlarmSpecs {
  return {
    FailedImportsAlarm: {
      metric: stateMachine.metricFailed(SUM),
      threshold: 1,
      description: 'A list was not imported, and its segment is as it was. Its report tells why; correct the list and drop it again',
    },
    ImportsWithFailuresAlarm: {
      metric: instanceMetric(instance, SegmentImportMetric.IMPORTED_WITH_FAILURES, { period: Duration.minutes(5) }),
      threshold: 1,
      description: 'A list was imported without some of its rows. The report names how many and where the rejected rows lie',
    },
    AbandonedImportsAlarm: {
      metric: stateMachine.metric('ExecutionsTimedOut', SUM),
      threshold: 1,
      description: 'An import did not end within its time and made no report. Look at its execution; its segment is free again when the lease ends',
    },
    UndeliveredNotificationsAlarm: {
      metric: undelivered.metricApproximateNumberOfMessagesVisible({ statistic: cloudwatch.Stats.MAXIMUM, period: Duration.minutes(5) }),
      threshold: 1,
      description: 'Notifications of lists could not start an execution and wait in the queue. Remove the cause, then start executions with them',
    },
  };
}
