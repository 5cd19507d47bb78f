import type { EndpointDemographic, EndpointLocation } from '@aws-sdk/client-pinpoint';
import type { Attributes } from '../../model';
import { Rejection } from '../../runtime/errors';

// @see https://docs.aws.amazon.com/pinpoint/latest/developerguide/quotas.html, "Endpoint quotas"
export const MAX_ENDPOINTS_PER_REQUEST = 100;
export const MAX_ENDPOINTS_REQUEST_BYTES = 7 * 1024 * 1024;
export const MAX_ENDPOINT_BYTES = 15 * 1024;
export const MAX_ATTRIBUTE_NAME_LENGTH = 50;
export const MAX_ATTRIBUTE_VALUE_LENGTH = 100;
export const MAX_VALUES_PER_ATTRIBUTE = 50;
/** Names of attributes, metrics and user attributes together; the quota is per application, so this is only what one endpoint shows. */
export const MAX_NAMES = 250;
/** Older pages and errors say 10; the service's own answer decides. */
export const MAX_ENDPOINTS_PER_USER = 15;

// @see https://docs.aws.amazon.com/pinpoint/latest/developerguide/quotas.html, "Event ingestion quotas"
export const MAX_EVENTS_PER_REQUEST = 100;
export const MAX_EVENTS_REQUEST_BYTES = 4 * 1024 * 1024;
export const MAX_EVENT_BYTES = 1000 * 1024;
export const MAX_EVENT_KEYS = 40;
export const MAX_EVENT_KEY_LENGTH = 50;
/** A longer value makes the service drop the event. */
export const MAX_EVENT_VALUE_LENGTH = 200;

// @see https://docs.aws.amazon.com/pinpoint/latest/apireference/apps-application-id-endpoints.html (EndpointDemographic, EndpointLocation)
const DEMOGRAPHIC_LENGTHS: Readonly<Record<string, number>> =
  { AppVersion: 50, Make: 50, Model: 100, ModelVersion: 50, Platform: 50, PlatformVersion: 50 };
const LOCATION_LENGTHS: Readonly<Record<string, number>> = { City: 75, Region: 75 };
const ISO_COUNTRY = /^[A-Z]{2,3}$/;

export type Cut = (reason: string) => void;

/** Characters that the API reference advises against in attribute names and event types. */
const UNWISE = /[#:?\\/]/;
/** Not allowed in endpoint and user ids. */
const FORBIDDEN_IN_ID = /[${}]/;
/** As a step of a path these lead elsewhere: DELETE …/apps/<id>/users/.. is DELETE …/apps/<id>. `__proto__` is lost as a key. */
const MISLEADING_IDS = ['', '.', '..', '__proto__'];
/** No limit is documented; this one keeps the path of a request below 8 KB when every character is escaped. */
const MAX_ID_LENGTH = 2048;

export function isValidId(id: string): boolean {
  return id.length <= MAX_ID_LENGTH && !FORBIDDEN_IN_ID.test(id) && !MISLEADING_IDS.includes(id);
}

export function checkId(id: string, member: string): void {
  if (!isValidId(id)) throw new Rejection('InvalidId', `${member} is empty, too long, a step of a path, or holds a $, { or }`);
}

/** Names that were found in order and short enough: a CDP sends the same few again and again. */
const orderly = new Set<string>();
const MAX_REMEMBERED_NAMES = 10_000;
const MAX_ORDERLY_LENGTH = Math.min(MAX_ATTRIBUTE_NAME_LENGTH, MAX_EVENT_KEY_LENGTH);

const areOrderly = (map: object): boolean => {
  for (const name in map) if (!orderly.has(name)) return false;
  return true;
};

/** `__proto__` is a name like any other to a CDP, but not to a JavaScript object. */
export function cleanName(name: string, cut: Cut): string {
  if (orderly.has(name)) return name;
  if (!UNWISE.test(name) && name !== '__proto__') {
    if (orderly.size < MAX_REMEMBERED_NAMES && name.length <= MAX_ORDERLY_LENGTH && name !== '') orderly.add(name);
    return name;
  }
  cut('NameCleaned');
  return name === '__proto__' ? 'proto' : name.replace(new RegExp(UNWISE, 'g'), '_');
}

/** Cut by characters, not by halves of a surrogate pair. */
export function shorten(value: string, length: number, reason: string, cut: Cut): string {
  if (value.length <= length) return value;
  const characters = [...value];
  if (characters.length <= length) return value;
  cut(reason);
  return characters.slice(0, length).join('');
}

/** Attribute lists within the limits. Names that are too long are left out, since a cut name could be another's. */
export function fitAttributes(attributes: Attributes, cut: Cut): Attributes {
  if (areOrderly(attributes) && Object.values(attributes).every(fits)) return attributes;
  const fitted: Attributes = {};
  for (const name of Object.keys(attributes)) {
    const clean = cleanName(name, cut);
    if (clean === '') cut('EmptyName');
    else if (clean.length > MAX_ATTRIBUTE_NAME_LENGTH) cut('AttributeNameTooLong');
    else if (Object.hasOwn(fitted, clean)) cut('NameCollision');
    else fitted[clean] = fitValues(attributes[name], cut);
  }
  return fitted;
}

function fits(values: readonly string[]): boolean {
  if (values.length > MAX_VALUES_PER_ATTRIBUTE) return false;
  for (const value of values) if (value.length > MAX_ATTRIBUTE_VALUE_LENGTH) return false;
  return true;
}

function fitValues(values: string[], cut: Cut): string[] {
  if (fits(values)) return values;
  if (values.length > MAX_VALUES_PER_ATTRIBUTE) cut('TooManyValues');
  return values.slice(0, MAX_VALUES_PER_ATTRIBUTE).map((value) => shorten(value, MAX_ATTRIBUTE_VALUE_LENGTH, 'AttributeValueShortened', cut));
}

export function fitMetrics(metrics: Record<string, number>, cut: Cut): Record<string, number> {
  if (areOrderly(metrics) && Object.values(metrics).every(Number.isFinite)) return metrics;
  const fitted: Record<string, number> = {};
  for (const name of Object.keys(metrics)) {
    const clean = cleanName(name, cut);
    if (clean === '') cut('EmptyName');
    else if (clean.length > MAX_ATTRIBUTE_NAME_LENGTH) cut('AttributeNameTooLong');
    else if (!Number.isFinite(metrics[name])) cut('NotANumber');
    else if (Object.hasOwn(fitted, clean)) cut('NameCollision');
    else fitted[clean] = metrics[name];
  }
  return fitted;
}

export function fitDemographic(demographic: Readonly<Record<string, unknown>>, cut: Cut): EndpointDemographic {
  return areShort(demographic, DEMOGRAPHIC_LENGTHS) ? demographic : shortenAll(demographic, DEMOGRAPHIC_LENGTHS, 'DemographicShortened', cut);
}

/** A country must be an ISO 3166-1 code, and latitude and longitude come together or not at all. */
export function fitLocation(location: Readonly<Record<string, unknown>>, cut: Cut): EndpointLocation {
  const isPlace = location.Latitude === undefined && location.Longitude === undefined;
  if (isPlace && areShort(location, LOCATION_LENGTHS) && (location.Country === undefined || ISO_COUNTRY.test(location.Country))) return location;
  const { Latitude, Longitude, ...texts } = location;
  const fitted: EndpointLocation = shortenAll(texts, LOCATION_LENGTHS, 'LocationShortened', cut);
  if (fitted.Country !== undefined) fitted.Country = fitted.Country.toUpperCase();
  if (fitted.Country !== undefined && !ISO_COUNTRY.test(fitted.Country)) {
    delete fitted.Country;
    cut('InvalidCountry');
  }
  if (isPlace) return fitted;
  const [latitude, longitude] = [Number(Latitude), Number(Longitude)];
  if (Number.isFinite(latitude) && Number.isFinite(longitude)) return { ...fitted, Latitude: latitude, Longitude: longitude };
  cut('InvalidCoordinates');
  return fitted;
}

type Lengths = Readonly<Record<string, number>>;

function areShort(texts: Readonly<Record<string, unknown>>, lengths: Lengths): texts is Readonly<Record<string, string>> {
  for (const field in texts) {
    const text = texts[field];
    if (typeof text !== 'string' || text.length > (lengths[field] ?? Infinity)) return false;
  }
  return true;
}

function shortenAll(
  texts: Readonly<Record<string, unknown>>, lengths: Lengths, reason: string, cut: Cut,
): Record<string, string> {
  const fitted: Record<string, string> = {};
  for (const field in texts) fitted[field] = shorten(String(texts[field]), lengths[field] ?? Infinity, reason, cut);
  return fitted;
}
