import { Duration } from 'aws-cdk-lib';
import { AlarmSpecs, deadLettersAlarm } from './alarms';
import { instanceMetric } from './metrics';
import { EndpointSyncMetric } from '../contract/cdp-endpoint-sync';

/** About one hundredth of what 2 requests a second come to in 15 minutes: more than neighbors that share the quota now and then cause. */
const THROTTLED_REQUESTS = 20;

/** The alarms on what the handler itself counts. */
export function endpointSyncAlarms(instance: string): AlarmSpecs {
  return {
    ...deadLettersAlarm(instance),
    ThrottledRequestsAlarm: {
      // An invocation writes its metrics at its end, and may take minutes, so that shorter periods would have gaps.
      metric: instanceMetric(instance, EndpointSyncMetric.REQUESTS_THROTTLED, { period: Duration.minutes(15) }),
      threshold: THROTTLED_REQUESTS,
      description: 'The target refuses requests beyond its quota. Something else in the account uses it too, or `shardCount` is wrong',
    },
  };
}
