import { Duration, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import * as tasks from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import { SegmentTargetConfig } from './contract/segment-target';
import { checkApplicationId, pinpointArn, warnOfEndOfSupport } from './private/pinpoint';

/** The Amazon Pinpoint application that lists are imported into. */
export interface PinpointSegmentTargetProps {
  /** Id of the application, in the account and Region of the stack. */
  readonly applicationId: string;

  /**
   * Whether the members become endpoints of the application, and those that exist are updated from the list.
   *
   * @default true
   */
  readonly registerEndpoints?: boolean;

  /**
   * Whether the list becomes a segment.
   *
   * @default true
   */
  readonly defineSegment?: boolean;
}

/**
 * What a construct tells a segment target.
 * @internal
 */
export interface SegmentTargetBindOptions {
  /** Scope of the steps; their ids are their names in the workflow. */
  readonly workflow: Construct;
  /** The bucket that holds the prepared files. */
  readonly bucket: s3.IBucket;
  /** Key prefix of the prepared files, without a slash at its end. */
  readonly preparedPrefix: string;
}

/**
 * The part of the workflow that is the target's own.
 *
 * The state is one document: `$.grant.request` is what the target's adapter made of the import, `create` and `read`
 * both leave their whole answer in `$.answer`, which the adapter understands.
 * @internal
 */
export interface SegmentTargetBinding {
  readonly config: SegmentTargetConfig;
  /** Starts a job. */
  readonly create: sfn.TaskStateBase;
  /** Asks how the job is. */
  readonly read: sfn.TaskStateBase;
  /** Whether the job has ended; a status that nobody knows has not. */
  readonly ended: sfn.Condition;
  /** Errors that a later attempt may be spared: busy or broken for the moment. */
  readonly transientErrors: string[];
  /** Of these the ones by which it says that it takes no more jobs for now. */
  readonly busyErrors: string[];
}

/** The service in which a list becomes a segment. */
export abstract class SegmentTarget {
  /**
   * An Amazon Pinpoint application, by its import jobs.
   *
   * AWS ended support for the engagement features of Amazon Pinpoint on October 30, 2026. Synthesis warns of it under
   * the id `cdk-cdp-engagement:pinpointEndOfSupport`, which can be acknowledged.
   *
   * @see https://docs.aws.amazon.com/pinpoint/latest/userguide/segments-importing.html
   */
  public static pinpoint(props: PinpointSegmentTargetProps): SegmentTarget {
    return new PinpointSegmentTarget(props);
  }

  /**
   * Makes the steps of the workflow that call the service, with the permissions that they need.
   * @internal
   */
  public abstract _bind(scope: Construct, options: SegmentTargetBindOptions): SegmentTargetBinding;
}

/** @see https://docs.aws.amazon.com/pinpoint/latest/apireference/apps-application-id-jobs-import-job-id.html */
const ENDED = ['COMPLETED', 'FAILED', 'CANCELLED'];
const STATUS = '$.answer.ImportJobResponse.JobStatus';

/** As Step Functions names them.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html */
const BUSY = ['Pinpoint.TooManyRequestsException'];
const TRANSIENT = [...BUSY, 'Pinpoint.InternalServerErrorException', 'Pinpoint.SdkClientException'];

/** A call takes seconds; one that is never answered ends so. */
const CALL_TIMEOUT = sfn.Timeout.duration(Duration.minutes(2));

/** The role trusts `pinpoint.amazonaws.com`, yet the reference of IAM names the other for this call.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_pinpoint.html */
const PASSED_TO = ['pinpoint.amazonaws.com', 'mobiletargeting.amazonaws.com'];

class PinpointSegmentTarget extends SegmentTarget {
  private readonly registerEndpoints: boolean;
  private readonly defineSegment: boolean;

  public constructor(private readonly props: PinpointSegmentTargetProps) {
    super();
    checkApplicationId(props.applicationId);
    this.registerEndpoints = props.registerEndpoints ?? true;
    this.defineSegment = props.defineSegment ?? true;
    if (!this.registerEndpoints && !this.defineSegment) {
      throw new Error('`registerEndpoints` and `defineSegment` must not both be false, as the service refuses that; leave one of them out');
    }
  }

  /** @internal */
  public _bind(scope: Construct, options: SegmentTargetBindOptions): SegmentTargetBinding {
    warnOfEndOfSupport(scope);
    const importRole = this.createImportRole(scope, options);
    const { applicationId } = this.props;
    return {
      config: {
        kind: 'pinpoint',
        applicationId,
        importRoleArn: importRole.roleArn,
        registerEndpoints: this.registerEndpoints,
        defineSegment: this.defineSegment,
      },
      create: this.createJob(options.workflow, importRole),
      read: this.readJob(options.workflow),
      // Without the first test an answer that names no status would end the execution, unreported.
      ended: sfn.Condition.and(
        sfn.Condition.isPresent(STATUS), sfn.Condition.or(...ENDED.map((status) => sfn.Condition.stringEquals(STATUS, status))),
      ),
      transientErrors: TRANSIENT,
      busyErrors: BUSY,
    };
  }

  private createJob(scope: Construct, importRole: iam.IRole): sfn.TaskStateBase {
    return new tasks.CallAwsService(scope, 'CreateImportJob', {
      service: 'pinpoint',
      action: 'createImportJob',
      parameters: { ApplicationId: this.props.applicationId, ImportJobRequest: sfn.JsonPath.objectAt('$.grant.request') },
      resultPath: '$.answer',
      taskTimeout: CALL_TIMEOUT,
      iamAction: 'mobiletargeting:CreateImportJob',
      iamResources: [pinpointArn(scope, this.props.applicationId)],
      additionalIamStatements: [new iam.PolicyStatement({
        actions: ['iam:PassRole'], resources: [importRole.roleArn], conditions: { StringEquals: { 'iam:PassedToService': PASSED_TO } },
      })],
    });
  }

  private readJob(scope: Construct): sfn.TaskStateBase {
    return new tasks.CallAwsService(scope, 'GetImportJob', {
      service: 'pinpoint',
      action: 'getImportJob',
      parameters: { ApplicationId: this.props.applicationId, JobId: sfn.JsonPath.stringAt('$.answer.ImportJobResponse.Id') },
      resultPath: '$.answer',
      taskTimeout: CALL_TIMEOUT,
      iamAction: 'mobiletargeting:GetImportJob',
      iamResources: [pinpointArn(scope, this.props.applicationId, '/jobs/import/*')],
    });
  }

  /** @see https://docs.aws.amazon.com/pinpoint/latest/developerguide/permissions-import-segment.html */
  private createImportRole(scope: Construct, { bucket, preparedPrefix }: SegmentTargetBindOptions): iam.Role {
    const role = new iam.Role(scope, 'ImportRole', {
      description: 'Lets Amazon Pinpoint read prepared lists',
      assumedBy: new iam.ServicePrincipal('pinpoint.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': Stack.of(scope).account },
          ArnLike: { 'aws:SourceArn': pinpointArn(scope, this.props.applicationId) },
        },
      }),
    });
    const allow = (actions: string[], resource: string, conditions?: Record<string, Record<string, unknown>>) =>
      iam.Grant.addToPrincipal({ grantee: role, actions, resourceArns: [resource], conditions });
    allow(['s3:GetObject'], bucket.arnForObjects(`${preparedPrefix}/*`));
    allow(['s3:ListBucket'], bucket.bucketArn, { StringLike: { 's3:prefix': `${preparedPrefix}/*` } });
    bucket.encryptionKey?.grant(role, 'kms:Decrypt');
    return role;
  }
}
