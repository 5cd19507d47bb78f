import { Duration } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import { CdpSegmentImporterProps, ChannelType, SegmentTarget } from '../src';
import { APPLICATION_ID, givenImporter, givenStack, readable, statementsOf, templateOf } from './support/synth';

const BUCKET = '<ListsBucket.Arn>';
const WORK = `${BUCKET}/cdp-segment-importer/Stack-Lists-70D88FEA`;
const APP = `arn:<AWS::Partition>:mobiletargeting:<AWS::Region>:<AWS::AccountId>:apps/${APPLICATION_ID}`;
const OURS = { StringEquals: { 's3:ResourceAccount': '<AWS::AccountId>' } };
const logsOf = (name: string) => ({ Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: `<${name}Logs.Arn>` });

const only = (template: Template, type: string): any => {
  const found = Object.values(template.findResources(type));
  expect(found).toHaveLength(1);
  return readable(found[0].Properties);
};
const machineOf = (props: Partial<CdpSegmentImporterProps> = {}) =>
  JSON.parse(only(templateOf(givenImporter(props)), 'AWS::StepFunctions::StateMachine').DefinitionString);

describe('permissions', () => {
  const template = templateOf(givenImporter());

  test('the function that prepares', () => {
    expect(statementsOf(template, '<ListsPrepareRole>')).toEqual([
      logsOf('ListsPrepare'),
      { Action: 's3:GetObject', Resource: `${BUCKET}/segments/*`, Condition: OURS },
      { Action: ['s3:AbortMultipartUpload', 's3:PutObject'], Resource: [`${WORK}/prepared/*`, `${WORK}/rejects/*`], Condition: OURS },
      { Action: ['s3:GetObject', 's3:PutObject'], Resource: `${WORK}/state/claims/*`, Condition: OURS },
    ]);
  });

  test('with a marker it may list, below the prefix only', () => {
    expect(statementsOf(templateOf(givenImporter({ exportMarker: '_SUCCESS' })), '<ListsPrepareRole>')).toContainEqual({
      Action: 's3:ListBucket', Resource: BUCKET, Condition: { ...OURS, StringLike: { 's3:prefix': 'segments/*' } },
    });
  });

  test('the function that controls', () => {
    expect(statementsOf(template, '<ListsControlRole>')).toEqual([
      logsOf('ListsControl'),
      { Action: ['s3:GetObject', 's3:PutObject'], Resource: [`${WORK}/state/segments/*`, `${WORK}/state/slots/*`], Condition: OURS },
      { Action: 's3:PutObject', Resource: `${WORK}/reports/*`, Condition: OURS },
      { Action: 'events:PutEvents', Resource: 'arn:<AWS::Partition>:events:<AWS::Region>:<AWS::AccountId>:event-bus/default' },
    ]);
  });

  test('the service reads what is prepared and nothing else', () => {
    expect(statementsOf(template, '<ListsImportRole>')).toEqual([
      { Action: 's3:GetObject', Resource: `${WORK}/prepared/*` },
      { Action: 's3:ListBucket', Resource: BUCKET, Condition: { StringLike: { 's3:prefix': 'cdp-segment-importer/Stack-Lists-70D88FEA/prepared/*' } } },
    ]);
  });

  test('the state machine', () => {
    expect(statementsOf(template, '<ListsStateMachineRole>')).toEqual([
      { Action: 'lambda:InvokeFunction', Resource: ['<ListsPrepare.Arn>', '<ListsPrepare.Arn>:*'] },
      { Action: 'lambda:InvokeFunction', Resource: ['<ListsControl.Arn>', '<ListsControl.Arn>:*'] },
      { Action: 'mobiletargeting:GetImportJob', Resource: `${APP}/jobs/import/*` },
      { Action: 'mobiletargeting:CreateImportJob', Resource: APP },
      {
        Action: 'iam:PassRole', Resource: '<ListsImportRole.Arn>',
        Condition: { StringEquals: { 'iam:PassedToService': ['pinpoint.amazonaws.com', 'mobiletargeting.amazonaws.com'] } },
      },
      {
        Action: [
          'logs:CreateLogDelivery', 'logs:GetLogDelivery', 'logs:UpdateLogDelivery', 'logs:DeleteLogDelivery', 'logs:ListLogDeliveries',
          'logs:PutResourcePolicy', 'logs:DescribeResourcePolicies', 'logs:DescribeLogGroups',
        ],
        Resource: '*',
      },
    ]);
  });

  test('the rule starts executions', () => {
    expect(statementsOf(template, '<ListsRuleRole>')).toEqual([{ Action: 'states:StartExecution', Resource: '<ListsStateMachine>' }]);
  });

  test.each([
    ['ImportRole', 'pinpoint.amazonaws.com', APP],
    ['StateMachineRole', 'states.amazonaws.com', 'arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:stateMachine:*'],
    ['RuleRole', 'events.amazonaws.com', 'arn:<AWS::Partition>:events:<AWS::Region>:<AWS::AccountId>:rule/*'],
  ])('%s trusts %s on behalf of this account', (id, service, source) => {
    const roles = Object.entries(template.findResources('AWS::IAM::Role')).filter(([name]) => name.startsWith(`Lists${id}`));
    expect(roles.map(([, role]) => (readable(role.Properties) as any).AssumeRolePolicyDocument.Statement)).toEqual([[{
      Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: service },
      Condition: { StringEquals: { 'aws:SourceAccount': '<AWS::AccountId>' }, ArnLike: { 'aws:SourceArn': source } },
    }]]);
  });

  test('an upload role drops lists and nothing else', () => {
    const importer = givenImporter();
    importer.addUploadRole('Cdp', { account: '595280932656', externalId: 'abc' });
    expect(statementsOf(templateOf(importer), '<ListsCdp>')).toEqual([
      { Action: ['s3:AbortMultipartUpload', 's3:PutObject'], Resource: `${BUCKET}/segments/*`, Condition: OURS },
    ]);
  });

  test('a key is granted to whoever reads or writes', () => {
    const stack = givenStack();
    const importer = givenImporter({ encryptionKey: new kms.Key(stack, 'Key') }, stack);
    const uploader = importer.addUploadRole('Cdp', { account: '595280932656', externalId: 'abc' });
    const template_ = templateOf(importer);
    expect(uploader).toBeDefined();
    for (const role of ['Prepare', 'Control']) {
      expect(statementsOf(template_, `<Lists${role}Role>`)).toContainEqual({ Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: '<Key.Arn>' });
    }
    expect(statementsOf(template_, '<ListsCdp>')).toContainEqual({ Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: '<Key.Arn>' });
    expect(statementsOf(template_, '<ListsImportRole>')).toContainEqual({ Action: 'kms:Decrypt', Resource: '<Key.Arn>' });
  });
});

describe('the workflow', () => {
  const RETRY = { IntervalSeconds: 2, MaxAttempts: 8, BackoffRate: 2, MaxDelaySeconds: 180, JitterStrategy: 'FULL' };
  const LAMBDA_RETRY = [{
    ErrorEquals: [
      'Lambda.ClientExecutionTimeoutException', 'Lambda.ServiceException', 'Lambda.AWSLambdaException', 'Lambda.SdkClientException',
      'Lambda.TooManyRequestsException', 'Lambda.Unknown', 'RetryableError', 'States.Timeout',
    ], ...RETRY,
  }];
  const CONTROL_RETRY = [...LAMBDA_RETRY, { ErrorEquals: ['Sandbox.Timedout'], ...RETRY }];
  const PINPOINT_RETRY = [{ ErrorEquals: ['Pinpoint.TooManyRequestsException', 'Pinpoint.InternalServerErrorException', 'Pinpoint.SdkClientException'], ...RETRY }];
  const CATCH = [['States.DataLimitExceeded'], ['States.ALL']].map((ErrorEquals) => ({ ErrorEquals, ResultPath: '$.error', Next: 'Report' }));
  const BUSY = { ErrorEquals: ['Pinpoint.TooManyRequestsException'], ResultPath: '$.busy', Next: 'WaitForTurn' };
  const UNANSWERED = { ErrorEquals: PINPOINT_RETRY[0].ErrorEquals, ResultPath: '$.unanswered', Next: 'Ended?' };
  const REF = { 'execution.$': '$$.Execution.Id', 'startedAt.$': '$$.Execution.StartTime' };

  test('in full', () => {
    const status = '$.answer.ImportJobResponse.JobStatus';
    expect(machineOf()).toEqual({
      QueryLanguage: 'JSONPath',
      Comment: expect.any(String),
      TimeoutSeconds: (24 + 2 + 4) * 3600,
      StartAt: 'Prepare',
      States: {
        'Prepare': {
          Type: 'Task', Resource: '<ListsPrepare.Arn>', Parameters: { ...REF, 'event.$': '$' }, ResultPath: '$.import', TimeoutSeconds: 960,
          Retry: LAMBDA_RETRY, Catch: CATCH, Next: 'Prepared?',
        },
        'Prepared?': {
          Type: 'Choice', Default: 'Report',
          Choices: [{ Variable: '$.import.status', StringEquals: 'ready', Next: 'Acquire' }, { Variable: '$.import.status', StringEquals: 'ignored', Next: 'Ignored' }],
        },
        'Acquire': {
          Type: 'Task', Resource: '<ListsControl.Arn>', Parameters: { ...REF, 'action': 'acquire', 'import.$': '$.import' }, ResultPath: '$.grant',
          TimeoutSeconds: 960, Retry: CONTROL_RETRY, Catch: CATCH, Next: 'Granted?',
        },
        'Granted?': {
          Type: 'Choice', Default: 'Report',
          Choices: [{ Variable: '$.grant.answer', StringEquals: 'granted', Next: 'CreateImportJob' }, { Variable: '$.grant.answer', StringEquals: 'wait', Next: 'WaitForTurn' }],
        },
        'WaitForTurn': { Type: 'Wait', Seconds: 60, Next: 'Acquire' },
        'CreateImportJob': {
          Type: 'Task', Resource: 'arn:<AWS::Partition>:states:::aws-sdk:pinpoint:createImportJob', ResultPath: '$.answer',
          Parameters: { 'ApplicationId': APPLICATION_ID, 'ImportJobRequest.$': '$.grant.request' }, TimeoutSeconds: 120, Retry: PINPOINT_RETRY,
          Catch: [BUSY, ...CATCH], Next: 'WaitForJob',
        },
        'WaitForJob': { Type: 'Wait', Seconds: 15, Next: 'GetImportJob' },
        'GetImportJob': {
          Type: 'Task', Resource: 'arn:<AWS::Partition>:states:::aws-sdk:pinpoint:getImportJob', ResultPath: '$.answer',
          Parameters: { 'ApplicationId': APPLICATION_ID, 'JobId.$': '$.answer.ImportJobResponse.Id' }, TimeoutSeconds: 120, Retry: PINPOINT_RETRY,
          Catch: [UNANSWERED, ...CATCH], Next: 'Ended?',
        },
        'Ended?': {
          Type: 'Choice', Default: 'WaitForJob',
          Choices: [{
            Or: [
              { And: [{ Variable: status, IsPresent: true }, { Or: ['COMPLETED', 'FAILED', 'CANCELLED'].map((StringEquals) => ({ Variable: status, StringEquals })) }] },
              { Variable: '$$.State.EnteredTime', TimestampGreaterThanEqualsPath: '$.grant.deadline' },
            ],
            Next: 'Report',
          }],
        },
        'Report': {
          Type: 'Task', Resource: '<ListsControl.Arn>', Parameters: { ...REF, 'action': 'report', 'state.$': '$' }, ResultPath: '$.report', TimeoutSeconds: 960,
          Retry: CONTROL_RETRY, Next: 'Reported?',
        },
        'Reported?': { Type: 'Choice', Default: 'Done', Choices: [{ Variable: '$.report.status', StringEquals: 'failed', Next: 'Failed' }] },
        'Done': { Type: 'Succeed' },
        'Failed': { Type: 'Fail', Error: 'ImportFailed', Cause: expect.any(String) },
        'Ignored': { Type: 'Succeed' },
      },
    });
  });

  /** 25,000 events are the end of an execution. @see https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
  test.each([Duration.minutes(5), Duration.hours(2), Duration.hours(24)])('its history has room for the longest wait and a job of %s', (jobTimeout) => {
    const EVENTS_PER_ROUND = 9; // task entered, scheduled, started, succeeded, exited; choice entered, exited; wait entered, exited
    const { WaitForJob, WaitForTurn } = machineOf({ jobTimeout }).States;
    const rounds = jobTimeout.toSeconds() / WaitForJob.Seconds + 24 * 3600 / WaitForTurn.Seconds;
    expect(rounds * EVENTS_PER_ROUND).toBeLessThan(24_000);
  });

  test('a key encrypts its definition, its history and its logs, each for this account alone', () => {
    const stack = givenStack();
    const template = templateOf(givenImporter({ encryptionKey: new kms.Key(stack, 'Key') }, stack));
    expect(only(template, 'AWS::StepFunctions::StateMachine').EncryptionConfiguration).toEqual({ Type: 'CUSTOMER_MANAGED_KMS_KEY', KmsKeyId: '<Key.Arn>' });
    const LOGS = { StringEquals: { 'kms:EncryptionContext:SourceArn': 'arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:*' } };
    const MACHINES = { ArnLike: { 'kms:EncryptionContext:aws:states:stateMachineArn': 'arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:stateMachine:*' } };
    expect(statementsOf(template, '<ListsStateMachineRole>').filter(({ Resource }) => Resource === '<Key.Arn>')).toEqual([
      { Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: '<Key.Arn>', Condition: MACHINES },
      { Action: 'kms:GenerateDataKey', Resource: '<Key.Arn>', Condition: LOGS },
    ]);
    expect(only(template, 'AWS::KMS::Key').KeyPolicy.Statement).toContainEqual({
      Effect: 'Allow', Principal: { Service: 'delivery.logs.amazonaws.com' }, Action: 'kms:Decrypt', Resource: '*', Condition: LOGS,
    });
    for (const { Properties } of Object.values(template.findResources('AWS::Logs::LogGroup'))) expect(readable(Properties)).toMatchObject({ KmsKeyId: '<Key.Arn>' });
    expect(only(templateOf(givenImporter()), 'AWS::StepFunctions::StateMachine').EncryptionConfiguration).toBeUndefined();
  });

  test('it logs every step, and no data', () => {
    expect(only(templateOf(givenImporter()), 'AWS::StepFunctions::StateMachine').LoggingConfiguration).toMatchObject({ Level: 'ALL', IncludeExecutionData: false });
  });
});

describe('notifications', () => {
  test('one rule for the prefix; what it can not start is kept', () => {
    const template = templateOf(givenImporter({ prefix: 'exports/lists' }));
    expect(only(template, 'AWS::Events::Rule')).toMatchObject({
      EventPattern: {
        'source': ['aws.s3'], 'detail-type': ['Object Created'], 'detail': { bucket: { name: ['<ListsBucket>'] }, object: { key: [{ prefix: 'exports/lists/' }] } },
      },
      Targets: [{
        Arn: '<ListsStateMachine>', RoleArn: '<ListsRuleRole.Arn>', DeadLetterConfig: { Arn: '<ListsUndelivered.Arn>' },
        RetryPolicy: { MaximumEventAgeInSeconds: 86400, MaximumRetryAttempts: 185 },
      }],
    });
  });

  test('the own bucket tells EventBridge, without a custom resource', () => {
    const template = templateOf(givenImporter());
    expect(only(template, 'AWS::S3::Bucket').NotificationConfiguration).toEqual({ EventBridgeConfiguration: { EventBridgeEnabled: true } });
    expect(Object.values(template.toJSON().Resources).filter(({ Type }: any) => Type.startsWith('Custom::'))).toEqual([]);
  });

  test('a brought bucket is only read; the work lies in another', () => {
    const stack = givenStack();
    const bucket = s3.Bucket.fromBucketName(stack, 'Brought', 'brought');
    const importer = givenImporter({ bucket }, stack);
    const template = templateOf(importer);
    expect(importer.bucket).toBe(bucket);
    expect(only(template, 'AWS::S3::Bucket').NotificationConfiguration).toBeUndefined();
    const statements = statementsOf(template, '<ListsPrepareRole>');
    expect(statements[1]).toEqual({ Action: 's3:GetObject', Resource: 'arn:<AWS::Partition>:s3:::brought/segments/*', Condition: OURS });
    expect(statements.slice(2).flatMap(({ Resource }: any) => Resource)).toEqual(expect.arrayContaining([expect.stringMatching(/^<ListsWork.Arn>\//)]));
    expect(JSON.stringify(statements.slice(2))).not.toContain('brought');
  });

  test('a bucket for the work may be brought too', () => {
    const stack = givenStack();
    const workBucket = new s3.Bucket(stack, 'Own');
    const template = templateOf(givenImporter({ bucket: workBucket, workBucket }, stack));
    expect(Object.keys(template.findResources('AWS::S3::Bucket'))).toHaveLength(1);
  });
});

test('nothing that the construct writes may start an import', () => {
  for (const prefix of [undefined, 'segments', 'cdp-segment-importers', 'a/cdp-segment-importer']) {
    const importer = givenImporter({ prefix });
    const written = statementsOf(templateOf(importer), '<ListsPrepareRole>').concat(statementsOf(templateOf(importer), '<ListsControlRole>'))
      .filter(({ Action }: any) => [Action].flat().includes('s3:PutObject')).flatMap(({ Resource }: any) => Resource as string);
    expect(written.length).toBeGreaterThan(3);
    expect(written.filter((resource) => resource.startsWith(`${BUCKET}/${prefix ?? 'segments'}/`))).toEqual([]);
  }
});

describe('options', () => {
  test('a bus of another account by its ARN', () => {
    const stack = givenStack();
    const eventBus = events.EventBus.fromEventBusArn(stack, 'Bus', 'arn:aws:events:eu-west-1:999999999999:event-bus/theirs');
    expect(statementsOf(templateOf(givenImporter({ eventBus }, stack)), '<ListsControlRole>')).toContainEqual({
      Action: 'events:PutEvents', Resource: 'arn:aws:events:eu-west-1:999999999999:event-bus/theirs',
    });
  });

  test('alarms notify the topic', () => {
    const stack = givenStack();
    const importer = givenImporter({ alarmTopic: new sns.Topic(stack, 'Topic') }, stack);
    expect(importer.alarms.map(({ node }) => node.id)).toEqual(['FailedImportsAlarm', 'ImportsWithFailuresAlarm', 'AbandonedImportsAlarm', 'UndeliveredNotificationsAlarm']);
    templateOf(importer).allResourcesProperties('AWS::CloudWatch::Alarm', { AlarmActions: Match.anyValue(), TreatMissingData: 'notBreaching', Threshold: 1 });
  });

  test('metrics carry the instance', () => {
    const importer = givenImporter();
    const metrics = [
      importer.metricImported(), importer.metricImportedWithFailures(), importer.metricImportsFailed(), importer.metricImportsSuperseded(),
      importer.metricDuplicateNotifications(), importer.metricRowsAccepted(), importer.metricRowsRejected(), importer.metricImportDuration(), importer.metric('FilesIgnored'),
    ];
    expect(metrics.map(({ metricName, dimensions, statistic }) => [metricName, dimensions, statistic])).toEqual([
      'Imported', 'ImportedWithFailures', 'ImportsFailed', 'ImportsSuperseded', 'DuplicateNotifications', 'RowsAccepted', 'RowsRejected', 'ImportDuration', 'FilesIgnored',
    ].map((name) => [name, { Instance: 'Stack/Lists' }, name === 'ImportDuration' ? 'Maximum' : 'Sum']));
  });

  test('warns of the end of support', () => {
    const importer = givenImporter();
    Annotations.fromStack(importer.stateMachine.stack).hasWarning('/Stack/Lists', Match.stringLikeRegexp('pinpointEndOfSupport'));
  });

  test('the prepare function has 15 minutes unless told otherwise, and takes the role', () => {
    const stack = givenStack();
    const role = new iam.Role(stack, 'Own', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
    const importer = givenImporter({ role, memorySize: 1024 }, stack);
    const functions = Object.values(templateOf(importer).findResources('AWS::Lambda::Function')).map(({ Properties }) => readable(Properties) as any);
    expect(functions.map(({ Timeout, MemorySize, Role }) => [Timeout, MemorySize, Role])).toEqual([[900, 1024, '<Own.Arn>'], [60, 512, '<ListsControlRole.Arn>']]);
  });

  test.each<[string, Partial<CdpSegmentImporterProps>]>([
    ['`prefix` must be names', { prefix: 'a/' }],
    ['`prefix` must be names', { prefix: 'cdp-segment-importer/x' }],
    ['`exportMarker` must be the name of a file', { exportMarker: 'a/b' }],
    ['`defaultCountry` must be', { defaultCountry: 'de' }],
    ['`endpointId` must hold', { endpointId: '{userId}' }],
    ['`maxRejectedRows` must be', { maxRejectedRows: -1 }],
    ['`maxConcurrentJobs` must be', { maxConcurrentJobs: 0 }],
    ['`maxConcurrentJobs` must be', { maxConcurrentJobs: 11 }],
    ['`jobTimeout` must be', { jobTimeout: Duration.seconds(299) }],
    ['`jobTimeout` must be', { jobTimeout: Duration.seconds(86_401) }],
    ['`columns` must name a column', { columns: { email: '' } }],
    ['`ignoredColumns` must not name', { columns: { email: 'Address' }, ignoredColumns: ['email'] }],
    ['`memorySize` must be', { memorySize: 64 }],
  ])('fails: %s (%#)', (message, props) => {
    expect(() => givenImporter(props)).toThrow(message);
  });

  test('everything at its bounds passes', () => {
    expect(() => givenImporter({
      maxRejectedRows: 0, maxConcurrentJobs: 10, jobTimeout: Duration.hours(24), defaultChannel: ChannelType.EMAIL, columns: { email: 'Address' },
    })).not.toThrow();
  });

  test('neither endpoints nor a segment is refused, as the service would', () => {
    expect(() => SegmentTarget.pinpoint({ applicationId: APPLICATION_ID, registerEndpoints: false, defineSegment: false }))
      .toThrow('`registerEndpoints` and `defineSegment` must not both be false');
    for (const props of [{ registerEndpoints: false }, { defineSegment: false }]) {
      expect(() => SegmentTarget.pinpoint({ applicationId: APPLICATION_ID, ...props })).not.toThrow();
    }
  });

  test('two in one stack', () => {
    const stack = givenStack();
    givenImporter({}, stack, 'One');
    expect(() => templateOf(givenImporter({}, stack, 'Two'))).not.toThrow();
  });
});
