import * as iam from 'aws-cdk-lib/aws-iam';
import { checkText } from './private/validate';

/** A role that a CDP assumes from its own AWS account to write what the construct reads. */
export interface IngestRoleProps {
  /**
   * The AWS account of the CDP, 12 digits. Every principal in it that has the external id may assume the role.
   *
   * @default - state `principal`
   */
  readonly account?: string;

  /**
   * The principal of the CDP, such as a role whose ARN its documentation names.
   *
   * @default - state `account`
   */
  readonly principal?: iam.IPrincipal;

  /**
   * The external id that the CDP must send: 2 to 1,224 letters, digits and `+=,.@:/-_`. It keeps the CDP from being used
   * by another of its customers to write to yours, so take the one that the CDP gives you.
   *
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html
   */
  readonly externalId: string;

  /**
   * Further external ids that are as good, for a CDP that sends another one for each of its sources.
   *
   * @default - none
   */
  readonly otherExternalIds?: string[];

  /**
   * Physical name of the role, for a CDP that wants to be told a name.
   *
   * @default - a name that CloudFormation makes
   */
  readonly roleName?: string;
}

/** A role that a CDP assumes to write to the stream of a CdpEndpointSync. */
export interface StreamIngestRoleProps extends IngestRoleProps {
  /**
   * Whether the CDP writes several records with one call: `kinesis:PutRecords` besides `kinesis:PutRecord`.
   *
   * @default true
   */
  readonly batches?: boolean;

  /**
   * Whether the CDP checks beforehand what the role may do: `iam:SimulatePrincipalPolicy` on the role itself.
   *
   * @default false
   */
  readonly checksItself?: boolean;
}

/** The account of Segment. @see https://segment.com/docs/connections/destinations/catalog/amazon-kinesis/ */
const SEGMENT = '595280932656';
/** The account of RudderStack. @see https://www.rudderstack.com/docs/destinations/aws-iam-role-for-rudderstack/ */
const RUDDERSTACK = '422074288268';
/** The roles of mParticle. @see https://docs.mparticle.com/integrations/amazon-kinesis/event/ */
const MPARTICLE = ['role-lambda-verifyrequest', 'role-ecs-mp-notification-httpservertoserverprocessor']
  .map((role) => `arn:aws:iam::338661164609:role/${role}`);
const MPARTICLE_ROLE = 'mparticle-kinesis-role';

/**
 * Roles as CDPs document them, for `CdpEndpointSync.addIngestRole()`. Whether a CDP's documentation is still up to date, the CDP
 * has to say: nothing of it was tried with one.
 */
export class IngestRole {
  /**
   * Segment's destination Amazon Kinesis. Take the user's id as its partition key, not the message's (`Use Segment Message ID` off).
   * Trusted is the account, as Segment's steps say; examples on the same page name its role `customer-kinesis-access`, which can be stated
   * as `principal` instead.
   *
   * @param externalId the id of the source, or the secret ID of the destination, which is the workspace's id by default.
   * @param otherExternalIds ids of further sources.
   * @see https://segment.com/docs/connections/destinations/catalog/amazon-kinesis/
   */
  public static segment(externalId: string, ...otherExternalIds: string[]): StreamIngestRoleProps {
    return { account: SEGMENT, externalId, otherExternalIds, checksItself: true };
  }

  /**
   * RudderStack's destination Amazon Kinesis, with role-based authentication of RudderStack Cloud. Take the user's id as its partition
   * key, not the message's.
   *
   * @param workspaceId the id of the workspace.
   * @see https://www.rudderstack.com/docs/destinations/aws-iam-role-for-rudderstack/
   */
  public static rudderStack(workspaceId: string): StreamIngestRoleProps {
    return { account: RUDDERSTACK, externalId: workspaceId };
  }

  /**
   * mParticle's output Amazon Kinesis. The role has the name that mParticle asks for, so that an account can have one only.
   *
   * @param organizationId the id of the organization: digits.
   * @see https://docs.mparticle.com/integrations/amazon-kinesis/event/
   */
  public static mParticle(organizationId: string): StreamIngestRoleProps {
    checkText('organizationId', organizationId, /^\d+$/, 'must be digits', 'leave `orgid:` out');
    return {
      principal: new iam.CompositePrincipal(...MPARTICLE.map((arn) => new iam.ArnPrincipal(arn))),
      externalId: `orgid:${organizationId}`,
      roleName: MPARTICLE_ROLE,
      batches: false,
    };
  }

  private constructor() {}
}
