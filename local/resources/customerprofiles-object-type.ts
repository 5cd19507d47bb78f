import { RefusedError } from '../errors';
import { flag, number, onlyKeys, requiredText, ResolvedResource, ResourceHandler } from './handler';
import { FieldSpec, KeySpec } from '../services/customer-profiles/object-type';
import { isObject, Json, JsonObject } from '../template/model';

export const customerProfilesObjectType: ResourceHandler = {
  type: 'AWS::CustomerProfiles::ObjectType',
  properties: ['AllowProfileCreation', 'Description', 'DomainName', 'ExpirationDays', 'Fields', 'Keys', 'MaxProfileObjectCount', 'ObjectTypeName'],
  ignored: ['EncryptionKey', 'SourcePriority', 'Tags'],
  create: (resource, world) => {
    const [domainName, name] = [requiredText(resource, 'DomainName'), requiredText(resource, 'ObjectTypeName')];
    const keys = list(resource, 'Keys').flatMap((key) => keysOf(resource, key));
    try {
      world.createProfileObjectType(domainName, {
        name,
        description: requiredText(resource, 'Description'),
        allowProfileCreation: flag(resource, 'AllowProfileCreation', false),
        expirationDays: number(resource, 'ExpirationDays', 0),
        maxProfileObjectCount: resource.properties.MaxProfileObjectCount === undefined ? undefined : number(resource, 'MaxProfileObjectCount', 0),
        fields: list(resource, 'Fields').map((field) => fieldOf(resource, field)),
        keys,
      });
    } catch (error) {
      throw new RefusedError(resource.path, error instanceof Error ? error.message : String(error));
    }
    return { ref: `${domainName}|${name}`, attributes: {} };
  },
};

function list(resource: ResolvedResource, property: string): JsonObject[] {
  return objects(resource, property, resource.properties[property] ?? []);
}

function objects(resource: ResolvedResource, where: string, value: Json): JsonObject[] {
  if (Array.isArray(value) && value.every(isObject)) return value as JsonObject[];
  throw new RefusedError(resource.path, `${where}: expected a list of objects`);
}

function fieldOf(resource: ResolvedResource, field: JsonObject): FieldSpec {
  onlyKeys(resource, 'Fields', field, ['Name', 'ObjectTypeField']);
  const mapping = isObject(field.ObjectTypeField) ? field.ObjectTypeField : {};
  onlyKeys(resource, 'Fields.ObjectTypeField', mapping, ['Source', 'Target', 'ContentType']);
  const textOf = (value: Json | undefined) => value === undefined ? undefined : String(value);
  return { name: String(field.Name), source: textOf(mapping.Source), target: textOf(mapping.Target), contentType: textOf(mapping.ContentType) };
}

/** One name may have several keys, each with its own fields. */
function keysOf(resource: ResolvedResource, key: JsonObject): KeySpec[] {
  onlyKeys(resource, 'Keys', key, ['Name', 'ObjectTypeKeyList']);
  return objects(resource, 'ObjectTypeKeyList', key.ObjectTypeKeyList ?? []).map((one) => {
    onlyKeys(resource, 'ObjectTypeKeyList', one, ['FieldNames', 'StandardIdentifiers']);
    return { name: String(key.Name), fieldNames: one.FieldNames as string[], identifiers: (one.StandardIdentifiers ?? []) as string[] };
  });
}
