import { arn } from '../environment';
import { RefusedError } from '../errors';
import { ResourceHandler, text, texts } from './handler';
import { isObject } from '../template/model';
import { statementsIn } from '../template/roles';

export const iamRole: ResourceHandler = {
  type: 'AWS::IAM::Role',
  properties: ['AssumeRolePolicyDocument', 'ManagedPolicyArns', 'Policies', 'RoleName'],
  ignored: ['Description', 'MaxSessionDuration', 'Path', 'Tags'],
  create: (resource, world) => {
    const { path, properties } = resource;
    const name = text(resource, 'RoleName') ?? resource.name;
    world.roles.add(name, statementsIn(properties.AssumeRolePolicyDocument, path));
    for (const policy of [properties.Policies ?? []].flat()) {
      if (!isObject(policy)) throw new RefusedError(path, 'Policies must be a list of policies');
      world.roles.attach(name, statementsIn(policy.PolicyDocument, path), path);
    }
    for (const policyArn of texts(resource, 'ManagedPolicyArns')) world.roles.attach(name, world.roles.managedPolicy(policyArn, path), path);
    return { ref: name, attributes: { Arn: arn('iam', `role/${name}`, { region: '' }), RoleId: `AROA${name}` } };
  },
};
