import { arn } from '../environment';
import { messageOf, RefusedError } from '../errors';
import { objectOf, onlyKeys, requiredText, ResolvedResource, ResourceHandler } from './handler';
import { isObject, Json, JsonObject } from '../template/model';

export const customerProfilesSegmentDefinition: ResourceHandler = {
  type: 'AWS::CustomerProfiles::SegmentDefinition',
  properties: ['DisplayName', 'DomainName', 'SegmentDefinitionName', 'SegmentGroups'],
  ignored: ['Description', 'Tags'],
  create: (resource, world) => {
    const [domainName, name] = [requiredText(resource, 'DomainName'), requiredText(resource, 'SegmentDefinitionName')];
    try {
      world.createProfileSegment(domainName, { name, displayName: requiredText(resource, 'DisplayName'), attributes: attributesOf(resource) });
    } catch (error) {
      throw new RefusedError(resource.path, messageOf(error));
    }
    const segmentArn = arn('profile', `domains/${domainName}/segment-definitions/${name}`);
    return { ref: segmentArn, attributes: { SegmentDefinitionArn: segmentArn } };
  },
};

/** Only what can't be read in two ways: one group of one dimension of attributes that must have a value. */
function attributesOf(resource: ResolvedResource): Record<string, string[]> {
  const groups = objectOf(resource, 'SegmentGroups');
  onlyKeys(resource, 'SegmentGroups', groups, ['Groups', 'Include']);
  if (groups.Include !== 'ALL') throw new Error(`SegmentGroups.Include ${JSON.stringify(groups.Include)} is not emulated`);
  const group = single(groups.Groups, 'Groups');
  onlyKeys(resource, 'Groups', group, ['Dimensions', 'Type']);
  if (group.Type !== 'ALL') throw new Error(`a group of the type ${JSON.stringify(group.Type)} is not emulated`);
  const dimension = single(group.Dimensions, 'Dimensions');
  onlyKeys(resource, 'Dimensions', dimension, ['ProfileAttributes']);
  const profile = isObject(dimension.ProfileAttributes) ? dimension.ProfileAttributes : {};
  onlyKeys(resource, 'ProfileAttributes', profile, ['Attributes']);
  const attributes = isObject(profile.Attributes) ? profile.Attributes : {};
  return Object.fromEntries(Object.entries(attributes).map(([name, filter]) => [name, valuesOf(name, filter)]));
}

function single(value: Json | undefined, what: string): JsonObject {
  if (Array.isArray(value) && value.length === 1 && isObject(value[0])) return value[0];
  throw new Error(`${what}: only a single one is emulated`);
}

function valuesOf(name: string, filter: Json | undefined): string[] {
  if (!isObject(filter) || filter.DimensionType !== 'INCLUSIVE') throw new Error(`${name}: only filters of the type INCLUSIVE are emulated`);
  if (Array.isArray(filter.Values) && filter.Values.every((value): value is string => typeof value === 'string')) return filter.Values;
  throw new Error(`${name}: Values is not a list of texts`);
}
