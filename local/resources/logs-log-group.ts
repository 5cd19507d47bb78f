import { arn } from '../environment';
import { ResourceHandler, text } from './handler';

/** Logs go to files of the run; retention and encryption don't show. */
export const logsLogGroup: ResourceHandler = {
  type: 'AWS::Logs::LogGroup',
  properties: ['LogGroupName'],
  ignored: [
    'DataProtectionPolicy', 'DeletionProtectionEnabled', 'FieldIndexPolicies', 'KmsKeyId', 'LogGroupClass', 'ResourcePolicyDocument',
    'RetentionInDays', 'Tags',
  ],
  create: (resource) => {
    const name = text(resource, 'LogGroupName') ?? resource.name;
    return { ref: name, attributes: { Arn: arn('logs', `log-group:${name}:*`) } };
  },
};
