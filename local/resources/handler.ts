import { Apis } from '../apigateway/apis';
import { RefusedError } from '../errors';
import { RuleSpec } from '../events/rule';
import { StreamTarget, StreamTargetSpec } from '../events/stream-target';
import { DeliverySpec } from '../firehose/delivery-stream';
import { FunctionSpec } from '../lambda/function-spec';
import { MappingSpec } from '../lambda/mapping-spec';
import { Permission } from '../lambda/permission';
import { QueueMappingSpec } from '../lambda/queue-mapping';
import { Messaging } from '../messaging';
import { ObjectTypeSpec } from '../services/customer-profiles/object-type';
import { ProfileStreamSpec } from '../services/customer-profiles/profile-stream';
import { SegmentSpec } from '../services/customer-profiles/segment';
import { EventStreamSpec } from '../services/pinpoint/event-stream';
import { QueueAttributes } from '../services/sqs';
import { MachineSpec } from '../stepfunctions/machine';
import { Json, JsonObject, LoadedStack, Physical, isObject } from '../template/model';
import { Roles } from '../template/roles';

/** What the resources of a template are created in. */
export interface World {
  readonly roles: Roles;
  readonly messaging: Messaging;
  readonly apis: Apis;
  /** Folder of this run; removed at its end. */
  readonly folder: string;
  createStream(name: string, shards: number): Promise<void>;
  createBucket(name: string, notifies: boolean): Promise<void>;
  createPinpointApp(id: string, name: string): void;
  createProfileDomain(name: string): void;
  createProfileObjectType(domainName: string, type: ObjectTypeSpec): void;
  createProfileSegment(domainName: string, segment: SegmentSpec): void;
  /** Returns its ARN. */
  createSecret(name: string, value: string): string;
  createEventBus(name: string): void;
  addEventStream(spec: EventStreamSpec): void;
  addProfileStream(spec: ProfileStreamSpec): void;
  addDelivery(spec: DeliverySpec): void;
  addFunction(spec: FunctionSpec): void;
  addMachine(spec: MachineSpec): void;
  addRule(spec: RuleSpec): void;
  addStreamTarget(spec: StreamTargetSpec): StreamTarget;
  addMapping(spec: MappingSpec): void;
  addQueueMapping(spec: QueueMappingSpec): void;
  addPermission(permission: Permission): void;
  /** Returns its URL. */
  createQueue(name: string, attributes: QueueAttributes): Promise<string>;
}

/** A resource of the template, its intrinsics resolved. */
export interface ResolvedResource {
  readonly logicalId: string;
  /** Construct path. */
  readonly path: string;
  readonly type: string;
  readonly properties: JsonObject;
  /** The logical id, or with the stack's name before it where two stacks share one. */
  readonly name: string;
  readonly stack: LoadedStack;
}

/** One resource type: one file, and a line in the registry. */
export interface ResourceHandler {
  readonly type: string;
  /** Properties that are honoured. */
  readonly properties: readonly string[];
  /** Properties whose effect nothing in a run could see (tags, encryption, retention…). Any other stops the run. */
  readonly ignored: readonly string[];
  create(resource: ResolvedResource, world: World): Promise<Physical> | Physical;
}

export function text(resource: ResolvedResource, property: string): string | undefined {
  const value = resource.properties[property];
  if (value === undefined || typeof value === 'string') return value;
  throw wrong(resource, property, 'a text', value);
}

export function requiredText(resource: ResolvedResource, property: string): string {
  const value = text(resource, property);
  if (value === undefined) throw new RefusedError(resource.path, `${property} is missing`);
  return value;
}

/** CloudFormation takes numbers as texts too. */
export function number(resource: ResolvedResource, property: string, otherwise: number): number {
  const value = resource.properties[property] ?? otherwise;
  if (typeof value === 'object' || typeof value === 'boolean' || Number.isNaN(Number(value))) throw wrong(resource, property, 'a number', value);
  return Number(value);
}

export function flag(resource: ResolvedResource, property: string, otherwise: boolean): boolean {
  const value = resource.properties[property] ?? otherwise;
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  throw wrong(resource, property, 'true or false', value);
}

export function texts(resource: ResolvedResource, property: string): string[] {
  const value = resource.properties[property] ?? [];
  if (Array.isArray(value) && value.every((one): one is string => typeof one === 'string')) return value;
  throw wrong(resource, property, 'a list of texts', value);
}

export function objectOf(resource: ResolvedResource, property: string): JsonObject {
  const value = resource.properties[property] ?? {};
  if (!isObject(value)) throw wrong(resource, property, 'an object', value);
  return value;
}

/** Stops at a key that the handler does not know, below the top level too. */
export function onlyKeys(resource: ResolvedResource, where: string, value: JsonObject, known: readonly string[]): void {
  const unknown = Object.keys(value).find((key) => !known.includes(key));
  if (unknown !== undefined) throw new RefusedError(resource.path, `${where}.${unknown} of ${resource.type} is not emulated`);
}

function wrong(resource: ResolvedResource, property: string, expected: string, value: Json): RefusedError {
  return new RefusedError(resource.path, `${property}: expected ${expected}, got ${JSON.stringify(value)}`);
}
