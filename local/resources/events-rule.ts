import { ACCOUNT_ID, arn } from '../environment';
import { RefusedError, messageOf } from '../errors';
import { ResolvedResource, ResourceHandler, World, objectOf, onlyKeys, text } from './handler';
import { checkPattern } from '../events/pattern';
import { RuleTarget } from '../events/rule';
import { Json, isObject } from '../template/model';

/** Rules of the default bus: about objects of S3, or about e-mails of Amazon SES. Their target is a state machine or a stream. */
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
    if (!SOURCES.includes(JSON.stringify(pattern.source))) {
      throw new RefusedError(resource.path, 'only rules whose source is aws.s3 or aws.ses are emulated');
    }
    const targets = [resource.properties.Targets ?? []].flat().map((target) => targetOf(resource, world, target, ruleArn));
    if ((text(resource, 'State') ?? 'ENABLED') === 'ENABLED') world.addRule({ path: resource.path, pattern, targets });
    return { ref: name, attributes: { Arn: ruleArn } };
  },
};

const SOURCES: readonly string[] = ['["aws.s3"]', '["aws.ses"]'];
const STREAM_ARN = /^arn:[^:]+:kinesis:[^:]+:[^:]+:stream\/([^/]+)$/;
const KEY_PATH = /^\$(\.[\w-]+)+$/;

function targetOf(resource: ResolvedResource, world: World, target: Json, ruleArn: string): RuleTarget {
  if (!isObject(target)) throw new RefusedError(resource.path, 'Targets must be a list of targets');
  onlyKeys(resource, 'Targets', target, ['Arn', 'DeadLetterConfig', 'Id', 'KinesisParameters', 'RetryPolicy', 'RoleArn']);
  const roleId = roleOf(resource, world, String(target.RoleArn), ruleArn);
  const streamName = STREAM_ARN.exec(String(target.Arn))?.[1];
  if (streamName === undefined) return { machineArn: String(target.Arn), roleId };
  const partitionKeyPath = isObject(target.KinesisParameters) ? String(target.KinesisParameters.PartitionKeyPath) : '';
  if (!KEY_PATH.test(partitionKeyPath)) throw new RefusedError(resource.path, `KinesisParameters.PartitionKeyPath: ${partitionKeyPath} is not emulated`);
  return { stream: world.addStreamTarget({ path: resource.path, streamName, roleId, partitionKeyPath }) };
}

function roleOf(resource: ResolvedResource, world: World, roleArn: string, ruleArn: string): string {
  const role = roleArn.split('/').pop() ?? '';
  world.roles.checkTrust(role, 'events.amazonaws.com', { 'aws:SourceAccount': ACCOUNT_ID, 'aws:SourceArn': ruleArn }, resource.path);
  return role;
}
