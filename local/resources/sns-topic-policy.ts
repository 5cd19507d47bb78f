import { ResourceHandler } from './handler';

export const snsTopicPolicy: ResourceHandler = {
  type: 'AWS::SNS::TopicPolicy',
  properties: [],
  ignored: ['PolicyDocument', 'Topics'],
  create: ({ name }) => ({ ref: name, attributes: { Id: name } }),
};
