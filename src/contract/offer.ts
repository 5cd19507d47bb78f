import { list, object, oneOf, optional, Parser, positive, record, text } from './parse';

/** The members of an offer that Data may set beside attributes, in the words that it uses. */
export const OFFER_FIELDS = ['offerId', 'name', 'discount', 'validFrom', 'validUntil'] as const;
export type OfferField = typeof OFFER_FIELDS[number];

/** What stands for a Data that is plain text, in the list of what Data may set. */
export const TEXT_DATA = 'data';

/** Names that the CDP sees, and which no attribute may take: `offer_<name>`. */
export const RESERVED_ATTRIBUTES = ['id', 'name', 'discount', 'valid_from', 'valid_until', 'assignment_id'] as const;

/** Characters of an offer's id and of each of its texts. Ours: generous for a code, a name or a link, and far below what a message takes. */
export const MAX_OFFER_ID = 128;
export const MAX_OFFER_TEXT = 1024;

/** An offer before it is given to anybody. */
export interface OfferConfig {
  readonly offerId: string;
  readonly name?: string;
  readonly discount?: string;
  readonly attributes?: Readonly<Record<string, string>>;
  /** ISO 8601. */
  readonly validFrom?: string;
  readonly validUntil?: string;
  /** Counted from the assignment. */
  readonly validForSeconds?: number;
}

/** How an invocation becomes assignments. Both functions of OfferCustomChannel have the same. */
export interface OfferRulesConfig {
  readonly offer: OfferConfig;
  /** What the event is called that the CDP receives. */
  readonly eventName: string;
  /** Names that Data may set: those of OFFER_FIELDS, TEXT_DATA, and attributes. */
  readonly dataFields: readonly string[];
  readonly withoutUserId: 'anonymousId' | 'deadLetter';
}

export const parseOfferRules: Parser<OfferRulesConfig> = object<OfferRulesConfig>({
  offer: object<OfferConfig>({
    offerId: text,
    name: optional(text),
    discount: optional(text),
    attributes: optional(record(text)),
    validFrom: optional(text),
    validUntil: optional(text),
    validForSeconds: optional(positive),
  }),
  eventName: text,
  dataFields: list(text),
  withoutUserId: oneOf(['anonymousId', 'deadLetter']),
});
