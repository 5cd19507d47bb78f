import { ResourceHandler, requiredText } from './handler';

export const apiGatewayResource: ResourceHandler = {
  type: 'AWS::ApiGateway::Resource',
  properties: ['ParentId', 'PathPart', 'RestApiId'],
  ignored: [],
  create: (resource, world) => {
    const api = world.apis.get(requiredText(resource, 'RestApiId'), resource.path);
    api.addResource(resource.name, requiredText(resource, 'ParentId'), requiredText(resource, 'PathPart'));
    return { ref: resource.name, attributes: { ResourceId: resource.name } };
  },
};
