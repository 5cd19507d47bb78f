import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { CdpSegmentImporterProps } from './cdp-segment-importer-props';
import { SegmentImportMetric } from './contract/segment-import';
import { IngestRoleProps } from './ingest-role';
import { createAlarms } from './private/alarms';
import { createLogGroup } from './private/handler';
import { createIngestRole } from './private/ingest';
import { instanceMetric, instanceName } from './private/metrics';
import { allowKeys, allowObjects, createSegmentBuckets, SegmentBuckets, UPLOAD_ACTIONS } from './private/segment-buckets';
import { createControl, createPrepare } from './private/segment-functions';
import { segmentImportAlarms } from './private/segment-import-alarms';
import { createSegmentNotifications } from './private/segment-notifications';
import {
  checkSegmentImporter, DEFAULT_JOB_TIMEOUT, DEFAULT_MAX_CONCURRENT_JOBS, DEFAULT_MAX_REJECTED_ROWS, DEFAULT_PREFIX, preparedPrefix,
} from './private/segment-options';
import { createSegmentWorkflow } from './private/segment-workflow';
import { refuse } from './private/validate';

/**
 * Turns a list that a Customer Data Platform (CDP) drops in S3 into a segment, and keeps that segment up to date with each
 * later list of the same name.
 *
 * The key of a list names its segment: `<prefix>/<segment>.csv`, or `<prefix>/<segment>/<any name>`. Each list is checked row
 * by row, imported by a Step Functions state machine, and answered: a report in S3, an event on EventBridge, and metrics.
 * A list that is older than what its segment already holds is never imported.
 */
export class CdpSegmentImporter extends Construct {
  /** The bucket that lists are dropped in: the construct's own, or the one that was brought. */
  public readonly bucket: s3.IBucket;

  /** The bucket that holds reports, rejected rows, prepared files and state. */
  public readonly workBucket: s3.IBucket;

  /** One execution of it is one import. */
  public readonly stateMachine: sfn.StateMachine;

  /** The function that checks and prepares lists. */
  public readonly prepareFunction: lambda.Function;

  /** The function that admits imports one after the other, and reports how they ended. */
  public readonly controlFunction: lambda.Function;

  /** The rule that starts an execution for every list. */
  public readonly rule: events.Rule;

  /** Notifications that could not start an execution within 24 hours. */
  public readonly undeliveredQueue: sqs.Queue;

  /** All alarms of the construct, to add actions to or to put on a dashboard. */
  public readonly alarms: cloudwatch.Alarm[];

  private readonly instance: string;
  private readonly buckets: SegmentBuckets;
  private readonly segmentArns: Readonly<Record<string, string>>;

  /**
   * Throws when a prop is out of its bounds or contradicts another.
   */
  constructor(scope: Construct, id: string, props: CdpSegmentImporterProps) {
    super(scope, id);
    checkSegmentImporter(props);

    this.instance = instanceName(this);
    this.buckets = createSegmentBuckets(this, { ...props, prefix: props.prefix ?? DEFAULT_PREFIX });
    this.bucket = this.buckets.inbox.bucket;
    this.workBucket = this.buckets.work.bucket;
    const workflow = new Construct(this, 'Workflow');
    const target = props.target._bind(this, {
      workflow,
      bucket: this.workBucket,
      preparedPrefix: preparedPrefix(this.buckets),
      work: this.buckets.work,
      instance: this.instance,
      concurrency: props.maxConcurrentJobs ?? DEFAULT_MAX_CONCURRENT_JOBS,
      jobTimeout: props.jobTimeout ?? DEFAULT_JOB_TIMEOUT,
      maxRejectedRows: props.maxRejectedRows ?? DEFAULT_MAX_REJECTED_ROWS,
      handler: props,
    });
    this.segmentArns = target.segmentArns ?? {};

    const spec = { instance: this.instance, buckets: this.buckets, target: target.config };
    this.prepareFunction = createPrepare(this, spec, props);
    this.controlFunction = createControl(this, spec, props);
    this.stateMachine = createSegmentWorkflow(this, {
      workflow,
      prepare: this.prepareFunction,
      control: this.controlFunction,
      target,
      jobTimeout: props.jobTimeout ?? DEFAULT_JOB_TIMEOUT,
      logGroup: createLogGroup(this, 'StateMachineLogs', props),
      encryptionKey: props.encryptionKey,
    });
    const { rule, undelivered } = createSegmentNotifications(this, this.buckets.inbox, this.stateMachine, props);
    this.rule = rule;
    this.undeliveredQueue = undelivered;
    this.alarms = createAlarms(this, segmentImportAlarms(this.instance, this.stateMachine, undelivered), props);
  }

  /** Lets the grantee drop lists: `s3:PutObject` and `s3:AbortMultipartUpload` below the prefix, and use of the bucket's key where it has one. */
  public grantUpload(grantee: iam.IGrantable): iam.Grant {
    allowKeys(grantee, this.bucket);
    return allowObjects(grantee, this.buckets.inbox, UPLOAD_ACTIONS, '');
  }

  /**
   * Adds a role that a CDP assumes from its own AWS account, and that may drop lists and nothing else.
   *
   * @param id id of the role below this construct.
   * @param props whom the role trusts: exactly one of `account` and `principal`.
   * @returns the role, whose ARN the CDP is to be told.
   */
  public addUploadRole(id: string, props: IngestRoleProps): iam.Role {
    const role = createIngestRole(this, id, props, 'Lets the CDP drop lists');
    this.grantUpload(role);
    return role;
  }

  /**
   * ARN of a segment, for campaigns to refer to. Only for targets whose segments are made at deployment, such as
   * `SegmentTarget.customerProfiles`; those of Amazon Pinpoint are made by their first list, and its report tells their id.
   *
   * Throws when the target has no segment of that name yet.
   *
   * @param segment the name, as in the keys of lists.
   */
  public segmentArn(segment: string): string {
    if (!Object.hasOwn(this.segmentArns, segment)) {
      const remedy = 'declare it in `segments`, or take the id from the report of its first list';
      refuse('segment', 'must be one that the target makes at deployment', segment, remedy);
    }
    return this.segmentArns[segment];
  }

  /**
   * A metric of this construct by its name, summed up over 5 minutes unless the options say otherwise.
   *
   * The names are those of the typed methods beside this one, without `metric`, and `FilesIgnored` and `MembersFailed`.
   */
  public metric(metricName: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return instanceMetric(this.instance, metricName, options);
  }

  /** Lists that were imported whole. */
  public metricImported(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(SegmentImportMetric.IMPORTED, options);
  }

  /** Lists that were imported without some of their rows. */
  public metricImportedWithFailures(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(SegmentImportMetric.IMPORTED_WITH_FAILURES, options);
  }

  /** Lists that were not imported. The dimension `Reason` tells why. */
  public metricImportsFailed(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(SegmentImportMetric.IMPORTS_FAILED, options);
  }

  /** Lists that were left alone since their segment already holds, or is about to hold, a newer one. */
  public metricImportsSuperseded(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(SegmentImportMetric.IMPORTS_SUPERSEDED, options);
  }

  /** Notifications that came a second time. */
  public metricDuplicateNotifications(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(SegmentImportMetric.DUPLICATES, options);
  }

  /** Rows that were handed to the target. */
  public metricRowsAccepted(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(SegmentImportMetric.ROWS_ACCEPTED, options);
  }

  /** Rows that were left out. The dimension `Reason` tells why. */
  public metricRowsRejected(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(SegmentImportMetric.ROWS_REJECTED, options);
  }

  /** Milliseconds from the start of an import to its end; the maximum. */
  public metricImportDuration(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(SegmentImportMetric.DURATION, { statistic: cloudwatch.Stats.MAXIMUM, ...options });
  }
}
