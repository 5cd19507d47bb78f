import { arn } from '../environment';
import { ResourceHandler, texts } from './handler';
import { statementsIn } from '../template/roles';

/** Which services may send to a queue. Roles of the app may do what their own policies say. */
export const sqsQueuePolicy: ResourceHandler = {
  type: 'AWS::SQS::QueuePolicy',
  properties: ['PolicyDocument', 'Queues'],
  ignored: [],
  create: (resource, world) => {
    const statements = statementsIn(resource.properties.PolicyDocument, resource.path);
    for (const url of texts(resource, 'Queues')) world.messaging.topics.addPolicy(arn('sqs', url.split('/').pop() ?? ''), statements);
    return { ref: resource.name, attributes: { Id: resource.name } };
  },
};
