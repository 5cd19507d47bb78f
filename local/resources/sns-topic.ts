import { arn } from '../environment';
import { ResourceHandler, text } from './handler';

/** Takes what services publish. Alarms are not evaluated, and no function can publish to it (501). */
export const snsTopic: ResourceHandler = {
  type: 'AWS::SNS::Topic',
  properties: ['TopicName'],
  ignored: ['DisplayName', 'KmsMasterKeyId', 'SignatureVersion', 'Subscription', 'Tags', 'TracingConfig'],
  create: (resource) => {
    const name = text(resource, 'TopicName') ?? resource.name;
    const topicArn = arn('sns', name);
    return { ref: topicArn, attributes: { TopicArn: topicArn, TopicName: name } };
  },
};
