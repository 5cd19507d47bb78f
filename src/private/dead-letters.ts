import { Duration, Names } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { checkHandlerOptions, DEFAULT_REMOVAL_POLICY } from './handler';
import { checkText } from './validate';
import { ABANDONED_BATCHES_PREFIX, DeadLettersConfig, REDRIVEN_PREFIX } from '../contract/dead-letters';
import { DeadLetterOptions } from '../dead-letter-options';

/** The dead letters of one construct: a bucket, which it may share, and a prefix of its own. */
export interface DeadLetters {
  readonly bucket: s3.IBucket;
  readonly config: DeadLettersConfig;
}

export function checkDeadLetterOptions(options: DeadLetterOptions): void {
  checkHandlerOptions(options);
  checkText('deadLetterPrefix', options.deadLetterPrefix, /^(?!aws\/lambda(\/|$)|redriven(\/|$))[\w.-]+(\/[\w.-]+)*$/,
    "must be names of letters, digits and `-_.`, joined by slashes, and begin with neither 'aws/lambda' nor 'redriven'",
    "write it like 'dead-letters/profiles'");
}

export function createDeadLetters(scope: Construct, options: DeadLetterOptions): DeadLetters {
  const bucket = options.deadLetterBucket ?? createBucket(scope, options);
  const prefix = options.deadLetterPrefix ?? `dead-letters/${Names.uniqueResourceName(scope, { maxLength: 64, separator: '-' })}`;
  return { bucket, config: { bucketName: bucket.bucketName, prefix } };
}

function createBucket(scope: Construct, options: DeadLetterOptions): s3.Bucket {
  return new s3.Bucket(scope, 'DeadLetters', {
    encryption: options.encryptionKey ? s3.BucketEncryption.KMS : s3.BucketEncryption.S3_MANAGED,
    encryptionKey: options.encryptionKey,
    bucketKeyEnabled: options.encryptionKey ? true : undefined,
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    enforceSSL: true,
    lifecycleRules: [{ prefix: `${REDRIVEN_PREFIX}/`, expiration: Duration.days(30) }],
    removalPolicy: options.removalPolicy ?? DEFAULT_REMOVAL_POLICY,
  });
}

/** Objects below a prefix, as a resource of a policy. */
export function objectsBelow({ bucket }: DeadLetters, prefix: string): string {
  return bucket.arnForObjects(`${prefix}/*`);
}

/**
 * A bucket of the same name in another account is not ours: somebody may take over the name of a bucket that was deleted.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html#kinesis-s3-destination-security
 */
export function onlyInItsAccount({ bucket }: DeadLetters): Record<string, Record<string, unknown>> {
  return { StringEquals: { 's3:ResourceAccount': bucket.env.account } };
}

/** What the handler needs to keep a record that can't be delivered. */
export function grantPutDeadLetters(deadLetters: DeadLetters, grantee: iam.IGrantable): void {
  put(deadLetters, deadLetters.config.prefix, grantee);
}

function put(deadLetters: DeadLetters, prefix: string, grantee: iam.IGrantable): void {
  const conditions = onlyInItsAccount(deadLetters);
  iam.Grant.addToPrincipal({ grantee, actions: ['s3:PutObject'], resourceArns: [objectsBelow(deadLetters, prefix)], conditions });
  deadLetters.bucket.encryptionKey?.grant(grantee, 'kms:GenerateDataKey');
}

/**
 * Where Lambda keeps the batches that it gives up; it writes them with the handler's role.
 *
 * The role may write below the prefix of every mapping, not of its own only: the id of the mapping is known once the
 * mapping exists, and a permission that comes later than the mapping would leave a gap, or fail its creation.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
 */
export class AbandonedBatches implements lambda.IEventSourceDlq {
  public constructor(private readonly deadLetters: DeadLetters) {}

  public bind(_mapping: lambda.IEventSourceMapping, handler: lambda.IFunction): lambda.DlqDestinationConfig {
    const { bucket } = this.deadLetters;
    put(this.deadLetters, ABANDONED_BATCHES_PREFIX, handler);
    iam.Grant.addToPrincipal({
      grantee: handler, actions: ['s3:ListBucket'], resourceArns: [bucket.bucketArn], conditions: onlyInItsAccount(this.deadLetters),
    });
    return { destination: bucket.bucketArn };
  }
}
