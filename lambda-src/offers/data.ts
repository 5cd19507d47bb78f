import { MAX_OFFER_ID, MAX_OFFER_TEXT, OFFER_FIELDS, OfferConfig, OfferField, OfferRulesConfig, TEXT_DATA } from '../../src/contract/offer';
import { isObject, setOwn } from '../mapping/values';
import { Rejection } from '../runtime/errors';
import { isoTimestamp } from '../runtime/timestamp';

/** An offer after what the marketer wrote beside it. */
export interface CompletedOffer {
  readonly offer: OfferConfig;
  /** The text says nothing that is wanted. */
  readonly ignored: boolean;
}

/**
 * The offer with what the marketer wrote into Data: nothing, plain text, an object, or an object as JSON text. Throws a Rejection for a
 * name that the list does not have and for a value that can't be used.
 */
export function completeOffer({ offer, dataFields }: Pick<OfferRulesConfig, 'offer' | 'dataFields'>, data: unknown): CompletedOffer {
  const read = readData(data);
  if (read === undefined) return { offer, ignored: false };
  if (typeof read === 'string') {
    return dataFields.includes(TEXT_DATA) ? { offer: withField(offer, TEXT_DATA, read), ignored: false } : { offer, ignored: true };
  }
  let completed = offer;
  for (const [name, value] of Object.entries(read)) {
    if (!dataFields.includes(name)) {
      throw new Rejection('DataNotAllowed', `Data names ${JSON.stringify(name.slice(0, 64))}, which is not one of \`dataFields\``);
    }
    completed = withField(completed, name, value);
  }
  return { offer: inOrder(completed), ignored: false };
}

function inOrder(offer: OfferConfig): OfferConfig {
  const { validFrom, validUntil } = offer;
  if (validFrom === undefined || validUntil === undefined || Date.parse(validFrom) < Date.parse(validUntil)) return offer;
  throw new Rejection('InvalidData', 'with Data, validUntil is not later than validFrom');
}

function readData(data: unknown): Record<string, unknown> | string | undefined {
  if (data === undefined || data === null || data === '') return undefined;
  if (isObject(data)) return data;
  if (typeof data !== 'string') throw new Rejection('InvalidData', 'Data is neither text nor an object');
  if (!data.trimStart().startsWith('{')) return data;
  try {
    return JSON.parse(data) as Record<string, unknown>;
  } catch {
    throw new Rejection('InvalidData', 'Data begins like a JSON object and is none');
  }
}

const isField = (name: string): name is OfferField => (OFFER_FIELDS as readonly string[]).includes(name);

/** null takes a member out. */
function withField(offer: OfferConfig, name: string, raw: unknown): OfferConfig {
  const value = raw === null ? undefined : textOf(name, raw);
  if (!isField(name)) return { ...offer, attributes: withAttribute(offer.attributes, name, value) };
  if (name === 'offerId' && (value === undefined || value.length > MAX_OFFER_ID)) {
    throw new Rejection('InvalidData', `offerId must have 1 to ${MAX_OFFER_ID} characters`);
  }
  if (name !== 'validFrom' && name !== 'validUntil') return { ...offer, [name]: value };
  const time = value === undefined ? undefined : timeOf(name, value);
  return name === 'validFrom' ? { ...offer, validFrom: time } : { ...offer, validUntil: time, validForSeconds: undefined };
}

function withAttribute(attributes: OfferConfig['attributes'], name: string, value: string | undefined): OfferConfig['attributes'] {
  const changed = { ...attributes };
  if (value === undefined) delete changed[name];
  else setOwn(changed, name, value);
  return changed;
}

function textOf(name: string, raw: unknown): string {
  const value = typeof raw === 'number' || typeof raw === 'boolean' ? String(raw) : raw;
  if (typeof value === 'string' && value !== '' && value.length <= MAX_OFFER_TEXT) return value;
  throw new Rejection('InvalidData', `${name} must be a text of 1 to ${MAX_OFFER_TEXT} characters, a number, true or false`);
}

function timeOf(name: string, value: string): string {
  const time = isoTimestamp(value);
  if (time === undefined) throw new Rejection('InvalidData', `${name} must be a date and time such as 2026-12-24T00:00:00Z`);
  return time;
}
