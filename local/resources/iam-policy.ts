import { ResourceHandler, texts } from './handler';
import { statementsIn } from '../template/roles';

export const iamPolicy: ResourceHandler = {
  type: 'AWS::IAM::Policy',
  properties: ['PolicyDocument', 'Roles'],
  ignored: ['PolicyName'],
  create: (resource, world) => {
    const statements = statementsIn(resource.properties.PolicyDocument, resource.path);
    texts(resource, 'Roles').forEach((role) => world.roles.attach(role, statements, resource.path));
    return { ref: resource.name, attributes: { Id: resource.name } };
  },
};
