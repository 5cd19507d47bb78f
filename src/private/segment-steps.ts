import { Duration } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import * as tasks from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';

/** @see https://docs.aws.amazon.com/step-functions/latest/dg/sfn-best-practices.html#bp-lambda-serviceexception */
const LAMBDA_ERRORS = [
  'Lambda.ClientExecutionTimeoutException', 'Lambda.ServiceException', 'Lambda.AWSLambdaException', 'Lambda.SdkClientException',
  'Lambda.TooManyRequestsException', 'Lambda.Unknown',
];
/** What a service did not take for the moment, which the functions name so, and a call that nobody answered. */
const OUR_ERRORS = ['RetryableError', sfn.Errors.TIMEOUT];
/** Errors that a later invocation of a function may be spared. */
export const FUNCTION_ERRORS = [...LAMBDA_ERRORS, ...OUR_ERRORS];
/** No room for another invocation. */
export const FUNCTION_BUSY = ['Lambda.TooManyRequestsException'];
/** How newer runtimes tell that a function took too long. A list that does will do so again; the control function met a slow service.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html#error-handling-error-representation */
export const TIMED_OUT = 'Sandbox.Timedout';
/** No function runs for more than 15 minutes. */
const FUNCTION_TIMEOUT = sfn.Timeout.duration(Duration.minutes(16));

/** The functions answer with JSON of their own, so that nothing has to be unwrapped. */
export function functionStep(
  scope: Construct, id: string, fn: lambda.IFunction, payload: Record<string, unknown>, resultPath: string,
): tasks.LambdaInvoke {
  return new tasks.LambdaInvoke(scope, id, {
    lambdaFunction: fn,
    payloadResponseOnly: true,
    taskTimeout: FUNCTION_TIMEOUT,
    retryOnServiceExceptions: false,
    payload: sfn.TaskInput.fromObject({
      execution: sfn.JsonPath.executionId, startedAt: sfn.JsonPath.executionStartTime, ...payload,
    }),
    resultPath,
  });
}
