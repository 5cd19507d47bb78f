import { Duration, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import * as tasks from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import { FUNCTION_ERRORS, functionStep, TIMED_OUT } from './segment-steps';
import { encryptWorkflow } from './workflow-encryption';
import { CONTROL_ACTIONS } from '../contract/segment-import-control';
import { SegmentTargetBinding } from '../segment-target';

/** How often an import that waits for its turn asks again. With `WAIT_TIMEOUT` it stays far below the 25,000 events of an execution's
 * history; a round with a call that is tried nine times has four times as many events, and takes four times as long. */
const TURN_INTERVAL = Duration.minutes(1);
export const WAIT_TIMEOUT = Duration.hours(24);
/** Preparation with its retries, and the report. */
const MARGIN = Duration.hours(4);
/** A job is asked after no more often, so that the history has room. */
const MAX_POLLS = 720;
const MIN_POLL_SECONDS = 15;

/** `States.ALL` does not catch it: a service's answer of more than 256 KiB. */
const TOO_LARGE = 'States.DataLimitExceeded';
export interface SegmentWorkflowSpec {
  /** Scope of the steps; their ids are their names in the workflow. */
  readonly workflow: Construct;
  readonly prepare: lambda.IFunction;
  readonly control: lambda.IFunction;
  readonly target: SegmentTargetBinding;
  readonly jobTimeout: Duration;
  readonly logGroup: logs.ILogGroup;
  readonly encryptionKey?: kms.IKey;
}

/**
 * One execution is one notification. Its state is the notification itself, and what became of it: `import` from the preparation, `grant`
 * from the admission, `answer` from the target, `error` from a step that failed.
 */
export function createSegmentWorkflow(scope: Construct, spec: SegmentWorkflowSpec): sfn.StateMachine {
  const report = reportOf(spec);
  const turn = new sfn.Wait(spec.workflow, 'WaitForTurn', { time: sfn.WaitTime.duration(TURN_INTERVAL) });
  const acquire = acquireOf(spec, turn, importOf(spec, turn, report), report);
  const prepare = prepareOf(spec, acquire, report);
  const machine = new sfn.StateMachine(scope, 'StateMachine', {
    stateMachineType: sfn.StateMachineType.STANDARD,
    queryLanguage: sfn.QueryLanguage.JSON_PATH,
    definitionBody: sfn.DefinitionBody.fromChainable(prepare),
    comment: 'Turns a list that was dropped in S3 into a segment',
    timeout: Duration.seconds(WAIT_TIMEOUT.toSeconds() + spec.jobTimeout.toSeconds() + MARGIN.toSeconds()),
    // Without execution data, since failures that the service tells may name members.
    logs: { destination: spec.logGroup, level: sfn.LogLevel.ALL, includeExecutionData: false },
    role: createRole(scope),
  });
  if (spec.encryptionKey) encryptWorkflow(machine, spec.encryptionKey);
  return machine;
}

/** The name of the state machine is not known yet, hence any of the account. */
function createRole(scope: Construct): iam.Role {
  const stack = Stack.of(scope);
  return new iam.Role(scope, 'StateMachineRole', {
    description: 'Runs imports of segments',
    assumedBy: new iam.ServicePrincipal('states.amazonaws.com', {
      conditions: {
        StringEquals: { 'aws:SourceAccount': stack.account },
        ArnLike: { 'aws:SourceArn': stack.formatArn({ service: 'states', resource: 'stateMachine:*' }) },
      },
    }),
  });
}

function invoke(scope: Construct, id: string, fn: lambda.IFunction, payload: Record<string, unknown>, resultPath: string): tasks.LambdaInvoke {
  const task = functionStep(scope, id, fn, payload, resultPath);
  task.addRetry(retryOf(FUNCTION_ERRORS));
  return task;
}

/** About ten minutes in all; with jitter, since many imports meet the same quota at once. */
function retryOf(errors: string[]): sfn.RetryProps {
  return {
    errors, interval: Duration.seconds(2), backoffRate: 2, maxAttempts: 8, maxDelay: Duration.minutes(3), jitterStrategy: sfn.JitterType.FULL,
  };
}

const caught = (task: sfn.TaskStateBase, report: sfn.IChainable) =>
  task.addCatch(report, { errors: [TOO_LARGE], resultPath: '$.error' }).addCatch(report, { errors: [sfn.Errors.ALL], resultPath: '$.error' });

function prepareOf({ workflow: scope, prepare }: SegmentWorkflowSpec, acquire: sfn.IChainable, report: sfn.IChainable): sfn.IChainable {
  const step = invoke(scope, 'Prepare', prepare, { event: sfn.JsonPath.entirePayload }, '$.import');
  caught(step, report);
  return step.next(new sfn.Choice(scope, 'Prepared?')
    .when(sfn.Condition.stringEquals('$.import.status', 'ready'), acquire)
    .when(sfn.Condition.stringEquals('$.import.status', 'ignored'), new sfn.Succeed(scope, 'Ignored'))
    .otherwise(report));
}

function acquireOf(spec: SegmentWorkflowSpec, turn: sfn.Wait, importing: sfn.IChainable, report: sfn.IChainable): sfn.IChainable {
  const { workflow: scope, control } = spec;
  const payload = { action: CONTROL_ACTIONS.ACQUIRE, import: sfn.JsonPath.objectAt('$.import') };
  const step = invoke(scope, 'Acquire', control, payload, '$.grant');
  step.addRetry(retryOf([TIMED_OUT]));
  caught(step, report);
  return step.next(new sfn.Choice(scope, 'Granted?')
    .when(sfn.Condition.stringEquals('$.grant.answer', 'granted'), importing)
    .when(sfn.Condition.stringEquals('$.grant.answer', 'wait'), turn.next(step))
    .otherwise(report));
}

/** A service that has no room for another job, or that does not say how the job is, is asked again until the time is over. */
function importOf({ workflow: scope, target, jobTimeout }: SegmentWorkflowSpec, turn: sfn.IChainable, report: sfn.IChainable): sfn.IChainable {
  const { create, read } = target;
  const seconds = Math.max(MIN_POLL_SECONDS, Math.ceil(jobTimeout.toSeconds() / MAX_POLLS));
  const wait = new sfn.Wait(scope, 'WaitForJob', { time: sfn.WaitTime.duration(Duration.seconds(seconds)) });
  const late = sfn.Condition.timestampGreaterThanEqualsJsonPath('$$.State.EnteredTime', '$.grant.deadline');
  const ended = new sfn.Choice(scope, 'Ended?').when(sfn.Condition.or(target.ended, late), report).otherwise(wait);
  for (const step of [create, read]) step.addRetry(retryOf(target.transientErrors));
  caught(create.addCatch(turn, { errors: target.busyErrors, resultPath: '$.busy' }), report);
  caught(read.addCatch(ended, { errors: target.transientErrors, resultPath: '$.unanswered' }), report);
  create.next(wait).next(read).next(ended);
  return create;
}

/** A report that can't be made ends the execution as failed, which the alarm on executions tells. */
function reportOf({ workflow: scope, control }: SegmentWorkflowSpec): sfn.IChainable {
  const step = invoke(scope, 'Report', control, { action: CONTROL_ACTIONS.REPORT, state: sfn.JsonPath.entirePayload }, '$.report');
  step.addRetry(retryOf([TIMED_OUT]));
  const failed = new sfn.Fail(scope, 'Failed', { error: 'ImportFailed', cause: 'The report of the import tells why' });
  return step.next(new sfn.Choice(scope, 'Reported?')
    .when(sfn.Condition.stringEquals('$.report.status', 'failed'), failed)
    .otherwise(new sfn.Succeed(scope, 'Done')));
}
