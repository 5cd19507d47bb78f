import { ResourceHandler, requiredText, text } from './handler';

/** Who else may invoke a function: a service, on behalf of one of its resources. Event source mappings need none. */
export const lambdaPermission: ResourceHandler = {
  type: 'AWS::Lambda::Permission',
  properties: ['Action', 'FunctionName', 'Principal', 'SourceAccount', 'SourceArn'],
  ignored: ['EventSourceToken', 'FunctionUrlAuthType', 'InvokedViaFunctionUrl', 'PrincipalOrgID'],
  create: (resource, world) => {
    world.addPermission({
      functionName: requiredText(resource, 'FunctionName').split(':function:').pop() ?? '',
      action: requiredText(resource, 'Action'),
      principal: requiredText(resource, 'Principal'),
      sourceAccount: text(resource, 'SourceAccount'),
      sourceArn: text(resource, 'SourceArn'),
    });
    return { ref: resource.name, attributes: { Id: resource.name } };
  },
};
