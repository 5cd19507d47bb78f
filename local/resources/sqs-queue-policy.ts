import { ResourceHandler } from './handler';

/** Nothing in a run sends to a queue, so nobody could be refused. */
export const sqsQueuePolicy: ResourceHandler = {
  type: 'AWS::SQS::QueuePolicy',
  properties: [],
  ignored: ['PolicyDocument', 'Queues'],
  create: ({ name }) => ({ ref: name, attributes: { Id: name } }),
};
