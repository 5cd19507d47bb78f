import { ACCOUNT_ID, arn } from '../environment';
import { RefusedError } from '../errors';
import { ResolvedResource, ResourceHandler, objectOf, onlyKeys, requiredText, text } from './handler';
import { JsonObject, isObject } from '../template/model';

const QUEUE_ARN = /^arn:[^:]+:sqs:[^:]+:[^:]+:([^:]+)$/;
const STREAM_ARN = /^arn:[^:]+:kinesis:[^:]+:[^:]+:stream\/([^/]+)$/;
const DEFAULT_BATCH = 10;

/** From a queue to a stream, with the body of a message as the record and its id as the partition key. */
export const pipesPipe: ResourceHandler = {
  type: 'AWS::Pipes::Pipe',
  properties: ['Name', 'RoleArn', 'Source', 'SourceParameters', 'Target', 'TargetParameters'],
  ignored: ['Description', 'KmsKeyIdentifier', 'LogConfiguration', 'Tags'],
  create: (resource, world) => {
    const name = text(resource, 'Name') ?? resource.name;
    const pipeArn = arn('pipes', `pipe/${name}`);
    const roleId = requiredText(resource, 'RoleArn').split('/').pop() ?? '';
    world.roles.checkTrust(roleId, 'pipes.amazonaws.com', { 'aws:SourceAccount': ACCOUNT_ID, 'aws:SourceArn': pipeArn }, resource.path);
    checkTarget(resource);
    world.messaging.pipeSpecs.push({
      path: resource.path,
      roleId,
      queueName: nameIn(resource, 'Source', QUEUE_ARN),
      streamName: nameIn(resource, 'Target', STREAM_ARN),
      batchSize: batchSizeOf(resource),
    });
    return { ref: name, attributes: { Arn: pipeArn } };
  },
};

function batchSizeOf(resource: ResolvedResource): number {
  const parameters = objectOf(resource, 'SourceParameters');
  onlyKeys(resource, 'SourceParameters', parameters, ['SqsQueueParameters']);
  const queue = isObject(parameters.SqsQueueParameters) ? parameters.SqsQueueParameters : {};
  onlyKeys(resource, 'SourceParameters.SqsQueueParameters', queue, ['BatchSize']);
  return Math.min(Number(queue.BatchSize ?? DEFAULT_BATCH), DEFAULT_BATCH);
}

function checkTarget(resource: ResolvedResource): void {
  const parameters: JsonObject = objectOf(resource, 'TargetParameters');
  const expected = { InputTemplate: '<$.body>', KinesisStreamParameters: { PartitionKey: '$.messageId' } };
  if (JSON.stringify(parameters) !== JSON.stringify(expected)) {
    throw new RefusedError(resource.path, `TargetParameters: only ${JSON.stringify(expected)} is emulated, got ${JSON.stringify(parameters)}`);
  }
}

function nameIn(resource: ResolvedResource, property: string, form: RegExp): string {
  const value = requiredText(resource, property);
  const name = form.exec(value)?.[1];
  if (name === undefined) throw new RefusedError(resource.path, `${property}: only a pipe from a queue to a stream is emulated, got ${value}`);
  return name;
}
