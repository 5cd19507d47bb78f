import { arn } from '../environment';
import { ResourceHandler } from './handler';

/** Nothing is published in a run, so nothing is delivered. */
export const snsSubscription: ResourceHandler = {
  type: 'AWS::SNS::Subscription',
  properties: [],
  ignored: [
    'DeliveryPolicy', 'Endpoint', 'FilterPolicy', 'FilterPolicyScope', 'Protocol', 'RawMessageDelivery', 'RedrivePolicy', 'Region',
    'SubscriptionRoleArn', 'TopicArn',
  ],
  create: ({ name }) => ({ ref: arn('sns', name), attributes: {} }),
};
