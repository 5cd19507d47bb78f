import { ResourceHandler, requiredText } from './handler';

/** A snapshot of an API; the run has but one. */
export const apiGatewayDeployment: ResourceHandler = {
  type: 'AWS::ApiGateway::Deployment',
  properties: ['RestApiId'],
  ignored: ['Description'],
  create: (resource, world) => {
    world.apis.get(requiredText(resource, 'RestApiId'), resource.path);
    return { ref: resource.name, attributes: { DeploymentId: resource.name } };
  },
};
