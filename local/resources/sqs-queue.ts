import { arn } from '../environment';
import { ResourceHandler, number, objectOf, text } from './handler';

/** What a run would notice, by CloudFormation's names, which are the service's own. */
const NUMBERS = ['DelaySeconds', 'MaximumMessageSize', 'MessageRetentionPeriod', 'ReceiveMessageWaitTimeSeconds', 'VisibilityTimeout'];

export const sqsQueue: ResourceHandler = {
  type: 'AWS::SQS::Queue',
  properties: ['QueueName', 'RedrivePolicy', ...NUMBERS],
  ignored: ['KmsDataKeyReusePeriodSeconds', 'KmsMasterKeyId', 'RedriveAllowPolicy', 'SqsManagedSseEnabled', 'Tags'],
  create: async (resource, world) => {
    const name = text(resource, 'QueueName') ?? resource.name;
    const redrive = objectOf(resource, 'RedrivePolicy');
    const attributes = Object.fromEntries(NUMBERS.filter((key) => resource.properties[key] !== undefined).map((key) => [key, `${number(resource, key, 0)}`]));
    const url = await world.createQueue(name, { ...attributes, ...Object.keys(redrive).length > 0 && { RedrivePolicy: JSON.stringify(redrive) } });
    return { ref: url, attributes: { Arn: arn('sqs', name), QueueName: name, QueueUrl: url } };
  },
};
