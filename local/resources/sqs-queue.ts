import { ACCOUNT_ID, REGION, URL_SUFFIX, arn } from '../environment';
import { ResourceHandler, text } from './handler';

/** Known by its name only: for what a rule could not deliver, which the run ends with a problem for. */
export const sqsQueue: ResourceHandler = {
  type: 'AWS::SQS::Queue',
  properties: ['QueueName'],
  ignored: ['KmsDataKeyReusePeriodSeconds', 'KmsMasterKeyId', 'MessageRetentionPeriod', 'SqsManagedSseEnabled', 'Tags', 'VisibilityTimeout'],
  create: (resource) => {
    const name = text(resource, 'QueueName') ?? resource.name;
    const url = `https://sqs.${REGION}.${URL_SUFFIX}/${ACCOUNT_ID}/${name}`;
    return { ref: url, attributes: { Arn: arn('sqs', name), QueueName: name, QueueUrl: url } };
  },
};
