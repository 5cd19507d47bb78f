import { arn } from '../environment';
import { ResourceHandler, text, texts } from './handler';
import { statementsIn } from '../template/roles';

export const iamManagedPolicy: ResourceHandler = {
  type: 'AWS::IAM::ManagedPolicy',
  properties: ['ManagedPolicyName', 'PolicyDocument', 'Roles'],
  ignored: ['Description', 'Path'],
  create: (resource, world) => {
    const policyArn = arn('iam', `policy/${text(resource, 'ManagedPolicyName') ?? resource.name}`, { region: '' });
    const statements = statementsIn(resource.properties.PolicyDocument, resource.path);
    world.roles.define(policyArn, statements);
    texts(resource, 'Roles').forEach((role) => world.roles.attach(role, statements, resource.path));
    return { ref: policyArn, attributes: { PolicyArn: policyArn } };
  },
};
