import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { AlarmSpecs, deadLettersAlarm, functionAlarms } from './alarms';
import { deliveryAlarms } from './engagement-stream-alarms';
import { Queues } from './queue';

export interface OfferAlarmsSpec extends Queues {
  readonly instance: string;
  readonly channel: lambda.IFunction;
  readonly delivery: lambda.IFunction;
  /** How long the caller waits for an answer. */
  readonly budget: Duration;
}

/** Two thirds of the caller's time: late enough not to fire for a cold start, early enough to act. */
const ALARMING_PART = 2 / 3;
const PERIOD = Duration.minutes(5);

export function offerAlarms({ instance, channel, delivery, budget, queue, deadLetterQueue }: OfferAlarmsSpec): AlarmSpecs {
  return {
    ...deadLettersAlarm(instance),
    ...deliveryAlarms(instance),
    ...functionAlarms('Channel', channel),
    ...functionAlarms('Delivery', delivery),
    ChannelDurationAlarm: {
      metric: channel.metricDuration({ statistic: cloudwatch.Stats.MAXIMUM, period: PERIOD }),
      threshold: budget.toMilliseconds() * ALARMING_PART,
      description: 'The channel answers so late that the caller may soon give it up. Look at the queue\'s throttling; raise `memorySize`',
    },
    QueueAgeAlarm: {
      metric: queue.metricApproximateAgeOfOldestMessage({ statistic: cloudwatch.Stats.MAXIMUM, period: PERIOD }),
      threshold: Duration.hours(1).toSeconds(),
      evaluationPeriods: 3,
      description: 'The CDP has not heard of offers for an hour or more. They are tried again until `maxDeliveryAge`; look at failed requests',
    },
    DeadLetterQueueAlarm: {
      metric: deadLetterQueue.metricApproximateNumberOfMessagesVisible({ statistic: cloudwatch.Stats.MAXIMUM, period: PERIOD }),
      threshold: 1,
      description: 'The delivery function crashes on messages. Mend the cause, then redrive the queue before they are 14 days old',
    },
  };
}
