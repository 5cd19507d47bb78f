import { ACCOUNT_ID, arn } from '../environment';
import { RefusedError } from '../errors';
import { ResolvedResource, ResourceHandler, World, objectOf, onlyKeys, text } from './handler';
import { unknownExpression } from '../firehose/prefix';
import { JsonObject, isObject } from '../template/model';

const STREAM_ARN = /^arn:[^:]+:kinesis:[^:]+:[^:]+:stream\/([^/]+)$/;
const BUCKET_ARN = /^arn:[^:]+:s3:::([^/]+)$/;
const DESTINATION = 'ExtendedS3DestinationConfiguration';
const SOURCE = 'KinesisStreamSourceConfiguration';

/** From a Kinesis stream to S3, each record as it came. */
export const kinesisFirehoseDeliveryStream: ResourceHandler = {
  type: 'AWS::KinesisFirehose::DeliveryStream',
  properties: ['DeliveryStreamName', 'DeliveryStreamType', DESTINATION, SOURCE],
  ignored: ['DeliveryStreamEncryptionConfigurationInput', 'Tags'],
  create: (resource, world) => {
    const type = text(resource, 'DeliveryStreamType');
    if (type !== 'KinesisStreamAsSource') throw new RefusedError(resource.path, `the delivery stream type ${type} is not emulated`);
    const name = text(resource, 'DeliveryStreamName') ?? resource.name;
    const deliveryArn = arn('firehose', `deliverystream/${name}`);
    const source = objectOf(resource, SOURCE);
    const destination = objectOf(resource, DESTINATION);
    onlyKeys(resource, SOURCE, source, ['KinesisStreamARN', 'RoleARN']);
    onlyKeys(resource, DESTINATION, destination, [
      'BucketARN', 'BufferingHints', 'CloudWatchLoggingOptions', 'CompressionFormat', 'EncryptionConfiguration', 'ErrorOutputPrefix', 'FileExtension',
      'Prefix', 'ProcessingConfiguration', 'RoleARN',
    ]);
    world.addDelivery({
      path: resource.path,
      name,
      streamArn: String(source.KinesisStreamARN),
      streamName: nameIn(resource, STREAM_ARN, source.KinesisStreamARN),
      sourceRoleId: roleOf(resource, world, source, deliveryArn),
      bucket: nameIn(resource, BUCKET_ARN, destination.BucketARN),
      bucketRoleId: roleOf(resource, world, destination, deliveryArn),
      gzip: isGzip(resource, destination),
      prefix: prefixOf(resource, destination),
      extension: String(destination.FileExtension ?? ''),
      appendsDelimiter: appendsDelimiter(resource, destination),
    });
    return { ref: name, attributes: { Arn: deliveryArn } };
  },
};

function roleOf(resource: ResolvedResource, world: World, { RoleARN }: JsonObject, deliveryArn: string): string {
  const role = String(RoleARN).split('/').pop() ?? '';
  world.roles.checkTrust(role, 'firehose.amazonaws.com', { 'aws:SourceAccount': ACCOUNT_ID, 'aws:SourceArn': deliveryArn }, resource.path);
  return role;
}

function isGzip(resource: ResolvedResource, { CompressionFormat = 'UNCOMPRESSED' }: JsonObject): boolean {
  if (CompressionFormat !== 'GZIP' && CompressionFormat !== 'UNCOMPRESSED') {
    throw new RefusedError(resource.path, `CompressionFormat ${JSON.stringify(CompressionFormat)} is not emulated`);
  }
  return CompressionFormat === 'GZIP';
}

function prefixOf(resource: ResolvedResource, { Prefix = '' }: JsonObject): string {
  const unknown = unknownExpression(String(Prefix));
  if (unknown !== undefined) throw new RefusedError(resource.path, `the expression ${unknown} of Prefix is not emulated`);
  return String(Prefix);
}

/** Only the end of line is emulated; other processors change records. */
function appendsDelimiter(resource: ResolvedResource, { ProcessingConfiguration: processing }: JsonObject): boolean {
  if (!isObject(processing) || processing.Enabled === false || processing.Enabled === 'false') return false;
  const types = [processing.Processors ?? []].flat().map((one) => isObject(one) ? String(one.Type) : '');
  const unknown = types.find((type) => type !== 'AppendDelimiterToRecord');
  if (unknown !== undefined) throw new RefusedError(resource.path, `the processor ${unknown} is not emulated`);
  return types.length > 0;
}

function nameIn(resource: ResolvedResource, pattern: RegExp, value: unknown): string {
  const name = pattern.exec(String(value))?.[1];
  if (name === undefined) throw new RefusedError(resource.path, `${JSON.stringify(value)} is no ARN of what is emulated here`);
  return name;
}
