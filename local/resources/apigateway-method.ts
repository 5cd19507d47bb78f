import { RefusedError } from '../errors';
import { ResourceHandler, objectOf, onlyKeys, requiredText, text } from './handler';

const FUNCTION = /:lambda:path\/[\d-]+\/functions\/.*:function:([^/:]+)\/invocations$/;

/** Methods that anybody may call, integrated with a function as a proxy. */
export const apiGatewayMethod: ResourceHandler = {
  type: 'AWS::ApiGateway::Method',
  properties: ['AuthorizationType', 'HttpMethod', 'Integration', 'ResourceId', 'RestApiId'],
  ignored: ['OperationName'],
  create: (resource, world) => {
    const integration = objectOf(resource, 'Integration');
    onlyKeys(resource, 'Integration', integration, ['IntegrationHttpMethod', 'Type', 'Uri']);
    const functionName = FUNCTION.exec(String(integration.Uri))?.[1];
    const isProxy = integration.Type === 'AWS_PROXY' && integration.IntegrationHttpMethod === 'POST' && functionName !== undefined;
    if (!isProxy) throw new RefusedError(resource.path, 'only proxy integrations of functions are emulated');
    if (text(resource, 'AuthorizationType') !== 'NONE') throw new RefusedError(resource.path, 'authorizers are not emulated');
    const api = world.apis.get(requiredText(resource, 'RestApiId'), resource.path);
    api.methods.push({ httpMethod: requiredText(resource, 'HttpMethod'), path: api.pathOf(requiredText(resource, 'ResourceId')), functionName });
    return { ref: resource.name, attributes: {} };
  },
};
