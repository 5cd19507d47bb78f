import { Arn, ArnFormat, Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as cr from 'aws-cdk-lib/custom-resources';
import { Construct } from 'constructs';
import { checkText, refuse } from './validate';

/**
 * Who invokes the function of a custom action: the documentation names the first, and the second is what samples of AWS saw in their logs.
 * @see https://docs.aws.amazon.com/connect/latest/adminguide/lambda-invoke-functions.html
 */
const PRINCIPALS = { CampaignsCaller: 'connect-campaigns.amazonaws.com', ConnectCaller: 'connect.amazonaws.com' };

/** @see https://docs.aws.amazon.com/connect/latest/APIReference/API_DescribeInstance.html (InstanceId, 1 to 100 characters) */
export function checkInstanceArn(instanceArn: string): void {
  checkText('instanceArn', instanceArn, /^arn:[\w-]+:connect:[\w-]+:\d{12}:instance\/[\w-]{1,100}$/, 'must be the ARN of an Amazon Connect instance',
    'take the one that the console shows, such as arn:aws:connect:us-east-1:111122223333:instance/…');
}

export function allowJourneys(scope: Construct, handler: lambda.Function, instanceArn: string): void {
  checkPlace(scope, instanceArn);
  for (const [id, principal] of Object.entries(PRINCIPALS)) {
    handler.addPermission(id, {
      principal: new iam.ServicePrincipal(principal), sourceAccount: Stack.of(scope).account, sourceArn: instanceArn,
    });
  }
}

/** The permissions are for instances of the stack's own account, and a journey invokes functions of its own Region. */
function checkPlace(scope: Construct, instanceArn: string): void {
  if (Token.isUnresolved(instanceArn)) return;
  const { account, region } = Stack.of(scope);
  const { account: itsAccount, region: itsRegion } = Arn.split(instanceArn, ArnFormat.SLASH_RESOURCE_NAME);
  const isElsewhere = [[itsAccount, account], [itsRegion, region]].some(([its, ours]) => !Token.isUnresolved(ours) && its !== ours);
  if (isElsewhere) refuse('instanceArn', `must be in the account and Region of the stack, ${account} and ${region}`, instanceArn, 'take an instance that is there');
}

/**
 * Makes the function one that can be chosen in the custom action of a journey. The service takes no instance as a resource of its actions.
 * @see https://docs.aws.amazon.com/connect-outbound/latest/APIReference/API_connect-outbound-campaigns-v2_PutConnectInstanceIntegration.html
 */
export function registerFunction(scope: Construct, { functionArn }: lambda.Function, instanceArn: string): void {
  const connectInstanceId = instanceIdOf(instanceArn);
  const service = 'ConnectCampaignsV2';
  const put: cr.AwsSdkCall = {
    service,
    action: 'PutConnectInstanceIntegration',
    parameters: { connectInstanceId, integrationConfig: { lambda: { functionArn } } },
    physicalResourceId: cr.PhysicalResourceId.of(`${connectInstanceId} ${functionArn}`),
  };
  new cr.AwsCustomResource(scope, 'Registration', {
    onCreate: put,
    onUpdate: put,
    onDelete: {
      service, action: 'DeleteConnectInstanceIntegration', parameters: { connectInstanceId, integrationIdentifier: { lambda: { functionArn } } },
      // One that somebody has deleted by hand must not keep the stack.
      ignoreErrorCodesMatching: 'ResourceNotFoundException',
    },
    // What Lambda brings along may be older than this kind of integration.
    installLatestAwsSdk: true,
    policy: cr.AwsCustomResourcePolicy.fromStatements([
      new iam.PolicyStatement({
        actions: ['connect-campaigns:PutConnectInstanceIntegration', 'connect-campaigns:DeleteConnectInstanceIntegration'], resources: ['*'],
      }),
      new iam.PolicyStatement({ actions: ['connect:DescribeInstance'], resources: [instanceArn] }),
    ]),
  });
}

function instanceIdOf(instanceArn: string): string {
  return Token.isUnresolved(instanceArn)
    ? Arn.split(instanceArn, ArnFormat.SLASH_RESOURCE_NAME).resourceName!
    : instanceArn.slice(instanceArn.indexOf('/') + 1);
}
