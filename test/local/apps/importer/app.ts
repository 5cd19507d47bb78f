import { App, Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as pinpoint from 'aws-cdk-lib/aws-pinpoint';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';

/** The least importer: a list that is dropped is imported as it is. */
const CODE = `
exports.handler = async ({ event, answer }) => {
  if (answer) return { status: answer.ImportJobResponse.TotalFailures > 0 ? 'with failures' : 'clean' };
  const { bucket, object } = event.detail;
  if (object.key.endsWith('bad.csv')) throw new TypeError('bad list');
  return { deadline: new Date(Date.now() + 1_800_000).toISOString(), request: {
    Format: 'CSV', S3Url: 's3://' + bucket.name + '/' + object.key, RoleArn: process.env.IMPORT_ROLE,
    DefineSegment: true, RegisterEndpoints: true, SegmentName: object.key,
  } };
};`;

const app = new App();
const stack = new Stack(app, 'Lists');
const project = new pinpoint.CfnApp(stack, 'App', { name: 'Lists' });
const bucket = new s3.CfnBucket(stack, 'Bucket', { notificationConfiguration: { eventBridgeConfiguration: { eventBridgeEnabled: true } } });
const importRole = new iam.Role(stack, 'ImportRole', {
  assumedBy: new iam.ServicePrincipal('pinpoint.amazonaws.com', {
    conditions: { StringEquals: { 'aws:SourceAccount': stack.account }, ArnLike: { 'aws:SourceArn': project.attrArn } },
  }),
});
importRole.addToPolicy(new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: [`${bucket.attrArn}/*`] }));
importRole.addToPolicy(new iam.PolicyStatement({ actions: ['s3:ListBucket'], resources: [bucket.attrArn] }));
const handler = new lambda.Function(stack, 'Handler', {
  runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler', code: lambda.Code.fromInline(CODE), environment: { IMPORT_ROLE: importRole.roleArn },
});

const workflow = new iam.Role(stack, 'WorkflowRole', { assumedBy: new iam.ServicePrincipal('states.amazonaws.com') });
handler.grantInvoke(workflow);
workflow.addToPolicy(new iam.PolicyStatement({ actions: ['mobiletargeting:CreateImportJob'], resources: [project.attrArn] }));
workflow.addToPolicy(new iam.PolicyStatement({ actions: ['mobiletargeting:GetImportJob'], resources: [`${project.attrArn}/jobs/import/*`] }));
if (app.node.tryGetContext('format') !== 'pinpoint') {
  workflow.addToPolicy(new iam.PolicyStatement({ actions: ['iam:PassRole'], resources: [importRole.roleArn] }));
}
const retry = [{ ErrorEquals: ['Pinpoint.TooManyRequestsException', 'Pinpoint.InternalServerErrorException'], MaxAttempts: 5, JitterStrategy: 'FULL' }];
const machine = new sfn.CfnStateMachine(stack, 'Machine', {
  roleArn: workflow.roleArn,
  definitionString: stack.toJsonString({
    StartAt: 'Prepare',
    States: {
      'Prepare': { Type: 'Task', Resource: handler.functionArn, Parameters: { 'event.$': '$' }, ResultPath: '$.prepared', Next: 'Create' },
      'Create': {
        Type: 'Task',
        Resource: `arn:${stack.partition}:states:::aws-sdk:pinpoint:createImportJob`,
        Parameters: { 'ApplicationId': project.ref, 'ImportJobRequest.$': '$.prepared.request' },
        ResultPath: '$.answer',
        Retry: retry,
        Next: 'Wait',
      },
      'Wait': { Type: 'Wait', Seconds: 60, Next: 'Read' },
      'Read': {
        Type: 'Task',
        Resource: `arn:${stack.partition}:states:::aws-sdk:pinpoint:getImportJob`,
        Parameters: { 'ApplicationId': project.ref, 'JobId.$': '$.answer.ImportJobResponse.Id' },
        ResultPath: '$.answer',
        Retry: retry,
        Next: 'Ended?',
      },
      'Ended?': {
        Type: 'Choice',
        Choices: [
          { Variable: '$.answer.ImportJobResponse.JobStatus', StringEquals: 'COMPLETED', Next: 'Report' },
          { Variable: '$.answer.ImportJobResponse.JobStatus', StringEquals: 'FAILED', Next: 'Failed' },
          // By the workflow's clock, which goes on by the whole of each wait.
          { Variable: '$$.State.EnteredTime', TimestampGreaterThanPath: '$.prepared.deadline', Next: 'Late' },
        ],
        Default: 'Wait',
      },
      'Report': {
        Type: 'Task',
        Resource: `arn:${stack.partition}:states:::lambda:invoke`,
        Parameters: { FunctionName: handler.functionArn, Payload: { 'answer.$': '$.answer' } },
        OutputPath: '$.Payload',
        End: true,
      },
      'Late': { Type: 'Fail', Error: 'Late' },
      'Failed': { Type: 'Fail', Error: 'ImportFailed' },
    },
  }),
});
const start = new iam.Role(stack, 'StartRole', { assumedBy: new iam.ServicePrincipal('events.amazonaws.com') });
start.addToPolicy(new iam.PolicyStatement({ actions: ['states:StartExecution'], resources: [machine.ref] }));
const queue = new sqs.CfnQueue(stack, 'Undelivered');
new events.CfnRule(stack, 'Rule', {
  eventPattern: {
    'source': ['aws.s3'],
    'detail-type': ['Object Created'],
    'detail': { bucket: { name: [bucket.ref] }, object: { key: [{ prefix: 'lists/' }] } },
  },
  targets: [{ id: 'Machine', arn: machine.ref, roleArn: start.roleArn, retryPolicy: { maximumRetryAttempts: 3 }, deadLetterConfig: { arn: queue.attrArn } }],
});
app.synth();
