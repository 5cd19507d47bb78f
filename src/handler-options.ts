import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sns from 'aws-cdk-lib/aws-sns';

/** What every construct of this library lets you choose about the function behind it and about the resources it owns. */
export interface HandlerOptions {
  /**
   * Memory of the handler in MiB, from 128 to 10,240.
   *
   * The default leaves room for several copies of a full batch, which Lambda limits to 6 MB.
   *
   * @default 512
   */
  readonly memorySize?: number;

  /**
   * How long one invocation of the handler may take: whole seconds, from 30 seconds to 15 minutes.
   *
   * The handler retries within this time; what is not done shortly before its end is left for the next invocation.
   * A request may take 10 seconds, hence the least.
   *
   * @default Duration.minutes(5)
   */
  readonly timeout?: Duration;

  /**
   * The VPC that the functions are attached to. They then need a route to the services that they call.
   *
   * @default - the functions are not attached to a VPC
   */
  readonly vpc?: ec2.IVpc;

  /**
   * Subnets of the VPC that the functions are attached to.
   *
   * @default - the private subnets of the VPC
   */
  readonly vpcSubnets?: ec2.SubnetSelection;

  /**
   * Security groups of the functions in the VPC.
   *
   * @default - a new security group for each function, which lets everything out and nothing in
   */
  readonly securityGroups?: ec2.ISecurityGroup[];

  /**
   * How long logs are kept.
   *
   * @default logs.RetentionDays.THREE_MONTHS
   */
  readonly logRetention?: logs.RetentionDays;

  /**
   * Customer managed key for everything the construct owns: stream, bucket, logs and the functions' environment.
   *
   * A key of this app gets statements that let CloudWatch Logs use it, and the services that bring events to an
   * `EngagementStreamToCdp`. The policy of an imported key must already have them. Who deploys needs `kms:CreateGrant` and
   * `kms:Encrypt` for the environment. Resources that you bring keep their own encryption.
   *
   * @default - keys that AWS manages
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
   * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * Role of the handler. It must trust `lambda.amazonaws.com`. The construct adds the permissions that the handler
   * needs, as far as the role can be changed from this app.
   *
   * @default - a new role
   */
  readonly role?: iam.IRole;

  /**
   * What becomes of the stream, the bucket and the logs that the construct owns when they leave the stack.
   *
   * A bucket that is to be destroyed must be empty by then, or the deletion fails.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * Topic that the alarms notify when they go off and when they are over.
   *
   * @default - the alarms exist, and notify nobody
   */
  readonly alarmTopic?: sns.ITopic;
}
