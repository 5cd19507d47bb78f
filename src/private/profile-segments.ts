import { Duration, RemovalPolicy, Token } from 'aws-cdk-lib';
import { CfnObjectType, CfnSegmentDefinition } from 'aws-cdk-lib/aws-customerprofiles';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { domainArn, objectTypeArn, PROFILES_QUOTA } from './customer-profiles';
import { configureHandler, createHandler, DEFAULT_REMOVAL_POLICY } from './handler';
import {
  checkDays, checkTypeName, field, identifying, MAX_EXPIRATION_DAYS, MAX_FIELDS, userIdFields,
} from './profile-object-types';
import { allowKeys, allowList, allowObjects, UPLOAD_ACTIONS } from './segment-buckets';
import { checkInteger, refuse } from './validate';
import { CONTRACT_VERSION } from '../contract/env';
import { USER_KEY } from '../contract/profile-fields';
import { MAX_SHORT_NAME, MEMBER, MEMBERSHIP_KEY, segmentAttribute, shortName } from '../contract/profile-segments';
import { WORK_AREAS } from '../contract/segment-import';
import { SegmentMembersConfig } from '../contract/segment-members';
import { CustomerProfilesSegmentTargetConfig, ProfilesUploadConfig } from '../contract/segment-target';
import type { SegmentTargetBindOptions } from '../segment-target';
import { CustomerProfilesBulkOptions, CustomerProfilesSegmentTargetProps } from '../segment-target-props';

/** The user's id in two fields, the id of the membership, and the segment's name. */
const OWN_FIELDS = 4;
export const MAX_SEGMENTS = MAX_FIELDS - OWN_FIELDS;

/** @see https://docs.aws.amazon.com/customerprofiles/latest/APIReference/API_CreateSegmentDefinition.html (DisplayName) */
const MAX_DISPLAY_NAME = 255;

/** The ids of one list and of the one before it are held in memory. */
export const MAX_MEMBERS = 1_000_000;
const MEMBERS_MEMORY = 1024;

export function checkProfileSegments(props: CustomerProfilesSegmentTargetProps): void {
  checkTypeName('objectTypeName', props.objectTypeName);
  checkDays('expiration', props.expiration);
  checkInteger('requestsPerSecond', props.requestsPerSecond, { min: 1, max: PROFILES_QUOTA, remedy: 'leave it out for 100' });
  checkDays('bulk.dataExpiry', props.bulk?.dataExpiry);
  if (props.bulk?.dataExpiry?.isUnresolved()) refuse('bulk.dataExpiry', 'must be known at synthesis', 'a token', 'write the number of days');
  checkInteger('bulk.from', props.bulk?.from, { min: 1, max: MAX_MEMBERS, remedy: 'leave it out' });
  checkInteger('segments', props.segments.length, { min: 1, max: MAX_SEGMENTS, remedy: 'each segment is a field of the object type, which has 250' });
  const names = new Map<string, string>();
  for (const segment of props.segments) {
    if (Token.isUnresolved(segment)) refuse('segments', 'must be known at synthesis', 'a token', 'write the name');
    if (segment.includes('/')) refuse('segments', 'must be names as in the keys of lists, without slashes', segment, 'name the folder');
    if (segment.length > MAX_DISPLAY_NAME) refuse('segments', `must have at most ${MAX_DISPLAY_NAME} characters`, segment, 'choose a shorter name');
    const name = shortName(segment).toLowerCase();
    if (name === '' || name.length > MAX_SHORT_NAME) {
      refuse('segments', `must have 1 to ${MAX_SHORT_NAME} letters, digits, \`_\` and \`-\`, everything else left out`, segment, 'choose another name');
    }
    const other = names.get(name);
    if (other !== undefined) refuse('segments', `must differ in letters and digits, and not in their case alone: like '${other}' is`, segment, 'rename one');
    names.set(name, segment);
  }
}

/** The mapping. Its logical id follows from its name alone: another id would make CloudFormation delete a type that is in use. */
export function createMembershipType(
  scope: Construct, { domainName, segments, expiration }: CustomerProfilesSegmentTargetProps, objectType: string, removalPolicy?: RemovalPolicy,
): CfnObjectType {
  const type = new CfnObjectType(scope, `ObjectType-${objectType}`, {
    domainName,
    objectTypeName: objectType,
    description: 'Who a CDP says is a member of its segments',
    // A list may come before its users do.
    allowProfileCreation: true,
    expirationDays: expiration?.toDays() ?? MAX_EXPIRATION_DAYS,
    fields: [
      ...userIdFields(), field('membershipId', undefined), field('segment', undefined),
      ...segments.map(segmentAttribute).map((name) => field(name, `_profile.Attributes.${name}`)),
    ],
    keys: [identifying(MEMBERSHIP_KEY, 'membershipId', 'UNIQUE'), identifying(USER_KEY, 'userId', 'PROFILE')],
  });
  type.applyRemovalPolicy(removalPolicy ?? DEFAULT_REMOVAL_POLICY);
  return type;
}

/** ARN by the name in the keys of lists. Campaigns refer to it, so that it must not change with the list. */
export function createSegmentDefinitions(
  scope: Construct, { domainName, segments }: CustomerProfilesSegmentTargetProps, type: CfnObjectType,
): Record<string, string> {
  return Object.fromEntries(segments.map((segment) => {
    const definition = new CfnSegmentDefinition(scope, `Segment-${shortName(segment)}`, {
      domainName,
      segmentDefinitionName: shortName(segment),
      displayName: segment,
      description: 'Members of the newest list of a CDP',
      segmentGroups: {
        include: 'ALL',
        groups: [{
          type: 'ALL',
          dimensions: [{ profileAttributes: { attributes: { [segmentAttribute(segment)]: { dimensionType: 'INCLUSIVE', values: [MEMBER] } } } }],
        }],
      },
    });
    definition.addDependency(type);
    return [segment, definition.attrSegmentDefinitionArn];
  }));
}

/** Of the time of an import: rounds of 15 minutes begin with reading, end 20 seconds early, and pause for 15 seconds to 2 minutes between them. */
const PERCENT_WRITING = 85;

/** Members from which on a list is written by a job, when that many fit one by one: they take a quarter of an hour at half of the quota. */
const DEFAULT_BULK_FROM = 50_000;

/** `fit`: members that can be written one by one in time. What has more must be for a job. */
export function uploadConfigOf({ from: given, dataExpiry }: CustomerProfilesBulkOptions, fit: number): ProfilesUploadConfig {
  const from = given ?? Math.min(DEFAULT_BULK_FROM, fit + 1);
  if (from > fit + 1) {
    const rule = `must be at most ${fit + 1}, as only ${fit} members can be written one by one within \`jobTimeout\``;
    refuse('bulk.from', rule, from, 'lower it, leave it out, or raise `jobTimeout` or `requestsPerSecond`');
  }
  return { from, dataExpiryDays: dataExpiry?.toDays() ?? MAX_EXPIRATION_DAYS };
}

/** No list is begun that could not be written in its time: the same members at its end would never get their turn. */
export function membersWithin(requestsPerSecond: number, jobTimeout: Duration): number {
  return Math.min(MAX_MEMBERS, Math.floor(requestsPerSecond * jobTimeout.toSeconds() * PERCENT_WRITING / 100));
}

/** That they are scoped to the domain is not confirmed.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonconnectcustomerprofiles.html */
const UPLOAD_JOB_ACTIONS = ['CreateUploadJob', 'GetUploadJobPath', 'StartUploadJob', 'GetUploadJob', 'StopUploadJob'].map((name) => `profile:${name}`);

/** The function that writes memberships, round by round. */
export function createMembersFunction(
  scope: Construct, target: CustomerProfilesSegmentTargetConfig, { work, instance, maxRejectedRows, handler }: SegmentTargetBindOptions,
): lambda.Function {
  const members = createHandler(scope, 'Members', {
    asset: 'segment-members',
    description: 'Writes members of segments to Amazon Connect Customer Profiles',
    options: { ...handler, role: undefined, memorySize: MEMBERS_MEMORY, timeout: Duration.minutes(15) },
  });
  allowList(members, { bucket: work.bucket, prefix: `${work.prefix}/${WORK_AREAS.PREPARED}` });
  allowObjects(members, work, ['s3:GetObject'], WORK_AREAS.PREPARED);
  allowObjects(members, work, [...UPLOAD_ACTIONS, 's3:DeleteObject', 's3:GetObject'], WORK_AREAS.MEMBERS);
  allowObjects(members, work, UPLOAD_ACTIONS, WORK_AREAS.REJECTS);
  allowKeys(members, work.bucket);
  const domain = domainArn(scope, target.domainName);
  const type = objectTypeArn(scope, target.domainName, target.objectType);
  iam.Grant.addToPrincipal({ grantee: members, actions: ['profile:PutProfileObject'], resourceArns: [domain, type] });
  iam.Grant.addToPrincipal({ grantee: members, actions: ['profile:SearchProfiles'], resourceArns: [domain] });
  if (target.upload) iam.Grant.addToPrincipal({ grantee: members, actions: UPLOAD_JOB_ACTIONS, resourceArns: [domain] });
  const config: SegmentMembersConfig = {
    version: CONTRACT_VERSION, instance, work: { bucketName: work.bucket.bucketName, prefix: work.prefix }, target, maxFailures: maxRejectedRows,
  };
  configureHandler(members, config, 'declare fewer `segments`, or shorter names');
  return members;
}
