import { ACCOUNT_ID, arn } from '../environment';
import { RefusedError, messageOf } from '../errors';
import { ResolvedResource, ResourceHandler, World, objectOf, onlyKeys, text } from './handler';
import { checkPattern } from '../events/pattern';
import { isObject } from '../template/model';

/** Rules of the default bus about objects of S3, whose target is a state machine. */
export const eventsRule: ResourceHandler = {
  type: 'AWS::Events::Rule',
  properties: ['EventPattern', 'Name', 'State', 'Targets'],
  ignored: ['Description', 'Tags'],
  create: (resource, world) => {
    const name = text(resource, 'Name') ?? resource.name;
    const ruleArn = arn('events', `rule/${name}`);
    const pattern = objectOf(resource, 'EventPattern');
    try {
      checkPattern(pattern);
    } catch (error) {
      throw new RefusedError(resource.path, messageOf(error));
    }
    if (JSON.stringify(pattern.source) !== '["aws.s3"]') throw new RefusedError(resource.path, 'only rules whose source is aws.s3 are emulated');
    const targets = [resource.properties.Targets ?? []].flat().map((target) => {
      if (!isObject(target)) throw new RefusedError(resource.path, 'Targets must be a list of targets');
      onlyKeys(resource, 'Targets', target, ['Arn', 'DeadLetterConfig', 'Id', 'RetryPolicy', 'RoleArn']);
      return { machineArn: String(target.Arn), roleId: roleOf(resource, world, String(target.RoleArn), ruleArn) };
    });
    if ((text(resource, 'State') ?? 'ENABLED') === 'ENABLED') world.addRule({ path: resource.path, pattern, targets });
    return { ref: name, attributes: { Arn: ruleArn } };
  },
};

function roleOf(resource: ResolvedResource, world: World, roleArn: string, ruleArn: string): string {
  const role = roleArn.split('/').pop() ?? '';
  world.roles.checkTrust(role, 'events.amazonaws.com', { 'aws:SourceAccount': ACCOUNT_ID, 'aws:SourceArn': ruleArn }, resource.path);
  return role;
}
