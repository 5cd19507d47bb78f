import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';

/**
 * Encrypts the definition and the history of a state machine, and what it logs, with a key.
 *
 * `encryptionConfiguration` of the StateMachine itself would grant the key to a machine of a name that is not known yet, and to
 * CloudWatch Logs on behalf of any account.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html
 */
export function encryptWorkflow(machine: sfn.StateMachine, key: kms.IKey): void {
  const stack = Stack.of(machine);
  (machine.node.defaultChild as sfn.CfnStateMachine).encryptionConfiguration = { type: 'CUSTOMER_MANAGED_KMS_KEY', kmsKeyId: key.keyArn };
  const allow = (actions: string[], conditions: Record<string, Record<string, unknown>>) =>
    machine.addToRolePolicy(new iam.PolicyStatement({ actions, resources: [key.keyArn], conditions }));
  const anyMachine = stack.formatArn({ service: 'states', resource: 'stateMachine:*' });
  // As CloudWatch Logs writes it, with a star that is none.
  const ourLogs = { StringEquals: { 'kms:EncryptionContext:SourceArn': stack.formatArn({ service: 'logs', resource: '*' }) } };
  allow(['kms:Decrypt', 'kms:GenerateDataKey'], { ArnLike: { 'kms:EncryptionContext:aws:states:stateMachineArn': anyMachine } });
  allow(['kms:GenerateDataKey'], ourLogs);
  key.addToResourcePolicy(new iam.PolicyStatement({
    principals: [new iam.ServicePrincipal('delivery.logs.amazonaws.com')], actions: ['kms:Decrypt'], resources: ['*'], conditions: ourLogs,
  }));
}
