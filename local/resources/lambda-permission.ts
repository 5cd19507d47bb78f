import { ResourceHandler } from './handler';

/** Who else may invoke a function: no such caller is emulated yet, and event source mappings need none. */
export const lambdaPermission: ResourceHandler = {
  type: 'AWS::Lambda::Permission',
  properties: [],
  ignored: [
    'Action', 'EventSourceToken', 'FunctionName', 'FunctionUrlAuthType', 'InvokedViaFunctionUrl', 'Principal', 'PrincipalOrgID', 'SourceAccount',
    'SourceArn',
  ],
  create: ({ name }) => ({ ref: name, attributes: { Id: name } }),
};
