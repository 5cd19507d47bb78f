import { BadRequest } from './errors';
import { ENDPOINT_LIMITS, FIELD_LENGTHS, FORBIDDEN_IN_IDS } from './limits';
import { EndpointUpdate } from './merge';

/** ISO 8601 with a zone, as the API reference asks for. */
const ISO_8601 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/;

export function isIsoDate(value: string): boolean {
  return ISO_8601.test(value) && !Number.isNaN(Date.parse(value));
}

export function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

/** The documented limits that one endpoint can break on its own; `path` names it in the message. */
export function checkEndpoint(id: string, update: EndpointUpdate, path: string): void {
  refuseIf(id === '' || FORBIDDEN_IN_IDS.test(id), `${path}.Id: may not be empty or contain $ { }`);
  refuseIf(FORBIDDEN_IN_IDS.test(update.User?.UserId ?? ''), `${path}.User.UserId: may not contain $ { }`);
  refuseIf(update.User?.UserId === '', `${path}.User.UserId: may not be empty`);
  refuseIf(jsonBytes(update) > ENDPOINT_LIMITS.endpointBytes, `${path}: larger than ${ENDPOINT_LIMITS.endpointBytes} bytes`);
  refuseIf(update.EffectiveDate !== undefined && !isIsoDate(update.EffectiveDate), `${path}.EffectiveDate: not ISO 8601 with a zone`);
  checkLists(update.Attributes, `${path}.Attributes`);
  checkLists(update.User?.UserAttributes, `${path}.User.UserAttributes`);
  Object.keys(update.Metrics ?? {}).forEach((name) => checkName(name, `${path}.Metrics`));
  checkFields(update, path);
  checkLocation(update.Location, `${path}.Location`);
}

/** `Attributes:color`: the names that count towards the limit per application. */
export function namesOf(update: EndpointUpdate): string[] {
  const { Attributes = {}, Metrics = {}, User: { UserAttributes = {} } = {} } = update;
  return Object.entries({ Attributes, Metrics, UserAttributes }).flatMap(([kind, map]) => Object.keys(map).map((name) => `${kind}:${name}`));
}

function checkLists(lists: Readonly<Record<string, readonly string[]>> = {}, path: string): void {
  for (const [name, values] of Object.entries(lists)) {
    checkName(name, path);
    refuseIf(values.length > ENDPOINT_LIMITS.valuesPerAttribute, `${path}.${name}: more than ${ENDPOINT_LIMITS.valuesPerAttribute} values`);
    const tooLong = values.some((value) => value.length > ENDPOINT_LIMITS.valueLength);
    refuseIf(tooLong, `${path}.${name}: a value longer than ${ENDPOINT_LIMITS.valueLength} characters`);
  }
}

function checkName(name: string, path: string): void {
  refuseIf(name === '' || name.length > ENDPOINT_LIMITS.nameLength, `${path}: a name must have 1 to ${ENDPOINT_LIMITS.nameLength} characters: ${name}`);
}

function checkFields(update: EndpointUpdate, path: string): void {
  const structures: Readonly<Record<string, object | undefined>> = { Demographic: update.Demographic, Location: update.Location };
  for (const [structure, fields] of Object.entries(structures)) {
    for (const [field, value] of Object.entries(fields ?? {})) {
      const max = FIELD_LENGTHS[structure]?.[field] ?? Infinity;
      refuseIf(typeof value === 'string' && value.length > max, `${path}.${structure}.${field}: longer than ${max} characters`);
    }
  }
}

function checkLocation(location: EndpointUpdate['Location'] = {}, path: string): void {
  refuseIf((location.Latitude === undefined) !== (location.Longitude === undefined), `${path}: Latitude and Longitude come together`);
  const { Country } = location;
  refuseIf(Country !== undefined && !/^[A-Za-z]{2,3}$/.test(Country), `${path}.Country: not an ISO 3166-1 alpha-2 or alpha-3 code`);
}

function refuseIf(condition: boolean, message: string): void {
  if (condition) throw new BadRequest(message);
}
