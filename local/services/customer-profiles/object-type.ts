import { BadRequest, MODEL } from './errors';

/** A mapping as CloudFormation states it. */
export interface ObjectTypeSpec {
  readonly name: string;
  readonly description: string;
  readonly allowProfileCreation: boolean;
  readonly expirationDays: number;
  readonly maxProfileObjectCount?: number;
  readonly fields: readonly FieldSpec[];
  readonly keys: readonly KeySpec[];
}

export interface FieldSpec {
  readonly name: string;
  readonly source?: string;
  readonly target?: string;
  readonly contentType?: string;
}

export interface KeySpec {
  readonly name: string;
  readonly fieldNames: readonly string[];
  readonly identifiers: readonly string[];
}

/** Limits of the API (PutProfileObjectType, ObjectTypeField) and of the guide's page "Field definition details", and the service quotas. */
const TYPE_NAME = /^[a-zA-Z][a-zA-Z_0-9-]{0,254}$/;
const FIELD_NAME = /^[a-zA-Z0-9_.-]{1,64}$/;
const KEY_NAME = /^[a-zA-Z0-9_-]{1,64}$/;
const MAX_FIELDS = 250;
const MAX_KEYS = 10;
const MAX_EXPIRATION_DAYS = 1098;
const MAX_OBJECTS = 1000;

/** Reserved members of a profile that no mapping may write. */
const NOT_WRITABLE: readonly string[] = ['ProfileId', 'FoundByItems', 'Attributes', 'EngagementPreferences', 'ProfileType'];

/** What the service checks when a mapping is put (guide: "Update and validate an object type mapping"). */
export function checkObjectType({ name, description, expirationDays, maxProfileObjectCount, fields, keys }: ObjectTypeSpec): void {
  check(TYPE_NAME.test(name), `ObjectTypeName ${name} is not a valid name, or starts with an underscore`);
  check(description.length >= 1 && description.length <= 1000, 'Description has 1 to 1000 characters');
  check(expirationDays >= 1 && expirationDays <= MAX_EXPIRATION_DAYS, `ExpirationDays is 1 to ${MAX_EXPIRATION_DAYS}`);
  check(maxProfileObjectCount === undefined || (maxProfileObjectCount >= 1 && maxProfileObjectCount <= MAX_OBJECTS), `MaxProfileObjectCount is 1 to ${MAX_OBJECTS}`);
  check(fields.length <= MAX_FIELDS, `an object type has at most ${MAX_FIELDS} fields, got ${fields.length}`);
  check(new Set(fields.map((field) => field.name)).size === fields.length, 'field names are unique');
  fields.forEach(checkField);
  checkKeys(keys, fields);
}

export function checkField({ name, source, target, contentType }: FieldSpec): void {
  check(FIELD_NAME.test(name), `the field name ${name} is not valid`);
  check(source !== undefined && /^_source(\.[^.{}[\]\s]+)+$/.test(source), `the source of ${name} is not a path below _source (templates are not emulated): ${String(source)}`);
  if (target !== undefined) checkTarget(name, target);
  const allowed = MODEL.enumOf('FieldContentType') ?? [];
  check(contentType === undefined || allowed.includes(contentType), `the content type of ${name} is one of ${allowed.join(', ')}`);
}

/** `_profile.<field>`, `_profile.<address>.<field>` or `_profile.Attributes.<name>`, by the model's own Profile and Address. */
function checkTarget(name: string, target: string): void {
  const [root, field = '', member, ...more] = target.split('.');
  check(root === '_profile' && more.length === 0, `the target of ${name} is not emulated: ${target}`);
  if (field === 'Attributes') return check(member !== undefined && /^.{1,255}$/.test(member), `the target of ${name} names no attribute`);
  check(membersOf('Profile').includes(field) && !NOT_WRITABLE.includes(field), `a profile has no field ${field} that ${name} could write`);
  const isAddress = field.endsWith('Address') && !/Email/.test(field);
  check(isAddress ? member !== undefined && membersOf('Address').includes(member) : member === undefined, `the target of ${name} does not exist: ${target}`);
}

function membersOf(shape: string): string[] {
  const found = MODEL.shape(shape);
  return found.kind === 'structure' ? found.members.map((member) => member.name) : [];
}

function checkKeys(keys: readonly KeySpec[], fields: readonly FieldSpec[]): void {
  check(keys.length >= 1 && keys.length <= MAX_KEYS, `an object type has 1 to ${MAX_KEYS} keys, got ${keys.length}`);
  for (const { name, fieldNames, identifiers } of keys) {
    check(KEY_NAME.test(name), `the key name ${name} is not valid`);
    check(fieldNames.length > 0, `the key ${name} has no fields`);
    for (const field of fieldNames) check(fields.some((one) => one.name === field), `the key ${name} names a field that is not there: ${field}`);
    for (const identifier of identifiers) check((MODEL.enumOf('StandardIdentifier') ?? []).includes(identifier), `unknown identifier ${identifier}`);
  }
  const having = (identifier: string) => keys.filter(({ identifiers }) => identifiers.includes(identifier));
  check(having('UNIQUE').length === 1, `exactly one key is UNIQUE, got ${having('UNIQUE').length}`);
  const leading = having('PROFILE').filter(({ identifiers }) => !identifiers.includes('LOOKUP_ONLY') && !identifiers.includes('NEW_ONLY'));
  check(leading.length >= 1, 'at least one key is PROFILE, and neither LOOKUP_ONLY nor NEW_ONLY');
}

export function check(holds: boolean, message: string): void {
  if (!holds) throw new BadRequest(message);
}
