import { ResourceHandler, requiredText } from './handler';

export const kmsAlias: ResourceHandler = {
  type: 'AWS::KMS::Alias',
  properties: ['AliasName'],
  ignored: ['TargetKeyId'],
  create: (resource) => ({ ref: requiredText(resource, 'AliasName'), attributes: {} }),
};
