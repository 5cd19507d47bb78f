import { ResourceHandler, texts } from './handler';
import { statementsIn } from '../template/roles';

export const snsTopicPolicy: ResourceHandler = {
  type: 'AWS::SNS::TopicPolicy',
  properties: ['PolicyDocument', 'Topics'],
  ignored: [],
  create: (resource, world) => {
    const statements = statementsIn(resource.properties.PolicyDocument, resource.path);
    for (const topicArn of texts(resource, 'Topics')) world.messaging.topics.addPolicy(topicArn, statements);
    return { ref: resource.name, attributes: { Id: resource.name } };
  },
};
