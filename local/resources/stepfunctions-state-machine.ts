import { ACCOUNT_ID, arn } from '../environment';
import { RefusedError, messageOf } from '../errors';
import { ResolvedResource, ResourceHandler, objectOf, requiredText, text } from './handler';
import { constructOf } from '../lambda/function-spec';
import { checkDefinition } from '../stepfunctions/definition';
import { JsonObject } from '../template/model';

export const stepFunctionsStateMachine: ResourceHandler = {
  type: 'AWS::StepFunctions::StateMachine',
  properties: ['Definition', 'DefinitionString', 'RoleArn', 'StateMachineName', 'StateMachineType'],
  ignored: ['EncryptionConfiguration', 'LoggingConfiguration', 'Tags', 'TracingConfiguration'],
  create: (resource, world) => {
    const name = text(resource, 'StateMachineName') ?? resource.name;
    const machineArn = arn('states', `stateMachine:${name}`);
    const type = text(resource, 'StateMachineType') ?? 'STANDARD';
    if (type !== 'STANDARD') throw new RefusedError(resource.path, 'only STANDARD workflows are emulated');
    const roleId = requiredText(resource, 'RoleArn').split('/').pop() ?? '';
    const context = { 'aws:SourceAccount': ACCOUNT_ID, 'aws:SourceArn': machineArn };
    world.roles.checkTrust(roleId, 'states.amazonaws.com', context, resource.path);
    const { path, stack } = resource;
    world.addMachine({ name, arn: machineArn, path, construct: constructOf(path, stack.path), roleId, definition: definitionOf(resource) });
    return { ref: machineArn, attributes: { Arn: machineArn, Name: name } };
  },
};

function definitionOf(resource: ResolvedResource): JsonObject {
  try {
    const source = text(resource, 'DefinitionString');
    const definition = source === undefined ? objectOf(resource, 'Definition') : JSON.parse(source) as JsonObject;
    checkDefinition(definition);
    return definition;
  } catch (error) {
    throw new RefusedError(resource.path, messageOf(error));
  }
}
