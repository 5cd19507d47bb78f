import { Duration, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import * as tasks from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import { CustomerProfilesSegmentTargetConfig, SegmentTargetConfig } from './contract/segment-target';
import { HandlerOptions } from './handler-options';
import {
  checkDomain, PROFILES_QUOTA, warnOfDomainName, warnOfIdentityResolution, warnOfSharedProfileQuotas, warnOfUploadJobs,
} from './private/customer-profiles';
import { checkApplicationId, pinpointArn, warnOfEndOfSupport } from './private/pinpoint';
import { DEFAULT_MEMBER_TYPE } from './private/profile-object-types';
import {
  checkProfileSegments, createMembersFunction, createMembershipType, createSegmentDefinitions, MAX_MEMBERS, membersWithin, uploadConfigOf,
} from './private/profile-segments';
import { Area } from './private/segment-buckets';
import { FUNCTION_BUSY, FUNCTION_ERRORS, functionStep, TIMED_OUT } from './private/segment-steps';
import { checkConcrete } from './private/validate';
import { CustomerProfilesSegmentTargetProps, PinpointSegmentTargetProps } from './segment-target-props';

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
  /** All that the construct writes. */
  readonly work: Area;
  /** Name of the construct in its metrics and logs. */
  readonly instance: string;
  /** Imports that may run at once: quotas are shared out over them. */
  readonly concurrency: number;
  /** How long one of them may take. */
  readonly jobTimeout: Duration;
  readonly maxRejectedRows: number;
  /** For functions of the target's own. */
  readonly handler: HandlerOptions;
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
  /** ARNs of the segments that are made at deployment, by the names in the keys of lists. */
  readonly segmentArns?: Readonly<Record<string, string>>;
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
   * Segments of an Amazon Connect Customer Profiles domain, by an attribute that their members have.
   *
   * Each declared segment is a segment definition with an ARN that stays, for campaigns to refer to: it holds the profiles whose attribute
   * `Segment_<name>` is `member`. A list writes that attribute to each of its users, and `-` to those who were in the list before and
   * are no longer. Of a list only the column `User.UserId` is read; a user without a profile gets one. What else is known of
   * users is for `EndpointTarget.customerProfiles` to write, which finds the same profile by the same key.
   *
   * Membership changes user by user while a list is written. A list may have as many users as can be written within `jobTimeout` at
   * `requestsPerSecond` divided by `maxConcurrentJobs`, less what rounds of 15 minutes cost; by default 306,000, and at most a million.
   *
   * With `bulk`, which is experimental, the members of large lists are written by upload jobs, whatever the rate.
   *
   * Consent is not looked at: a segment for a campaign has to exclude `OptOut_<field>` = `ALL` and `EndpointStatus_<field>` = `INACTIVE`.
   *
   * @see https://docs.aws.amazon.com/customerprofiles/latest/APIReference/API_CreateSegmentDefinition.html
   * @see https://docs.aws.amazon.com/connect/latest/adminguide/amazon-connect-service-limits.html
   */
  public static customerProfiles(props: CustomerProfilesSegmentTargetProps): SegmentTarget {
    return new CustomerProfilesSegmentTarget(props);
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

/** Statuses of the function's own. */
const MEMBERS_ENDED = ['COMPLETED', 'FAILED', 'TIMED_OUT'];

class CustomerProfilesSegmentTarget extends SegmentTarget {
  public constructor(private readonly props: CustomerProfilesSegmentTargetProps) {
    super();
    checkDomain(props.domainName);
    checkProfileSegments(props);
  }

  /** @internal */
  public _bind(scope: Construct, options: SegmentTargetBindOptions): SegmentTargetBinding {
    const { domainName } = this.props;
    warnOfDomainName(scope, domainName);
    warnOfIdentityResolution(scope, domainName);
    if (this.props.requestsPerSecond === undefined) warnOfSharedProfileQuotas(scope);
    if (this.props.bulk) warnOfUploadJobs(scope);
    const config = this.configOf(options);
    const type = createMembershipType(scope, this.props, config.objectType, options.handler.removalPolicy);
    const segmentArns = createSegmentDefinitions(scope, this.props, type);
    const members = createMembersFunction(scope, config, options);
    const step = (id: string, state: Record<string, unknown> = {}) => functionStep(options.workflow, id, members, {
      import: sfn.JsonPath.objectAt('$.import'), deadline: sfn.JsonPath.stringAt('$.grant.deadline'), ...state,
    }, '$.answer');
    return {
      config,
      create: step('WriteMembers'),
      // Each round goes on where the one before it has come to.
      read: step('WriteMoreMembers', { answer: sfn.JsonPath.objectAt('$.answer') }),
      ended: sfn.Condition.or(...MEMBERS_ENDED.map((status) => sfn.Condition.stringEquals('$.answer.status', status))),
      transientErrors: [...FUNCTION_ERRORS, TIMED_OUT],
      busyErrors: FUNCTION_BUSY,
      segmentArns,
    };
  }

  private configOf({ concurrency, jobTimeout }: SegmentTargetBindOptions): CustomerProfilesSegmentTargetConfig {
    const { domainName, segments, objectTypeName, requestsPerSecond = PROFILES_QUOTA, bulk } = this.props;
    checkConcrete('requestsPerSecond', requestsPerSecond, 'as imports share it');
    checkConcrete('bulk.from', bulk?.from, 'as a function reads it');
    checkConcrete('maxConcurrentJobs', concurrency, 'as imports share the quota');
    const share = requestsPerSecond / concurrency;
    const fit = membersWithin(share, jobTimeout);
    return {
      kind: 'customerProfiles', domainName, objectType: objectTypeName ?? DEFAULT_MEMBER_TYPE, segments,
      maxMembers: bulk ? MAX_MEMBERS : fit, requestsPerSecond: share, upload: bulk && uploadConfigOf(bulk, fit),
    };
  }
}
