import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { CfnObjectType } from 'aws-cdk-lib/aws-customerprofiles';
import { Construct } from 'constructs';
import { checkInteger, checkText, refuse } from './validate';
import {
  ADDRESS_FACTS, ADDRESS_FIELDS, ADDRESS_MEMBERS, attributeName, coordinateName, demographicName, EVENT_KEY, factName, metricName, NAME_FIELDS,
  STANDARD_EMAIL_FIELDS, STANDARD_PHONE_FIELDS, USER_KEY,
} from '../contract/profile-fields';
import { DEMOGRAPHIC_FIELDS, TraitMappingConfig } from '../contract/trait-mapping';

/** @see https://docs.aws.amazon.com/connect/latest/adminguide/amazon-connect-service-limits.html */
export const MAX_EXPIRATION_DAYS = 1098;
/** Objects of a profile, of all types together.
 * @see https://docs.aws.amazon.com/connect/latest/adminguide/amazon-connect-service-limits.html */
const MAX_OBJECTS = 1000;
/** @see https://docs.aws.amazon.com/connect/latest/adminguide/mapping-field-definitions.html */
export const MAX_FIELDS = 250;
/** @see https://docs.aws.amazon.com/customerprofiles/latest/APIReference/API_PutProfileObjectType.html */
const OBJECT_TYPE_NAME = /^[a-zA-Z][a-zA-Z_0-9-]{0,254}$/;
/** A name is part of a field's name (64 characters) and a step of two paths. */
const ATTRIBUTE_NAME = /^[a-zA-Z0-9_-]{1,50}$/;

/** The library's default rules write it, and a profile has no field for it. */
const WHOLE_NAME = 'Name';

const DEFAULT_USER_TYPE = 'CdpUser';
const DEFAULT_EVENT_TYPE = 'CdpEvent';
export const DEFAULT_MEMBER_TYPE = 'CdpSegmentMember';
/** What we write, under these names unless others are chosen. */
export const DEFAULT_OBJECT_TYPES: readonly string[] = [DEFAULT_USER_TYPE, DEFAULT_EVENT_TYPE, DEFAULT_MEMBER_TYPE];

export interface ObjectTypeProps {
  readonly domainName: string;
  readonly attributes?: string[];
  readonly metrics?: string[];
  readonly userObjectTypeName?: string;
  readonly eventObjectTypeName?: string;
  readonly userExpiration?: Duration;
  readonly eventExpiration?: Duration;
  readonly maxEventsPerProfile?: number;
}

/** The object types of a target, in whole. */
export interface ObjectTypes {
  readonly domainName: string;
  readonly userObjectType: string;
  readonly eventObjectType: string;
  readonly attributes: readonly string[];
  readonly metrics: readonly string[];
  readonly userDays: number;
  readonly eventDays: number;
  readonly maxEvents: number;
}

export function checkObjectTypes(props: ObjectTypeProps): void {
  for (const prop of ['userObjectTypeName', 'eventObjectTypeName'] as const) {
    checkTypeName(prop, props[prop]);
  }
  for (const prop of ['userExpiration', 'eventExpiration'] as const) checkDays(prop, props[prop]);
  checkInteger('maxEventsPerProfile', props.maxEventsPerProfile, { min: 1, max: MAX_OBJECTS, remedy: 'leave it out for 500' });
}

export function checkTypeName(prop: string, value: string | undefined): void {
  checkText(prop, value, OBJECT_TYPE_NAME, 'must start with a letter and have at most 255 letters, digits, `_` and `-`',
    'leave it out for the default');
}

export function checkDays(prop: string, value: Duration | undefined): void {
  if (value === undefined || value.isUnresolved()) return;
  const days = value.toDays({ integral: false });
  if (!Number.isInteger(days) || days < 1 || days > MAX_EXPIRATION_DAYS) {
    refuse(prop, `must be whole days from 1 to ${MAX_EXPIRATION_DAYS}`, value, 'leave it out for the default');
  }
}

/** Names come from the props and from the rules: what a rule writes must have its place. */
export function objectTypesOf(props: ObjectTypeProps, { rules }: TraitMappingConfig): ObjectTypes {
  const ofRules = (...kinds: string[]) => rules.flatMap((rule) => kinds.includes(rule.to) && 'name' in rule ? [rule.name] : []);
  const own: readonly string[] = NAME_FIELDS;
  const attributes = [...new Set([WHOLE_NAME, ...props.attributes ?? [], ...ofRules('userAttribute', 'endpointAttribute')])];
  const types: ObjectTypes = {
    domainName: props.domainName,
    userObjectType: props.userObjectTypeName ?? DEFAULT_USER_TYPE,
    eventObjectType: props.eventObjectTypeName ?? DEFAULT_EVENT_TYPE,
    attributes: attributes.filter((name) => !own.includes(name)),
    metrics: [...new Set([...props.metrics ?? [], ...ofRules('metric')])],
    userDays: props.userExpiration?.toDays() ?? MAX_EXPIRATION_DAYS,
    eventDays: props.eventExpiration?.toDays() ?? 90,
    maxEvents: props.maxEventsPerProfile ?? 500,
  };
  checkNames(types);
  return types;
}

function checkNames({ attributes, metrics, userObjectType, eventObjectType }: ObjectTypes): void {
  if (userObjectType === eventObjectType) refuse('eventObjectTypeName', 'must not be that of the users', eventObjectType, 'choose another name');
  for (const name of attributes) checkName('attributes', name);
  for (const name of metrics) checkName('metrics', name);
  const taken = attributeTargets();
  const collision = attributes.find((name) => taken.has(name) || metrics.some((metric) => metricName(metric) === name));
  if (collision !== undefined) refuse('attributes', 'must not name an attribute that the construct writes itself', collision, 'choose another name');
}

function checkName(prop: string, name: string): void {
  checkText(prop, name, ATTRIBUTE_NAME, 'must name attributes of 1 to 50 letters, digits, `_` and `-`, also by the rules of `mapping`',
    'choose another name');
}

type Field = CfnObjectType.FieldMapProperty;

export function field(name: string, target: string | undefined, contentType = 'STRING', source = name): Field {
  return { name, objectTypeField: { source: `_source.${source}`, target, contentType } };
}

/** The object and its attribute have one name. */
const attribute = (name: string): Field => field(name, `_profile.Attributes.${name}`);

/** A field has one target only, hence two for the id. */
export const userIdFields = (): Field[] => [
  field('userId', '_profile.AccountNumber'), field(USER_KEY, `_profile.Attributes.${USER_KEY}`, 'STRING', 'userId'),
];

function addressFields(): Field[] {
  const standard = (name: string, contentType: string) => field(name, `_profile.${name}`, contentType);
  const { email, phone, device } = ADDRESS_FIELDS;
  return [
    ...email.map((name, index) => index < STANDARD_EMAIL_FIELDS ? standard(name, 'EMAIL_ADDRESS') : attribute(name)),
    ...phone.map((name, index) => index < STANDARD_PHONE_FIELDS ? standard(name, 'PHONE_NUMBER') : attribute(name)),
    ...device.map(attribute),
    ...ADDRESS_FACTS.flatMap((fact) => [...fact === 'ChannelType' ? [] : email, ...phone, ...device].map((name) => attribute(factName(fact, name)))),
  ];
}

/** Fields that every user's object may have. */
function ownFields(): Field[] {
  return [
    ...userIdFields(),
    ...addressFields(),
    ...NAME_FIELDS.map((name) => field(name, `_profile.${name}`, 'NAME')),
    ...Object.values(ADDRESS_MEMBERS).map((name) => field(name, `_profile.Address.${name}`)),
    ...[coordinateName('Latitude'), coordinateName('Longitude'), ...DEMOGRAPHIC_FIELDS.map(demographicName)].map(attribute),
  ];
}

function attributeTargets(): Set<string> {
  return new Set(ownFields().map(({ objectTypeField }) => (objectTypeField as { target?: string }).target!.replace('_profile.Attributes.', '')));
}

function userFields({ attributes, metrics }: ObjectTypes): Field[] {
  const fields = [
    ...ownFields(),
    ...attributes.map((name) => field(attributeName(name), `_profile.Attributes.${name}`)),
    ...metrics.map((name) => attribute(metricName(name))),
  ];
  if (fields.length > MAX_FIELDS) {
    const room = MAX_FIELDS - ownFields().length;
    const names = attributes.length + metrics.length;
    refuse('attributes', `must have room for at most ${room} names, with metrics and those of the rules`, names, 'leave some out');
  }
  return fields;
}

/** Searched for by agents; without an identifier, none of them leads an object to a profile. */
function searchKeys(): CfnObjectType.KeyMapProperty[] {
  const key = (name: string, fields: readonly string[]) => ({ name, objectTypeKeyList: fields.map((one) => ({ fieldNames: [one] })) });
  return [key('_email', ADDRESS_FIELDS.email.slice(0, STANDARD_EMAIL_FIELDS)), key('_phone', ADDRESS_FIELDS.phone.slice(0, STANDARD_PHONE_FIELDS))];
}

export const identifying = (name: string, fieldName: string, ...standardIdentifiers: string[]): CfnObjectType.KeyMapProperty =>
  ({ name, objectTypeKeyList: [{ fieldNames: [fieldName], standardIdentifiers }] });

/** The mappings. Their logical ids follow from their names alone: another id would make CloudFormation delete a type that is in use. */
export function createObjectTypes(scope: Construct, types: ObjectTypes, removalPolicy: RemovalPolicy): void {
  const { domainName, userObjectType, eventObjectType, userDays, eventDays, maxEvents } = types;
  const user = new CfnObjectType(scope, `ObjectType-${userObjectType}`, {
    domainName, objectTypeName: userObjectType, description: 'What a CDP says of its users', allowProfileCreation: true, expirationDays: userDays,
    // So that it outranks what agents and UpdateProfile write; how a number ranks against those is not documented.
    sourcePriority: 1,
    fields: userFields(types), keys: [identifying(USER_KEY, 'userId', 'PROFILE', 'UNIQUE'), ...searchKeys()],
  });
  const event = new CfnObjectType(scope, `ObjectType-${eventObjectType}`, {
    domainName, objectTypeName: eventObjectType, description: 'What users of a CDP did', allowProfileCreation: true, expirationDays: eventDays,
    maxProfileObjectCount: maxEvents,
    fields: [...userIdFields(), ...['eventId', 'eventType', 'timestamp'].map((name) => field(name, undefined))],
    keys: [identifying(EVENT_KEY, 'eventId', 'UNIQUE'), identifying(USER_KEY, 'userId', 'PROFILE')],
  });
  for (const type of [user, event]) type.applyRemovalPolicy(removalPolicy);
}
