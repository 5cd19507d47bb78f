import { Duration, Names } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { WORK_AREAS } from '../contract/segment-import';
import { HandlerOptions } from '../handler-options';
import { DEFAULT_REMOVAL_POLICY } from './handler';

/** First part of every key that the construct writes; no list may be dropped there. */
export const WORK_PREFIX = 'cdp-segment-importer';

/** Objects below a prefix of a bucket. */
export interface Area {
  readonly bucket: s3.IBucket;
  /** Without a slash at its end. */
  readonly prefix: string;
}

export interface SegmentBuckets {
  readonly inbox: Area;
  readonly work: Area;
}

export interface SegmentBucketOptions extends HandlerOptions {
  readonly bucket?: s3.IBucket;
  readonly prefix: string;
  readonly workBucket?: s3.IBucket;
}

/** What is brought is never written to, unless its owner says so: the construct then keeps its work in a bucket of its own. */
export function createSegmentBuckets(scope: Construct, options: SegmentBucketOptions): SegmentBuckets {
  const workPrefix = `${WORK_PREFIX}/${Names.uniqueResourceName(scope, { maxLength: 64, separator: '-' })}`;
  const workRules = lifecycleOfWork(workPrefix);
  const sharesBucket = options.bucket === undefined && options.workBucket === undefined;
  const inbox = options.bucket ?? createInbox(scope, options, sharesBucket ? workRules : []);
  const work = options.workBucket ?? (sharesBucket ? inbox : createBucket(scope, 'Work', options, workRules));
  return { inbox: { bucket: inbox, prefix: options.prefix }, work: { bucket: work, prefix: workPrefix } };
}

function createInbox(scope: Construct, options: SegmentBucketOptions, rules: s3.LifecycleRule[]): s3.Bucket {
  const bucket = createBucket(scope, 'Bucket', options, [{ prefix: `${options.prefix}/`, expiration: Duration.days(90) }, ...rules]);
  // The prop of the Bucket itself would bring a custom resource that writes the notifications of any bucket.
  (bucket.node.defaultChild as s3.CfnBucket).notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
  return bucket;
}

function createBucket(scope: Construct, id: string, options: HandlerOptions, lifecycleRules: s3.LifecycleRule[]): s3.Bucket {
  return new s3.Bucket(scope, id, {
    encryption: options.encryptionKey ? s3.BucketEncryption.KMS : s3.BucketEncryption.S3_MANAGED,
    encryptionKey: options.encryptionKey,
    bucketKeyEnabled: options.encryptionKey ? true : undefined,
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    enforceSSL: true,
    lifecycleRules: [...lifecycleRules, { abortIncompleteMultipartUploadAfter: Duration.days(7) }],
    removalPolicy: options.removalPolicy ?? DEFAULT_REMOVAL_POLICY,
  });
}

/** Ids of segments are kept for ever. A claim outlives every notification: EventBridge delivers for a day at most. */
function lifecycleOfWork(prefix: string): s3.LifecycleRule[] {
  const rule = (area: string, days: number) => ({ prefix: `${prefix}/${area}/`, expiration: Duration.days(days) });
  return [rule(WORK_AREAS.PREPARED, 7), rule(WORK_AREAS.REJECTS, 90), rule(WORK_AREAS.REPORTS, 90), rule(WORK_AREAS.CLAIMS, 90)];
}

/** A bucket of the same name in another account is not ours: somebody may take over the name of a bucket that was deleted. */
const inItsAccount = (bucket: s3.IBucket) => ({ StringEquals: { 's3:ResourceAccount': bucket.env.account } });

export function allowObjects(grantee: iam.IGrantable, { bucket, prefix }: Area, actions: string[], ...areas: string[]): iam.Grant {
  const resourceArns = areas.map((area) => bucket.arnForObjects(`${prefix}${area === '' ? '' : `/${area}`}/*`));
  return iam.Grant.addToPrincipal({ grantee, actions, resourceArns, conditions: inItsAccount(bucket) });
}

export function allowList(grantee: iam.IGrantable, { bucket, prefix }: Area): iam.Grant {
  return iam.Grant.addToPrincipal({
    grantee,
    actions: ['s3:ListBucket'],
    resourceArns: [bucket.bucketArn],
    conditions: { ...inItsAccount(bucket), StringLike: { 's3:prefix': `${prefix}/*` } },
  });
}

/** What S3 asks of who writes an object in parts.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html#mpuAndPermissions */
export const UPLOAD_ACTIONS = ['s3:AbortMultipartUpload', 's3:PutObject'];

/** Reading and writing in parts both need the key decrypted. */
export function allowKeys(grantee: iam.IGrantable, ...buckets: s3.IBucket[]): void {
  const keys = new Set(buckets.map(({ encryptionKey }) => encryptionKey));
  for (const key of keys) key?.grant(grantee, 'kms:Decrypt', 'kms:GenerateDataKey');
}
