import { createHash } from 'node:crypto';
import { RefusedError } from '../errors';
import { ResolvedResource, ResourceHandler, flag, number, objectOf, onlyKeys, requiredText, texts } from './handler';
import { FilterPattern, unknownRule } from '../lambda/esm/filter';
import { MappingSpec } from '../lambda/mapping-spec';
import { QueueMappingSpec } from '../lambda/queue-mapping';
import { JsonObject, isObject } from '../template/model';

const STREAM_ARN = /^arn:[^:]+:kinesis:[^:]+:[^:]+:stream\/([^/]+)$/;
const QUEUE_ARN = /^arn:[^:]+:sqs:[^:]+:[^:]+:([^:]+)$/;
const BUCKET_ARN = /^arn:[^:]+:s3:::([^/]+)$/;

/** The service's defaults. */
const DEFAULT_BATCH = 100;
const DEFAULT_QUEUE_BATCH = 10;

export const lambdaEventSourceMapping: ResourceHandler = {
  type: 'AWS::Lambda::EventSourceMapping',
  properties: [
    'BatchSize', 'BisectBatchOnFunctionError', 'DestinationConfig', 'Enabled', 'EventSourceArn', 'FilterCriteria', 'FunctionName',
    'FunctionResponseTypes', 'MaximumBatchingWindowInSeconds', 'MaximumRecordAgeInSeconds', 'MaximumRetryAttempts', 'ParallelizationFactor',
    'StartingPosition', 'TumblingWindowInSeconds',
  ],
  // One batch of a queue at a time is within any ScalingConfig.
  ignored: ['KmsKeyArn', 'LoggingConfig', 'MetricsConfig', 'ScalingConfig', 'Tags'],
  create: (resource, world) => {
    if (number(resource, 'TumblingWindowInSeconds', 0) > 0) throw new RefusedError(resource.path, 'TumblingWindowInSeconds is not emulated');
    const enabled = flag(resource, 'Enabled', true);
    if (QUEUE_ARN.test(requiredText(resource, 'EventSourceArn'))) {
      const spec = queueMappingOf(resource);
      if (enabled) world.addQueueMapping(spec);
      return { ref: spec.uuid, attributes: { Id: spec.uuid } };
    }
    const spec = mappingOf(resource);
    if (enabled) world.addMapping(spec);
    return { ref: spec.uuid, attributes: { Id: spec.uuid } };
  },
};

function mappingOf(resource: ResolvedResource): MappingSpec {
  return {
    uuid: uuidOf(resource.path),
    path: resource.path,
    streamArn: requiredText(resource, 'EventSourceArn'),
    streamName: nameIn(resource, 'EventSourceArn', STREAM_ARN, requiredText(resource, 'EventSourceArn'), 'a Kinesis stream'),
    functionName: requiredText(resource, 'FunctionName').split(':function:').pop() ?? '',
    batchSize: number(resource, 'BatchSize', DEFAULT_BATCH),
    batchingWindowSeconds: number(resource, 'MaximumBatchingWindowInSeconds', 0),
    bisect: flag(resource, 'BisectBatchOnFunctionError', false),
    reportsItemFailures: reportsItemFailures(resource),
    maximumRetryAttempts: number(resource, 'MaximumRetryAttempts', -1),
    maximumRecordAgeSeconds: number(resource, 'MaximumRecordAgeInSeconds', -1),
    parallelizationFactor: number(resource, 'ParallelizationFactor', 1),
    startingPosition: startingPosition(resource),
    onFailureBucket: onFailureBucket(resource),
    filters: filters(resource),
  };
}

function queueMappingOf(resource: ResolvedResource): QueueMappingSpec {
  for (const property of ['FilterCriteria', 'DestinationConfig', 'StartingPosition', 'ParallelizationFactor', 'BisectBatchOnFunctionError']) {
    if (resource.properties[property] !== undefined) throw new RefusedError(resource.path, `${property} of a mapping of a queue is not emulated`);
  }
  return {
    uuid: uuidOf(resource.path),
    path: resource.path,
    queueName: nameIn(resource, 'EventSourceArn', QUEUE_ARN, requiredText(resource, 'EventSourceArn'), 'a queue'),
    functionName: requiredText(resource, 'FunctionName').split(':function:').pop() ?? '',
    batchSize: number(resource, 'BatchSize', DEFAULT_QUEUE_BATCH),
    batchingWindowSeconds: number(resource, 'MaximumBatchingWindowInSeconds', 0),
    reportsItemFailures: reportsItemFailures(resource),
  };
}

function reportsItemFailures(resource: ResolvedResource): boolean {
  const types = texts(resource, 'FunctionResponseTypes');
  const unknown = types.find((type) => type !== 'ReportBatchItemFailures');
  if (unknown !== undefined) throw new RefusedError(resource.path, `FunctionResponseTypes: ${unknown} is not emulated`);
  return types.length > 0;
}

function startingPosition(resource: ResolvedResource): MappingSpec['startingPosition'] {
  const position = requiredText(resource, 'StartingPosition');
  if (position !== 'TRIM_HORIZON' && position !== 'LATEST') throw new RefusedError(resource.path, `StartingPosition ${position} is not emulated`);
  return position;
}

function onFailureBucket(resource: ResolvedResource): string | undefined {
  const config = objectOf(resource, 'DestinationConfig');
  onlyKeys(resource, 'DestinationConfig', config, ['OnFailure']);
  const failure = isObject(config.OnFailure) ? config.OnFailure : {};
  onlyKeys(resource, 'DestinationConfig.OnFailure', failure, ['Destination']);
  if (failure.Destination === undefined) return undefined;
  return nameIn(resource, 'DestinationConfig.OnFailure.Destination', BUCKET_ARN, String(failure.Destination), 'an S3 bucket');
}

function filters(resource: ResolvedResource): FilterPattern[] {
  const criteria = objectOf(resource, 'FilterCriteria');
  onlyKeys(resource, 'FilterCriteria', criteria, ['Filters']);
  return [criteria.Filters ?? []].flat().map((filter) => {
    const pattern: unknown = isObject(filter) && typeof filter.Pattern === 'string' ? JSON.parse(filter.Pattern) : undefined;
    if (!isObject(pattern)) throw new RefusedError(resource.path, `not a filter: ${JSON.stringify(filter)}`);
    return checked(resource, pattern);
  });
}

function checked(resource: ResolvedResource, pattern: JsonObject): FilterPattern {
  const unknown = unknownRule(pattern);
  if (unknown !== undefined) throw new RefusedError(resource.path, `this filter rule is not emulated: ${unknown}`);
  return pattern;
}

function nameIn(resource: ResolvedResource, property: string, pattern: RegExp, value: string, what: string): string {
  const name = pattern.exec(value)?.[1];
  if (name === undefined) throw new RefusedError(resource.path, `${property}: only ${what} is emulated, got ${value}`);
  return name;
}

/** The same at every run, so that object keys of two runs can be compared. */
function uuidOf(path: string): string {
  const hex = createHash('sha256').update(path).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-');
}
