import { Names, Stack } from 'aws-cdk-lib';
import { CfnEventStream } from 'aws-cdk-lib/aws-customerprofiles';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { FilterPattern } from './filters';
import { checkTypeName, DEFAULT_OBJECT_TYPES } from './profile-object-types';
import { checkInteger, refuse } from './validate';
import { CAMPAIGN_EVENT_TYPES, TELLING_CHANGES } from '../contract/campaign-objects';
import { EngagementType } from '../contract/engagement-stream-to-cdp';

/** As many as a pattern has room for, whatever their length. */
const MAX_TYPES = 10;

/** @see https://docs.aws.amazon.com/customerprofiles/latest/APIReference/API_CreateEventStream.html (EventStreamName) */
const MAX_NAME_LENGTH = 64;

export function checkCampaignObjectTypes(names: readonly string[] | undefined): void {
  if (!names) return;
  const prop = 'objectTypeNames';
  checkInteger(prop, names.length, { min: 1, max: MAX_TYPES, remedy: 'leave it out for those that campaigns have unless told otherwise' });
  for (const name of names) {
    checkTypeName(prop, name);
    if (DEFAULT_OBJECT_TYPES.includes(name)) {
      refuse(prop, 'must be types that campaigns write', name, 'leave it out: the CDP would be told what it has written itself');
    }
  }
}

/** Makes a domain write its changes to a stream: the service does so in a role of its own, which the deployment gives the permission. */
export function createProfileEventStream(scope: Construct, domainName: string, stream: kinesis.IStream): void {
  // Not the id of Amazon Pinpoint's: whoever changes the source would change the type of a resource, which CloudFormation refuses.
  new CfnEventStream(scope, 'ProfileEventStream', {
    domainName,
    eventStreamName: Names.uniqueResourceName(scope, { maxLength: MAX_NAME_LENGTH, separator: '-' }),
    uri: stream.streamArn,
  });
  if (stream.encryptionKey) allowService(scope, stream.encryptionKey);
}

/** What Kinesis asks of a producer. A policy can't name a principal by a pattern, and the end of the role's name is not known.
 * @see https://docs.aws.amazon.com/connect/latest/adminguide/customerprofiles-slr.html */
function allowService(scope: Construct, key: kms.IKey): void {
  const stack = Stack.of(scope);
  const roleArn = stack.formatArn({
    service: 'iam', region: '', resource: 'role', resourceName: 'aws-service-role/profile.amazonaws.com/AWSServiceRoleForProfile_*',
  });
  key.addToResourcePolicy(new iam.PolicyStatement({
    principals: [new iam.AnyPrincipal()],
    actions: ['kms:GenerateDataKey'],
    resources: ['*'],
    conditions: {
      StringEquals: { 'kms:CallerAccount': stack.account, 'kms:ViaService': `kinesis.${stack.region}.amazonaws.com` },
      ArnLike: { 'aws:PrincipalArn': roleArn },
    },
  }));
}

/**
 * Lambda is invoked for campaigns only, and not for what we write ourselves. The words of campaigns for their events are not confirmed, so that the
 * handler chooses among those. Undefined when campaigns tell of none of these types.
 */
export function campaignObjectFilter(
  domainName: string, objectTypeNames: readonly string[], events?: readonly EngagementType[],
): FilterPattern | undefined {
  if (events && !events.some((type) => CAMPAIGN_EVENT_TYPES.has(type))) return undefined;
  return { DomainName: [domainName], ObjectTypeName: objectTypeNames, EventType: TELLING_CHANGES };
}
