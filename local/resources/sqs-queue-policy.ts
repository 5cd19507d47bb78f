import { ResourceHandler } from './handler';

/** Who else may use a queue: nobody calls the emulated services but roles of the app, which their own policies decide about. */
export const sqsQueuePolicy: ResourceHandler = {
  type: 'AWS::SQS::QueuePolicy',
  properties: [],
  ignored: ['PolicyDocument', 'Queues'],
  create: ({ name }) => ({ ref: name, attributes: { Id: name } }),
};
