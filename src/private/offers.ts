import { Token } from 'aws-cdk-lib';
import { checkDuration, refuse } from './validate';
import { MAX_OFFER_ID, MAX_OFFER_TEXT, OFFER_FIELDS, OfferConfig, RESERVED_ATTRIBUTES, TEXT_DATA } from '../contract/offer';
import { Offer } from '../offer';

/** Hundred years. */
const LONGEST = 3_155_760_000;
const ATTRIBUTE = /^[A-Za-z]\w{0,49}$/;

/** Throws when an offer can't be given to anybody. */
export function checkOffer({ offerId, name, discount, attributes = {}, validFrom, validUntil, validFor }: Offer): void {
  checkLength('offer.offerId', offerId, MAX_OFFER_ID);
  checkLength('offer.name', name, MAX_OFFER_TEXT);
  checkLength('offer.discount', discount, MAX_OFFER_TEXT);
  checkDate('offer.validFrom', validFrom);
  checkDate('offer.validUntil', validUntil);
  for (const [attribute, value] of Object.entries(attributes)) {
    checkAttribute('offer.attributes', attribute);
    checkLength(`offer.attributes.${attribute}`, value, MAX_OFFER_TEXT);
  }
  if (validUntil && validFor) refuse('offer.validUntil', 'and `offer.validFor` exclude each other', 'both', 'state the one that is meant');
  if (validFrom && validUntil && validFrom >= validUntil) {
    refuse('offer.validUntil', 'must be later than `offer.validFrom`', validUntil.toISOString(), 'exchange them');
  }
  checkDuration('offer.validFor', validFor, { min: 1, max: LONGEST, remedy: 'leave it out for an offer that does not expire' });
}

export function checkDataFields(dataFields: readonly string[]): void {
  for (const name of dataFields) {
    if (!(OFFER_FIELDS as readonly string[]).includes(name) && name !== TEXT_DATA) checkAttribute('dataFields', name);
  }
  if (new Set(dataFields).size < dataFields.length) refuse('dataFields', 'must name each field once', dataFields, 'leave the second one out');
}

function checkAttribute(prop: string, name: string): void {
  if (!ATTRIBUTE.test(name)) refuse(prop, 'must have names of letters, digits and underscores, at most 50 characters', name, 'write it otherwise');
  if ((RESERVED_ATTRIBUTES as readonly string[]).includes(name)) {
    refuse(prop, `must have none of the names ${RESERVED_ATTRIBUTES.join(', ')}, which the construct uses`, name, 'take another name');
  }
}

function checkDate(prop: string, value: Date | undefined): void {
  if (value && Number.isNaN(value.getTime())) refuse(prop, 'must be a date', 'an invalid Date', "write it like new Date('2026-12-24T00:00:00Z')");
}

function checkLength(prop: string, value: string | undefined, max: number): void {
  if (value === undefined || Token.isUnresolved(value)) return;
  if (value === '' || value.length > max) refuse(prop, `must have 1 to ${max} characters`, value, 'write it shorter, or leave it out');
}

export function offerConfig({ offerId, name, discount, attributes, validFrom, validUntil, validFor }: Offer): OfferConfig {
  return {
    offerId,
    name,
    discount,
    attributes,
    validFrom: validFrom?.toISOString(),
    validUntil: validUntil?.toISOString(),
    validForSeconds: validFor?.toSeconds(),
  };
}
