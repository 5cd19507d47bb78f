import { arn } from '../environment';
import { ResourceHandler, requiredText } from './handler';

export const pinpointApp: ResourceHandler = {
  type: 'AWS::Pinpoint::App',
  properties: ['Name'],
  ignored: ['Tags'],
  create: (resource, world) => {
    world.createPinpointApp(resource.name, requiredText(resource, 'Name'));
    return { ref: resource.name, attributes: { Arn: arn('mobiletargeting', `apps/${resource.name}`) } };
  },
};
