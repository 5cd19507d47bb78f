import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { AlarmSpecs, deadLettersAlarm } from './alarms';
import { instanceMetric } from './metrics';
import { DeliveryMetric } from '../contract/metrics';

/** More than a CDP that restarts causes now and then, and little of what one that is down does. */
const FAILED_REQUESTS = 20;

/** An invocation writes its metrics at its end, and may take minutes, so that shorter periods would have gaps. */
const PERIOD = Duration.minutes(15);

/** The alarms on what the handler itself counts. */
export function engagementStreamAlarms(instance: string): AlarmSpecs {
  return { ...deadLettersAlarm(instance), ...deliveryAlarms(instance) };
}

/** Of a source that somebody else than the service puts on the stream. */
export function undeliveredAlarm(undelivered: sqs.IQueue): AlarmSpecs {
  return {
    UndeliveredEventsAlarm: {
      metric: undelivered.metricApproximateNumberOfMessagesVisible({ statistic: cloudwatch.Stats.MAXIMUM, period: Duration.minutes(5) }),
      threshold: 1,
      description: 'Events could not be put on the stream and wait in the queue for 14 days. Remove the cause, then put them on the stream',
    },
  };
}

/** Of everything that is handed on to a CDP. */
export function deliveryAlarms(instance: string): AlarmSpecs {
  return {
    ThrottledRequestsAlarm: {
      metric: instanceMetric(instance, DeliveryMetric.REQUESTS_THROTTLED, { period: PERIOD }),
      threshold: FAILED_REQUESTS,
      description: 'The CDP refuses requests beyond its limit, so that events arrive late. Ask for a higher one, or send it less',
    },
    FailedRequestsAlarm: {
      metric: instanceMetric(instance, DeliveryMetric.REQUESTS_FAILED, { period: PERIOD }),
      threshold: FAILED_REQUESTS,
      description: 'The CDP does not answer, or answers with errors. Nothing is lost for as long as it is tried again; its status page may say more',
    },
  };
}
