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
const DEMOGRAPHIC_LENGTHS: Readonly<Partial<Record<keyof EndpointDemographic, number>>> =
  { AppVersion: 50, Make: 50, Model: 100, ModelVersion: 50, Platform: 50, PlatformVersion: 50 };
const LOCATION_LENGTHS: Readonly<Partial<Record<keyof EndpointLocation, number>>> = { City: 75, Region: 75 };
const ISO_COUNTRY = /^[A-Z]{2,3}$/;

export type Cut = (reason: string) => void;

/** Characters that the API reference advises against in attribute names and event types. */
const UNWISE = /[#:?\\/]/g;
/** Not allowed in endpoint and user ids. */
const FORBIDDEN_IN_ID = /[${}]/;

export function checkId(id: string, member: string): void {
  if (FORBIDDEN_IN_ID.test(id)) throw new Rejection('InvalidId', `${member} holds a $, { or }`);
}

/** `__proto__` is a name like any other to a CDP, but not to a JavaScript object. */
export function cleanName(name: string, cut: Cut): string {
  if (name.search(UNWISE) < 0 && name !== '__proto__') return name;
  cut('NameCleaned');
  return name === '__proto__' ? 'proto' : name.replace(UNWISE, '_');
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
  const fitted: Attributes = {};
  for (const name of Object.keys(attributes)) {
    const clean = cleanName(name, cut);
    if (clean.length > MAX_ATTRIBUTE_NAME_LENGTH) cut('AttributeNameTooLong');
    else fitted[clean] = fitValues(attributes[name], cut);
  }
  return fitted;
}

function fitValues(values: string[], cut: Cut): string[] {
  if (values.length > MAX_VALUES_PER_ATTRIBUTE) cut('TooManyValues');
  return values.slice(0, MAX_VALUES_PER_ATTRIBUTE).map((value) => shorten(value, MAX_ATTRIBUTE_VALUE_LENGTH, 'AttributeValueShortened', cut));
}

export function fitMetrics(metrics: Readonly<Record<string, number>>, cut: Cut): Record<string, number> {
  const fitted: Record<string, number> = {};
  for (const name of Object.keys(metrics)) {
    const clean = cleanName(name, cut);
    if (clean.length > MAX_ATTRIBUTE_NAME_LENGTH) cut('AttributeNameTooLong');
    else fitted[clean] = metrics[name];
  }
  return fitted;
}

export function fitDemographic(demographic: Readonly<Record<string, string>>, cut: Cut): EndpointDemographic {
  return Object.fromEntries(Object.entries(demographic).map(([field, value]) =>
    [field, shorten(String(value), DEMOGRAPHIC_LENGTHS[field as keyof EndpointDemographic] ?? Infinity, 'DemographicShortened', cut)]));
}

/** A country must be an ISO 3166-1 code, and latitude and longitude come together or not at all. */
export function fitLocation(location: Readonly<Record<string, string | number>>, cut: Cut): EndpointLocation {
  const fitted: Record<string, string | number> = {};
  for (const [field, value] of Object.entries(location)) {
    if (field === 'Latitude' || field === 'Longitude') fitted[field] = Number(value);
    else fitted[field] = shorten(String(value), LOCATION_LENGTHS[field as keyof EndpointLocation] ?? Infinity, 'LocationShortened', cut);
  }
  if (fitted.Country !== undefined && !ISO_COUNTRY.test(String(fitted.Country))) {
    delete fitted.Country;
    cut('InvalidCountry');
  }
  if (!Number.isFinite(fitted.Latitude) || !Number.isFinite(fitted.Longitude)) {
    if (fitted.Latitude !== undefined || fitted.Longitude !== undefined) cut('InvalidCoordinates');
    delete fitted.Latitude;
    delete fitted.Longitude;
  }
  return fitted;
}
