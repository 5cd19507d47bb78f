import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { checkText } from './validate';
import { SecretConfig } from '../contract/cdp-destination';

/** A secret by its ARN; its value is read at run time and is in no template. */
export function secretConfig(prop: string, secret: secretsmanager.ISecret, field?: string): SecretConfig {
  checkText(prop, field, /^[^]+$/, 'must name a field of the secret', 'leave it out when the whole secret is the value');
  return { secretArn: secret.secretFullArn ?? secret.secretArn, field };
}

/**
 * The one action that is needed, where the secret's own `grantRead` gives two, and gives them on a key only where it can
 * change the key's policy.
 */
export function grantReadSecret(secret: secretsmanager.ISecret, grantee: iam.IGrantable): void {
  iam.Grant.addToPrincipal({ grantee, actions: ['secretsmanager:GetSecretValue'], resourceArns: [arnForPolicies(secret)] });
  if (!secret.encryptionKey) return;
  const { region, urlSuffix } = Stack.of(secret);
  iam.Grant.addToPrincipal({
    grantee,
    actions: ['kms:Decrypt'],
    resourceArns: [secret.encryptionKey.keyArn],
    conditions: { StringEquals: { 'kms:ViaService': `secretsmanager.${region}.${urlSuffix}` } },
  });
}

/** Of a secret that was imported by its name, the six characters at the end of the ARN are not known.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot.html#ARN_secretnamehyphen */
function arnForPolicies(secret: secretsmanager.ISecret): string {
  return secret.secretFullArn ?? `${secret.secretArn}-??????`;
}
