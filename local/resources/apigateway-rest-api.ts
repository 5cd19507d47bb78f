import { arn } from '../environment';
import { RefusedError } from '../errors';
import { ResourceHandler, objectOf, texts } from './handler';
import { Api } from '../apigateway/apis';
import { constructOf } from '../lambda/function-spec';

/** A REST API whose every body is binary: then all of them reach a function in base64, and nothing has to be guessed from a media type. */
export const apiGatewayRestApi: ResourceHandler = {
  type: 'AWS::ApiGateway::RestApi',
  properties: ['BinaryMediaTypes', 'EndpointConfiguration'],
  ignored: ['Description', 'Name', 'Tags'],
  create: (resource, world) => {
    if (texts(resource, 'BinaryMediaTypes').join() !== '*/*') throw new RefusedError(resource.path, 'only the binary media type */* is emulated');
    const { Types: types } = objectOf(resource, 'EndpointConfiguration');
    if (JSON.stringify(types) === '["PRIVATE"]') throw new RefusedError(resource.path, 'private APIs are not emulated');
    const rootId = `${resource.name}-root`;
    world.apis.add(new Api(resource.name, constructOf(resource.path.replace(/\/Resource$/, ''), resource.stack.path), rootId));
    return { ref: resource.name, attributes: { RootResourceId: rootId, RestApiId: resource.name, Arn: arn('apigateway', `/restapis/${resource.name}`, { accountId: '' }) } };
  },
};
