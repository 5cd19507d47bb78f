import { ResourceHandler } from './handler';

/** Is about asynchronous invocations, of which the run makes none: event source mappings invoke synchronously. */
export const lambdaEventInvokeConfig: ResourceHandler = {
  type: 'AWS::Lambda::EventInvokeConfig',
  properties: [],
  ignored: ['DestinationConfig', 'FunctionName', 'MaximumEventAgeInSeconds', 'MaximumRetryAttempts', 'Qualifier'],
  create: ({ name }) => ({ ref: name, attributes: {} }),
};
