import { Annotations, App, Duration, Lazy, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Annotations as Assertions, Match, Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import { CdpEndpointSync, CdpFormat, CdpSegmentImporterProps, CustomerProfilesSegmentTargetProps, EndpointTarget, SegmentTarget } from '../src';
import { cases, change, errorOf } from './support/contract';
import { configOf, givenImporter, givenStack, readable, statementsOf, templateOf } from './support/synth';
import { CONFIG_VARIABLE, loadConfig } from '../src/contract/env';
import { parseSegmentMembers } from '../src/contract/segment-members';
import { parseSegmentPrepare } from '../src/contract/segment-prepare';

const BUCKET = '<ListsBucket.Arn>';
const PREFIX = 'cdp-segment-importer/Stack-Lists-70D88FEA';
const WORK = `${BUCKET}/${PREFIX}`;
const DOMAIN = 'arn:<AWS::Partition>:profile:<AWS::Region>:<AWS::AccountId>:domains/amazon-connect-shop';
const OURS = { StringEquals: { 's3:ResourceAccount': '<AWS::AccountId>' } };

const targetOf = (props: Partial<CustomerProfilesSegmentTargetProps> = {}) =>
  SegmentTarget.customerProfiles({ domainName: 'amazon-connect-shop', segments: ['VIP list (März)', 'lapsed'], ...props });
const given = (props: Partial<CustomerProfilesSegmentTargetProps> = {}, importer: Partial<CdpSegmentImporterProps> = {}, stack: Stack = givenStack()) =>
  givenImporter({ target: targetOf(props), ...importer }, stack);
const membersOf = (template: Template) => loadConfig(parseSegmentMembers, { [CONFIG_VARIABLE]: configOf(template, 'ListsMembers') });
const all = (template: Template, type: string): any[] => Object.values(template.findResources(type)).map((one) => readable(one.Properties));

describe('permissions', () => {
  const template = templateOf(given());

  test('the function that writes members', () => {
    expect(statementsOf(template, '<ListsMembersRole>')).toEqual([
      { Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: '<ListsMembersLogs.Arn>' },
      { Action: 's3:ListBucket', Resource: BUCKET, Condition: { ...OURS, StringLike: { 's3:prefix': `${PREFIX}/prepared/*` } } },
      { Action: 's3:GetObject', Resource: `${WORK}/prepared/*`, Condition: OURS },
      { Action: ['s3:AbortMultipartUpload', 's3:PutObject', 's3:DeleteObject', 's3:GetObject'], Resource: `${WORK}/state/members/*`, Condition: OURS },
      { Action: ['s3:AbortMultipartUpload', 's3:PutObject'], Resource: `${WORK}/rejects/*`, Condition: OURS },
      { Action: 'profile:PutProfileObject', Resource: [DOMAIN, `${DOMAIN}/object-types/CdpSegmentMember`] },
      { Action: 'profile:SearchProfiles', Resource: DOMAIN },
    ]);
  });

  test('with upload jobs it may do what a job takes, and asks for nothing else', () => {
    const bulk = statementsOf(templateOf(given({ bulk: {} })), '<ListsMembersRole>');
    expect(bulk.slice(0, -1)).toEqual(statementsOf(template, '<ListsMembersRole>'));
    expect(bulk.slice(-1)).toEqual([{
      Action: ['profile:CreateUploadJob', 'profile:GetUploadJobPath', 'profile:StartUploadJob', 'profile:GetUploadJob', 'profile:StopUploadJob'], Resource: DOMAIN,
    }]);
  });

  test('the state machine invokes the three functions and nothing else', () => {
    expect(statementsOf(template, '<ListsStateMachineRole>').slice(0, -1)).toEqual(expect.arrayContaining(['Prepare', 'Control', 'Members'].map((name) => (
      { Action: 'lambda:InvokeFunction', Resource: [`<Lists${name}.Arn>`, `<Lists${name}.Arn>:*`] }))));
    expect(statementsOf(template, '<ListsStateMachineRole>')).toHaveLength(4);
  });

  test('a key is granted to the function that reads and writes the bucket', () => {
    const stack = givenStack();
    const encrypted = templateOf(given({}, { encryptionKey: new kms.Key(stack, 'Key') }, stack));
    expect(statementsOf(encrypted, '<ListsMembersRole>')).toContainEqual({ Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: '<Key.Arn>' });
  });
});

describe('the domain', () => {
  const template = templateOf(given());

  test('memberships are an object type of their own, keyed by user and segment, and found by the user alone', () => {
    const field = (Name: string, Target?: string, source = Name) => ({ Name, ObjectTypeField: { Source: `_source.${source}`, ContentType: 'STRING', ...Target && { Target } } });
    expect(all(template, 'AWS::CustomerProfiles::ObjectType')).toEqual([{
      DomainName: 'amazon-connect-shop', ObjectTypeName: 'CdpSegmentMember', Description: 'Who a CDP says is a member of its segments',
      AllowProfileCreation: true, ExpirationDays: 1098,
      Fields: [
        field('userId', '_profile.AccountNumber'), field('cdpUserId', '_profile.Attributes.cdpUserId', 'userId'), field('membershipId'), field('segment'),
        field('Segment_VIP-list-Marz', '_profile.Attributes.Segment_VIP-list-Marz'), field('Segment_lapsed', '_profile.Attributes.Segment_lapsed'),
      ],
      Keys: [
        { Name: 'cdpMembershipId', ObjectTypeKeyList: [{ FieldNames: ['membershipId'], StandardIdentifiers: ['UNIQUE'] }] },
        { Name: 'cdpUserId', ObjectTypeKeyList: [{ FieldNames: ['userId'], StandardIdentifiers: ['PROFILE'] }] },
      ],
    }]);
  });

  test('each segment is a definition by the attribute of its members', () => {
    const definition = (SegmentDefinitionName: string, DisplayName: string) => ({
      DomainName: 'amazon-connect-shop', SegmentDefinitionName, DisplayName, Description: 'Members of the newest list of a CDP',
      SegmentGroups: {
        Include: 'ALL',
        Groups: [{ Type: 'ALL', Dimensions: [{ ProfileAttributes: { Attributes: { [`Segment_${SegmentDefinitionName}`]: { DimensionType: 'INCLUSIVE', Values: ['member'] } } } }] }],
      },
    });
    expect(all(template, 'AWS::CustomerProfiles::SegmentDefinition')).toEqual([definition('VIP-list-Marz', 'VIP list (März)'), definition('lapsed', 'lapsed')]);
  });

  test('another segment leaves the logical ids of the others as they are', () => {
    const idsOf = (...segments: string[]) => Object.keys(templateOf(given({ segments })).findResources('AWS::CustomerProfiles::SegmentDefinition'));
    expect(idsOf('first', 'lapsed', 'VIP list (März)')).toEqual(expect.arrayContaining(idsOf('VIP list (März)', 'lapsed')));
  });

  test('names, expiration and what becomes of the type', () => {
    const other = templateOf(given({ objectTypeName: 'Vip', expiration: Duration.days(90) }, { removalPolicy: RemovalPolicy.DESTROY }));
    other.hasResource('AWS::CustomerProfiles::ObjectType', { DeletionPolicy: 'Delete', Properties: { ObjectTypeName: 'Vip', ExpirationDays: 90 } });
    template.hasResource('AWS::CustomerProfiles::ObjectType', { DeletionPolicy: 'Retain' });
  });

  test('the ARN of a segment is there for campaigns', () => {
    const importer = given();
    expect(Stack.of(importer).resolve(importer.segmentArn('lapsed'))).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^ListsSegmentlapsed/), 'SegmentDefinitionArn'] });
    for (const name of ['other', 'toString']) expect(() => importer.segmentArn(name)).toThrow('`segment` must be one that the target makes at deployment');
    expect(() => givenImporter().segmentArn('VIP')).toThrow('take the id from the report of its first list');
  });
});

describe('configuration', () => {
  test('of the function that writes members, in whole', () => {
    const target = {
      kind: 'customerProfiles', domainName: 'amazon-connect-shop', objectType: 'CdpSegmentMember', segments: ['VIP list (März)', 'lapsed'], maxMembers: 306_000, requestsPerSecond: 50,
    };
    const template = templateOf(given());
    expect(membersOf(template)).toEqual({ version: 1, instance: 'Stack/Lists', work: { bucketName: '<ListsBucket>', prefix: PREFIX }, target, maxFailures: 1000 });
    expect(loadConfig(parseSegmentPrepare, { [CONFIG_VARIABLE]: configOf(template, 'ListsPrepare') }).target).toEqual(target);
  });

  test.each([
    [{}, {}, 50, 306_000], [{ requestsPerSecond: 30 }, { maxConcurrentJobs: 3 }, 10, 61_200], [{}, { maxConcurrentJobs: 1, jobTimeout: Duration.hours(24) }, 100, 1_000_000],
    [{ requestsPerSecond: 1 }, { maxConcurrentJobs: 10, jobTimeout: Duration.minutes(5) }, 0.1, 25],
  ])('%j %j: %d requests a second, %d members', (props, importer, requestsPerSecond, maxMembers) => {
    expect(membersOf(templateOf(given(props, importer))).target).toMatchObject({ requestsPerSecond, maxMembers });
  });

  test.each([
    [{ bulk: {} }, {}, { from: 50_000, dataExpiryDays: 1098 }], [{ bulk: { from: 1, dataExpiry: Duration.days(90) } }, {}, { from: 1, dataExpiryDays: 90 }],
    [{ bulk: { from: 306_001, dataExpiry: Duration.days(1) } }, {}, { from: 306_001, dataExpiryDays: 1 }],
    [{ bulk: { from: 1_000_000 } }, { maxConcurrentJobs: 1, jobTimeout: Duration.hours(24) }, { from: 1_000_000, dataExpiryDays: 1098 }],
    // 3060 fit one by one.
    [{ bulk: {}, requestsPerSecond: 1 }, {}, { from: 3061, dataExpiryDays: 1098 }], [{ bulk: { from: 3061 }, requestsPerSecond: 1 }, {}, { from: 3061, dataExpiryDays: 1098 }],
  ])('%j %j: upload jobs, and as many members as fit into memory, whatever the rate', (props, importer, upload) => {
    const template = templateOf(given(props, importer));
    expect(membersOf(template).target).toMatchObject({ upload, maxMembers: 1_000_000 });
    expect(loadConfig(parseSegmentPrepare, { [CONFIG_VARIABLE]: configOf(template, 'ListsPrepare') }).target).toEqual(membersOf(template).target);
  });

  test('no refusals allowed is a number too', () => {
    expect(membersOf(templateOf(given({}, { maxRejectedRows: 0 }))).maxFailures).toBe(0);
  });

  const document = JSON.parse(configOf(templateOf(given({ bulk: {} })), 'ListsMembers'));
  test.each(cases({
    'version': [undefined, 2], 'instance': [undefined, ''], 'work': [undefined, 'b'], 'work.bucketName': [undefined], 'target': [undefined, []],
    'target.kind': [undefined, 'pinpoint'], 'target.domainName': [undefined, ''], 'target.objectType': [undefined, 1], 'target.segments': [undefined, 'VIP'],
    'target.segments[0]': ['', 1], 'target.maxMembers': [undefined, 0], 'target.requestsPerSecond': [undefined, 0, '1'],
    'target.upload': [[], 1], 'target.upload.from': [undefined, 0, '1'], 'target.upload.dataExpiryDays': [undefined, 0, '1'], 'maxFailures': [undefined, -1],
  }))('$path: $value names the key at fault', ({ path, value }) => {
    expect(errorOf(parseSegmentMembers, change(document, path, value)).path).toBe(`C.${path}`);
  });
});

test('the steps of the workflow: written round by round until it ends or the time is over', () => {
  const { States } = JSON.parse(all(templateOf(given()), 'AWS::StepFunctions::StateMachine')[0].DefinitionString);
  const payload = { 'execution.$': '$$.Execution.Id', 'startedAt.$': '$$.Execution.StartTime', 'import.$': '$.import', 'deadline.$': '$.grant.deadline' };
  expect(States.WriteMembers).toMatchObject({
    Type: 'Task', Resource: '<ListsMembers.Arn>', Parameters: payload, ResultPath: '$.answer', TimeoutSeconds: 960, Next: 'WaitForJob',
    Catch: [{ ErrorEquals: ['Lambda.TooManyRequestsException'], Next: 'WaitForTurn', ResultPath: '$.busy' }, { ErrorEquals: ['States.DataLimitExceeded'], Next: 'Report' }, { ErrorEquals: ['States.ALL'], Next: 'Report' }],
  });
  expect(States.WriteMoreMembers).toMatchObject({
    Resource: '<ListsMembers.Arn>', Parameters: { ...payload, 'answer.$': '$.answer' }, ResultPath: '$.answer', Next: 'Ended?',
    Retry: [{ ErrorEquals: expect.arrayContaining(['RetryableError', 'Sandbox.Timedout', 'Lambda.TooManyRequestsException']) }],
    Catch: expect.arrayContaining([{ ErrorEquals: expect.arrayContaining(['RetryableError']), Next: 'Ended?', ResultPath: '$.unanswered' }]),
  });
  expect(States['Ended?'].Choices).toEqual([{
    Or: [
      { Or: ['COMPLETED', 'FAILED', 'TIMED_OUT'].map((StringEquals) => ({ Variable: '$.answer.status', StringEquals })) },
      { Variable: '$$.State.EnteredTime', TimestampGreaterThanEqualsPath: '$.grant.deadline' },
    ],
    Next: 'Report',
  }]);
});

describe('refused at synthesis', () => {
  const names = (count: number) => Array.from({ length: count }, (_, index) => `s${index}`);
  test.each<[Partial<CustomerProfilesSegmentTargetProps>, string]>([
    [{ domainName: 'a b' }, '`domainName` must have 1 to 64 letters'],
    [{ segments: [] }, '`segments` must be a whole number from 1 to 246'],
    [{ segments: names(247) }, '`segments` must be a whole number from 1 to 246'],
    [{ segments: ['日本'] }, '`segments` must have 1 to 50 letters'],
    [{ segments: ['x'.repeat(51)] }, '`segments` must have 1 to 50 letters'],
    [{ segments: ['a/b'] }, 'without slashes'],
    [{ segments: [`VIP ${'日'.repeat(252)}`] }, '`segments` must have at most 255 characters'],
    [{ segments: ['VIP list', 'VIP-list'] }, "like 'VIP list' is"],
    [{ segments: ['VIP', 'vip'] }, "like 'VIP' is"],
    [{ segments: [Lazy.string({ produce: () => 'x' })] }, '`segments` must be known at synthesis'],
    [{ objectTypeName: '_x' }, '`objectTypeName` must start with a letter'],
    [{ expiration: Duration.days(1099) }, '`expiration` must be whole days from 1 to 1098'],
    [{ expiration: Duration.hours(1) }, '`expiration` must be whole days'],
    [{ bulk: { from: 0 } }, '`bulk.from` must be a whole number from 1 to 1000000'],
    [{ bulk: { from: 1_000_001 } }, '`bulk.from` must be a whole number from 1 to 1000000'],
    [{ bulk: { from: 3062 }, requestsPerSecond: 1 }, '`bulk.from` must be at most 3061, as only 3060 members can be written one by one within `jobTimeout`, got: 3062'],
    [{ bulk: { from: Lazy.number({ produce: () => 5 }) } }, '`bulk.from` must be known at synthesis'],
    [{ bulk: { dataExpiry: Duration.days(0) } }, '`bulk.dataExpiry` must be whole days from 1 to 1098'],
    [{ bulk: { dataExpiry: Duration.days(1099) } }, '`bulk.dataExpiry` must be whole days from 1 to 1098'],
    [{ bulk: { dataExpiry: Duration.days(Lazy.number({ produce: () => 5 })) } }, '`bulk.dataExpiry` must be known at synthesis'],
    [{ requestsPerSecond: 0 }, '`requestsPerSecond` must be a whole number from 1 to 100'],
    [{ requestsPerSecond: 101 }, '`requestsPerSecond` must be a whole number from 1 to 100'],
    [{ requestsPerSecond: Lazy.number({ produce: () => 5 }) }, '`requestsPerSecond` must be known at synthesis'],
  ])('%j', (props, message) => {
    expect(() => given(props)).toThrow(message);
  });

  test('as many short names as there are fields are taken, a configuration that is too long is refused with its remedy', () => {
    expect(all(templateOf(given({ segments: names(246) })), 'AWS::CustomerProfiles::SegmentDefinition')).toHaveLength(246);
    expect(() => given({ segments: names(246).map((name) => `${name}${'x'.repeat(40)}`) })).toThrow('declare fewer `segments`');
  });

  test('a name of 255 characters is one that a definition may display', () => {
    const name = `VIP ${'日'.repeat(251)}`;
    expect(all(templateOf(given({ segments: [name] })), 'AWS::CustomerProfiles::SegmentDefinition')).toMatchObject([{ SegmentDefinitionName: 'VIP', DisplayName: name }]);
  });

  test('a number of jobs that only the deployment knows', () => {
    expect(() => given({}, { maxConcurrentJobs: Lazy.number({ produce: () => 2 }) })).toThrow('`maxConcurrentJobs` must be known at synthesis');
  });
});

describe('warnings', () => {
  const warningsIn = (stack: Stack, id: string) => Assertions.fromStack(stack).findWarning('*', Match.stringLikeRegexp(id)).map(({ id: path }) => path);

  test.each([[undefined, ['/Stack/Lists']], [40, []]])('beside CdpEndpointSync, with %s requests a second', (requestsPerSecond, expected) => {
    const stack = new Stack(new App(), 'Stack', { env: { account: '111122223333', region: 'eu-west-1' } });
    new CdpEndpointSync(stack, 'Sync', { target: EndpointTarget.customerProfiles({ domainName: 'amazon-connect-shop' }), format: CdpFormat.segment() });
    given({ requestsPerSecond }, {}, stack);
    expect(warningsIn(stack, 'customerProfilesQuotasTakenTwice')).toEqual(expected);
    expect(warningsIn(stack, 'pinpointEndOfSupport')).toEqual([]);
  });

  test('of identity resolution and of a domain that campaigns can not use, until acknowledged', () => {
    const stack = givenStack();
    given({ domainName: 'shop' }, {}, stack);
    expect([warningsIn(stack, 'customerProfilesIdentityResolution'), warningsIn(stack, 'customerProfilesDomainName')]).toEqual([['/Stack/Lists'], ['/Stack/Lists']]);
    Annotations.of(stack).acknowledgeWarning('cdk-cdp-engagement:customerProfilesIdentityResolution');
    expect(warningsIn(stack, 'customerProfilesIdentityResolution')).toEqual([]);
  });

  test.each([[undefined, []], [{}, ['/Stack/Lists']]])('of what is not known of upload jobs, with `bulk` %j', (bulk, expected) => {
    const stack = givenStack();
    given({ bulk }, {}, stack);
    expect(warningsIn(stack, 'customerProfilesUploadJobs')).toEqual(expected);
    Annotations.of(stack).acknowledgeWarning('cdk-cdp-engagement:customerProfilesUploadJobs');
    expect(warningsIn(stack, 'customerProfilesUploadJobs')).toEqual([]);
  });
});
