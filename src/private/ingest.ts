import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { IngestRoleProps } from '../ingest-role';
import { checkNotBoth, checkText, refuse } from './validate';

/** @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
const EXTERNAL_ID = /^[\w+=,.@:/-]{2,1224}$/;

/** A role that an outsider may assume with the right external id. It may do nothing yet. */
export function createIngestRole(
  scope: Construct, id: string, props: IngestRoleProps, description: string = 'Lets the CDP write to the stream',
): iam.Role {
  const externalIds = [props.externalId, ...props.otherExternalIds ?? []];
  for (const externalId of externalIds) {
    checkText('externalId', externalId, EXTERNAL_ID, 'must have 2 to 1224 letters, digits and `+=,.@:/-_`', 'take the one that the CDP gives you');
  }
  return new iam.Role(scope, id, {
    assumedBy: principalOf(props),
    externalIds,
    roleName: props.roleName,
    description,
  });
}

function principalOf({ principal, account }: IngestRoleProps): iam.IPrincipal {
  checkNotBoth('principal', principal, 'account', account, 'state the one that the CDP documents');
  if (principal) return principal;
  if (account === undefined) refuse('account', 'or `principal` must be stated', 'neither', 'take the one that the CDP documents');
  checkText('account', account, /^\d{12}$/, 'must be an AWS account of 12 digits', 'take the one that the CDP documents');
  return new iam.AccountPrincipal(account);
}
