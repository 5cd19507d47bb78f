import { Duration } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { ABANDONED_BATCHES_PREFIX, REDRIVEN_PREFIX } from '../contract/dead-letters';
import { CONTRACT_VERSION } from '../contract/env';
import { RedriveConfig, RedriveSinkConfig } from '../contract/redrive';
import { HandlerOptions } from '../handler-options';
import { DeadLetters, objectsBelow, onlyInItsAccount } from './dead-letters';
import { configureHandler, createHandler } from './handler';
import { grantPut } from './stream';

/** What a redrive function moves, and where to. */
export interface RedriveSpec {
  readonly instance: string;
  readonly deadLetters: DeadLetters;
  /** Where they are put: the stream, or the queue, that they were read from. */
  readonly sink: RedriveSink;
  /** The mapping that gives up batches, if there is one. */
  readonly mapping?: lambda.EventSourceMapping;
  readonly options: HandlerOptions;
}

/** Grants what putting dead letters back takes, and says where that is. */
export type RedriveSink = (grantee: iam.IGrantable) => RedriveSinkConfig;

export function toStream(stream: kinesis.IStream): RedriveSink {
  return (grantee) => {
    grantPut(stream, grantee, 'kinesis:PutRecords');
    return { kind: 'stream', streamArn: stream.streamArn };
  };
}

/** A function that puts the dead letters of this construct, and of no other, back where they came from. */
export function createRedrive(scope: Construct, spec: RedriveSpec): lambda.Function {
  const redrive = createHandler(scope, 'Redrive', {
    asset: 'redrive',
    description: 'Puts dead letters of a time range back where they came from',
    options: { ...spec.options, role: undefined, memorySize: undefined, timeout: Duration.minutes(15) },
  });
  const abandonedBatchesPrefix = spec.mapping && `${ABANDONED_BATCHES_PREFIX}/${spec.mapping.eventSourceMappingId}`;
  grantMove(spec.deadLetters, [spec.deadLetters.config.prefix, ...abandonedBatchesPrefix === undefined ? [] : [abandonedBatchesPrefix]], redrive);
  const config: RedriveConfig = {
    version: CONTRACT_VERSION,
    instance: spec.instance,
    deadLetters: spec.deadLetters.config,
    abandonedBatchesPrefix,
    sink: spec.sink(redrive),
  };
  configureHandler(redrive, config);
  return redrive;
}

/** A redriven object is kept under its old key below `redriven/`; an object keeps those of its letters that can't be put back. */
function grantMove(deadLetters: DeadLetters, prefixes: readonly string[], grantee: iam.IGrantable): void {
  const { bucket } = deadLetters;
  const conditions = onlyInItsAccount(deadLetters);
  const below = (root: string) => prefixes.map((prefix) => objectsBelow(deadLetters, `${root}${prefix}`));
  iam.Grant.addToPrincipal({ grantee, actions: ['s3:GetObject', 's3:DeleteObject'], resourceArns: below(''), conditions });
  const letters = objectsBelow(deadLetters, deadLetters.config.prefix);
  iam.Grant.addToPrincipal({ grantee, actions: ['s3:PutObject'], resourceArns: [...below(`${REDRIVEN_PREFIX}/`), letters], conditions });
  iam.Grant.addToPrincipal({
    grantee,
    actions: ['s3:ListBucket'],
    resourceArns: [bucket.bucketArn],
    conditions: { ...conditions, StringLike: { 's3:prefix': prefixes.map((prefix) => `${prefix}/*`) } },
  });
  bucket.encryptionKey?.grant(grantee, 'kms:Decrypt', 'kms:GenerateDataKey');
}
