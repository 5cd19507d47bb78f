import { ResourceHandler, text } from './handler';

export const logsLogStream: ResourceHandler = {
  type: 'AWS::Logs::LogStream',
  properties: ['LogStreamName'],
  ignored: ['LogGroupName'],
  create: (resource) => ({ ref: text(resource, 'LogStreamName') ?? resource.name, attributes: {} }),
};
