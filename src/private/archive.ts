import { Duration, Names, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { AlarmSpecs } from './alarms';
import { createLogGroup, DEFAULT_REMOVAL_POLICY } from './handler';
import { checkDuration, checkNotBoth, checkText, refuse } from './validate';
import { EngagementArchive } from '../engagement-archive';
import { HandlerOptions } from '../handler-options';

/** What Firehose needs of a stream that it reads.
 * @see https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-iam-s3 */
const READ_ACTIONS = ['kinesis:DescribeStream', 'kinesis:GetRecords', 'kinesis:GetShardIterator', 'kinesis:ListShards'];

/** What the archive of one construct is made of. */
export interface Archive {
  readonly bucket: s3.IBucket;
  readonly delivery: firehose.CfnDeliveryStream;
}

export function checkArchive({ prefix, bufferInterval, bufferSize, expiration, bucket }: EngagementArchive): void {
  checkText('archive.prefix', prefix, /^[\w.-]+(\/[\w.-]+)*$/, 'must be names of letters, digits and `-_.`, joined by slashes',
    "write it like 'archive/engagement'");
  checkDuration('archive.bufferInterval', bufferInterval, { min: 0, max: 900, remedy: 'leave it out for 15 minutes' });
  checkNotBoth('archive.bucket', bucket, 'archive.expiration', expiration, 'set the lifecycle where the bucket is made');
  const size = bufferSize?.isUnresolved() ? undefined : bufferSize?.toKibibytes();
  if (size !== undefined && (size % 1024 !== 0 || size < 1024 || size > 128 * 1024)) {
    refuse('archive.bufferSize', 'must be whole MiB from 1 to 128', `${size} KiB`, 'leave it out for 64 MiB');
  }
}

/** Copies a stream to a bucket. */
export function createArchive(scope: Construct, archive: EngagementArchive, stream: kinesis.IStream, options: HandlerOptions): Archive {
  const bucket = archive.bucket ?? createBucket(scope, archive, options);
  const prefix = archive.prefix ?? `archive/${Names.uniqueResourceName(scope, { maxLength: 64, separator: '-' })}`;
  const logGroup = createLogGroup(scope, 'ArchiveLogs', options);
  const logStream = new logs.LogStream(scope, 'ArchiveLogStream', { logGroup, removalPolicy: options.removalPolicy ?? DEFAULT_REMOVAL_POLICY });
  const role = createRole(scope);
  grantRead(stream, role);
  grantWrite(bucket, prefix, role);
  iam.Grant.addToPrincipal({ grantee: role, actions: ['logs:PutLogEvents'], resourceArns: [logGroup.logGroupArn] });
  const delivery = new firehose.CfnDeliveryStream(scope, 'ArchiveDelivery', {
    deliveryStreamType: 'KinesisStreamAsSource',
    kinesisStreamSourceConfiguration: { kinesisStreamArn: stream.streamArn, roleArn: role.roleArn },
    extendedS3DestinationConfiguration: {
      bucketArn: bucket.bucketArn,
      roleArn: role.roleArn,
      prefix: `${prefix}/!{timestamp:yyyy/MM/dd/HH}/`,
      errorOutputPrefix: `${prefix}-errors/!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd/HH}/`,
      compressionFormat: 'GZIP',
      fileExtension: '.ndjson.gz',
      bufferingHints: {
        intervalInSeconds: (archive.bufferInterval ?? Duration.minutes(15)).toSeconds(),
        sizeInMBs: archive.bufferSize?.toMebibytes() ?? 64,
      },
      // The records come without an end of line.
      processingConfiguration: { enabled: true, processors: [{ type: 'AppendDelimiterToRecord' }] },
      cloudWatchLoggingOptions: { enabled: true, logGroupName: logGroup.logGroupName, logStreamName: logStream.logStreamName },
      encryptionConfiguration: bucket.encryptionKey && { kmsEncryptionConfig: { awskmsKeyArn: bucket.encryptionKey.keyArn } },
    },
  });
  // Firehose tries the permissions when it is made.
  delivery.node.addDependency(role);
  return { bucket, delivery };
}

function createBucket(scope: Construct, { expiration }: EngagementArchive, options: HandlerOptions): s3.Bucket {
  return new s3.Bucket(scope, 'Archive', {
    encryption: options.encryptionKey ? s3.BucketEncryption.KMS : s3.BucketEncryption.S3_MANAGED,
    encryptionKey: options.encryptionKey,
    bucketKeyEnabled: options.encryptionKey ? true : undefined,
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    enforceSSL: true,
    lifecycleRules: expiration && [{ expiration }],
    removalPolicy: options.removalPolicy ?? DEFAULT_REMOVAL_POLICY,
  });
}

/** The name of the delivery stream is not known yet, hence any of the account. */
function createRole(scope: Construct): iam.Role {
  const stack = Stack.of(scope);
  return new iam.Role(scope, 'ArchiveRole', {
    description: 'Lets Firehose copy the stream to the archive',
    assumedBy: new iam.ServicePrincipal('firehose.amazonaws.com', {
      conditions: {
        StringEquals: { 'aws:SourceAccount': stack.account },
        ArnLike: { 'aws:SourceArn': stack.formatArn({ service: 'firehose', resource: 'deliverystream', resourceName: '*' }) },
      },
    }),
  });
}

function grantRead(stream: kinesis.IStream, grantee: iam.IGrantable): void {
  stream.grant(grantee, ...READ_ACTIONS);
  stream.encryptionKey?.grant(grantee, 'kms:Decrypt');
}

/** @see https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-iam-s3 */
function grantWrite(bucket: s3.IBucket, prefix: string, grantee: iam.IGrantable): void {
  const conditions = { StringEquals: { 's3:ResourceAccount': bucket.env.account } };
  iam.Grant.addToPrincipal({
    grantee,
    actions: ['s3:AbortMultipartUpload', 's3:GetObject', 's3:PutObject'],
    resourceArns: [bucket.arnForObjects(`${prefix}/*`), bucket.arnForObjects(`${prefix}-errors/*`)],
    conditions,
  });
  iam.Grant.addToPrincipal({
    grantee,
    actions: ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'],
    resourceArns: [bucket.bucketArn],
    conditions,
  });
  bucket.encryptionKey?.grant(grantee, 'kms:Decrypt', 'kms:GenerateDataKey');
}

/** @see https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-metrics.html */
export function archiveAlarms({ delivery }: Archive): AlarmSpecs {
  return {
    ArchiveAgeAlarm: {
      metric: new cloudwatch.Metric({
        namespace: 'AWS/Firehose',
        metricName: 'DeliveryToS3.DataFreshness',
        dimensionsMap: { DeliveryStreamName: delivery.ref },
        statistic: cloudwatch.Stats.MAXIMUM,
        period: Duration.minutes(5),
      }),
      threshold: Duration.hours(1).toSeconds(),
      evaluationPeriods: 3,
      description: 'Records wait more than an hour for the archive, which loses them once the stream forgets them. Its log says why',
    },
  };
}
