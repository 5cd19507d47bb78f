import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { AlarmSpecs, deadLettersAlarm, functionAlarms } from './alarms';
import { deliveryAlarms } from './engagement-stream-alarms';
import { instanceMetric } from './metrics';
import { Queues } from './queue';
import { OfferMetric } from '../contract/offer-custom-channel';

export interface OfferAlarmsSpec extends Queues {
  readonly instance: string;
  readonly channel: lambda.IFunction;
  readonly delivery: lambda.IFunction;
  /** How long the caller waits for an answer. */
  readonly budget: Duration;
  /** How long offers are tried that can't be delivered. */
  readonly maxDeliveryAge: Duration;
}

/** Two thirds of the caller's time: late enough not to fire for a cold start, early enough to act. */
const ALARMING_PART = 2 / 3;
const PERIOD = Duration.minutes(5);
/** What waits for another attempt is received, and so counted, at least every half hour. */
const RETRY_PERIOD = Duration.hours(1);
const LATE = Duration.hours(1);
/** Of about 120,000 messages that a queue lets be in flight, which those are that wait for another attempt; beyond it none is received.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html */
const MANY_IN_FLIGHT = 100_000;

export function offerAlarms(spec: OfferAlarmsSpec): AlarmSpecs {
  const { instance, channel, delivery, budget } = spec;
  return {
    ...deadLettersAlarm(instance),
    ...deliveryAlarms(instance),
    ...functionAlarms('Channel', channel),
    ...functionAlarms('Delivery', delivery),
    ...queueAlarms(spec),
    DeliveriesRefusedAlarm: {
      metric: instanceMetric(instance, OfferMetric.DELIVERIES_REFUSED, { period: PERIOD }),
      threshold: 1,
      description: 'Credentials, address or a permission of the delivery are wrong: its log says which. Offers are tried until `maxDeliveryAge`',
    },
    ChannelDurationAlarm: {
      metric: channel.metricDuration({ statistic: cloudwatch.Stats.MAXIMUM, period: PERIOD }),
      threshold: budget.toMilliseconds() * ALARMING_PART,
      description: 'The channel answers so late that the caller may soon give it up. Look at the queue\'s throttling; raise `memorySize`',
    },
  };
}

/**
 * Two on age, as SQS leaves out of its metric what was received three times: of what nobody receives, and of what is tried again.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
 */
function queueAlarms({ instance, queue, deadLetterQueue, maxDeliveryAge }: OfferAlarmsSpec): AlarmSpecs {
  return {
    QueueAgeAlarm: {
      metric: queue.metricApproximateAgeOfOldestMessage({ statistic: cloudwatch.Stats.MAXIMUM, period: PERIOD }),
      threshold: LATE.toSeconds(),
      evaluationPeriods: 3,
      description: 'Offers lie on the queue for an hour or more without being taken up. Look at errors and throttles of the delivery function',
    },
    RetriedAgeAlarm: {
      metric: instanceMetric(instance, OfferMetric.RETRIED_AGE, { statistic: cloudwatch.Stats.MAXIMUM, period: RETRY_PERIOD }),
      threshold: Math.min(LATE.toMilliseconds(), maxDeliveryAge.toMilliseconds() / 2),
      description: 'The CDP has not heard of offers for an hour, or half of `maxDeliveryAge`, until which they are tried; look at failed requests',
    },
    InFlightAlarm: {
      metric: queue.metricApproximateNumberOfMessagesNotVisible({ statistic: cloudwatch.Stats.MAXIMUM, period: PERIOD }),
      threshold: MANY_IN_FLIGHT,
      description: 'Nearly as many offers wait for another attempt as SQS allows: beyond it no other is delivered. Get the CDP to take them',
    },
    DeadLetterQueueAlarm: {
      metric: deadLetterQueue.metricApproximateNumberOfMessagesVisible({ statistic: cloudwatch.Stats.MAXIMUM, period: PERIOD }),
      threshold: 1,
      description: 'The delivery function crashes on messages. Mend the cause, then redrive the queue: SQS keeps them 14 days from first sending',
    },
  };
}
