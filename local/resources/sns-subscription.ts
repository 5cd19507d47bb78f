import { arn } from '../environment';
import { RefusedError } from '../errors';
import { ResourceHandler, flag, requiredText } from './handler';

/** Of a queue that gets the bare message; any other is accepted, and gets nothing. */
export const snsSubscription: ResourceHandler = {
  type: 'AWS::SNS::Subscription',
  properties: ['Endpoint', 'Protocol', 'RawMessageDelivery', 'TopicArn'],
  ignored: ['DeliveryPolicy', 'FilterPolicy', 'FilterPolicyScope', 'RedrivePolicy', 'Region', 'SubscriptionRoleArn'],
  create: (resource, world) => {
    if (requiredText(resource, 'Protocol') === 'sqs') {
      if (!flag(resource, 'RawMessageDelivery', false)) throw new RefusedError(resource.path, 'only the raw delivery of messages is emulated');
      world.messaging.topics.subscriptions.push({ topicArn: requiredText(resource, 'TopicArn'), queueArn: requiredText(resource, 'Endpoint') });
    }
    return { ref: arn('sns', resource.name), attributes: {} };
  },
};
