import * as iam from 'aws-cdk-lib/aws-iam';

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
   * Physical name of the role, for a CDP that wants to be told a name.
   *
   * @default - a name that CloudFormation makes
   */
  readonly roleName?: string;
}
