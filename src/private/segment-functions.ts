import { Duration, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { CdpSegmentImporterProps } from '../cdp-segment-importer-props';
import { DEFAULT_ENDPOINT_ID } from './endpoint-mapping';
import { configureHandler, createHandler } from './handler';
import { allowKeys, allowList, allowObjects, SegmentBuckets, UPLOAD_ACTIONS } from './segment-buckets';
import { DEFAULT_JOB_TIMEOUT, DEFAULT_MAX_CONCURRENT_JOBS, DEFAULT_MAX_REJECTED_ROWS } from './segment-options';
import { WAIT_TIMEOUT } from './segment-workflow';
import { CONTRACT_VERSION } from '../contract/env';
import { WORK_AREAS, WorkConfig } from '../contract/segment-import';
import { SegmentImportControlConfig } from '../contract/segment-import-control';
import { InboxConfig, SegmentPrepareConfig } from '../contract/segment-prepare';
import { SegmentTargetConfig } from '../contract/segment-target';

export interface SegmentFunctionSpec {
  readonly instance: string;
  readonly buckets: SegmentBuckets;
  readonly target: SegmentTargetConfig;
}

/** The function that reads lists and writes what the target takes. */
export function createPrepare(scope: Construct, spec: SegmentFunctionSpec, props: CdpSegmentImporterProps): lambda.Function {
  const prepare = createHandler(scope, 'Prepare', {
    asset: 'segment-prepare',
    description: 'Checks lists of a CDP and prepares them for import',
    options: { ...props, timeout: props.timeout ?? Duration.minutes(15) },
  });
  const { inbox, work } = spec.buckets;
  allowObjects(prepare, inbox, ['s3:GetObject'], '');
  if (props.exportMarker !== undefined) allowList(prepare, inbox);
  allowObjects(prepare, work, UPLOAD_ACTIONS, WORK_AREAS.PREPARED, WORK_AREAS.REJECTS);
  allowObjects(prepare, work, ['s3:GetObject', 's3:PutObject'], WORK_AREAS.CLAIMS);
  allowKeys(prepare, inbox.bucket, work.bucket);
  configureHandler(prepare, prepareConfig(spec, props), 'map fewer `columns`, or let the CDP write the headers of the target');
  return prepare;
}

function prepareConfig({ instance, buckets: { inbox, work }, target }: SegmentFunctionSpec, props: CdpSegmentImporterProps): SegmentPrepareConfig {
  return {
    version: CONTRACT_VERSION,
    instance,
    inbox: inboxConfig(inbox, props),
    work: workConfig(work),
    rows: {
      columns: props.columns ?? {},
      ignoredColumns: props.ignoredColumns ?? [],
      defaultChannel: props.defaultChannel,
      defaultCountry: props.defaultCountry,
      endpointId: props.endpointId ?? DEFAULT_ENDPOINT_ID,
      maxRejectedRows: props.maxRejectedRows ?? DEFAULT_MAX_REJECTED_ROWS,
    },
    target,
  };
}

const inboxConfig = ({ bucket, prefix }: SegmentBuckets['inbox'], { exportMarker }: CdpSegmentImporterProps): InboxConfig =>
  ({ bucketName: bucket.bucketName, prefix, exportMarker });

const workConfig = ({ bucket, prefix }: SegmentBuckets['work']): WorkConfig => ({ bucketName: bucket.bucketName, prefix });

/** The function that admits imports and reports how they ended. Two small jobs, so that it takes the defaults of memory and time. */
export function createControl(scope: Construct, spec: SegmentFunctionSpec, props: CdpSegmentImporterProps): lambda.Function {
  const control = createHandler(scope, 'Control', {
    asset: 'segment-import-control',
    description: 'Admits imports of segments and reports how they ended',
    options: { ...props, role: undefined, memorySize: undefined, timeout: Duration.minutes(1) },
  });
  const { work } = spec.buckets;
  allowObjects(control, work, ['s3:GetObject', 's3:PutObject'], WORK_AREAS.SEGMENTS, WORK_AREAS.SLOTS);
  allowObjects(control, work, ['s3:PutObject'], WORK_AREAS.REPORTS);
  allowKeys(control, work.bucket);
  iam.Grant.addToPrincipal({ grantee: control, actions: ['events:PutEvents'], resourceArns: [busOf(scope, props).arn] });
  configureHandler(control, controlConfig(scope, spec, props));
  return control;
}

function controlConfig(scope: Construct, spec: SegmentFunctionSpec, props: CdpSegmentImporterProps): SegmentImportControlConfig {
  return {
    version: CONTRACT_VERSION,
    instance: spec.instance,
    inbox: inboxConfig(spec.buckets.inbox, props),
    work: workConfig(spec.buckets.work),
    eventBusName: busOf(scope, props).name,
    maxConcurrentJobs: props.maxConcurrentJobs ?? DEFAULT_MAX_CONCURRENT_JOBS,
    jobTimeoutSeconds: (props.jobTimeout ?? DEFAULT_JOB_TIMEOUT).toSeconds(),
    waitTimeoutSeconds: WAIT_TIMEOUT.toSeconds(),
    target: spec.target,
  };
}

/** A name means a bus of one's own account and Region. */
function busOf(scope: Construct, { eventBus }: CdpSegmentImporterProps): { name: string; arn: string } {
  const stack = Stack.of(scope);
  if (!eventBus) return { name: 'default', arn: stack.formatArn({ service: 'events', resource: 'event-bus', resourceName: 'default' }) };
  const isOurs = eventBus.env.account === stack.account && eventBus.env.region === stack.region;
  return { name: isOurs ? eventBus.eventBusName : eventBus.eventBusArn, arn: eventBus.eventBusArn };
}
