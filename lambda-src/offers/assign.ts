import { hash } from 'node:crypto';
import type { OfferConfig, OfferRulesConfig } from '../../src/contract/offer';
import type { EngagementEvent } from '../engagement';
import { setOwn } from '../mapping/values';
import type { OfferInvocation, Recipient } from '../offer-callers';
import { Rejection } from '../runtime/errors';

/** Hexadecimal digits that are kept of the hash: 128 bits, and well below the 100 characters that CDPs allow. */
const ID_LENGTH = 32;

/** An offer that is given to one recipient. */
export interface Assignment {
  readonly offer: OfferConfig;
  /** What the CDP is to hear. */
  readonly event: EngagementEvent;
}

/**
 * Gives an offer to a recipient. Its id is a pure function of application, campaign or journey run, activity, endpoint and offer: who is
 * invoked twice for one step of one run gives the offer once.
 */
export function assign(offer: OfferConfig, recipient: Recipient, invocation: OfferInvocation, rules: OfferRulesConfig, at: Date): Assignment {
  const { endpointId, userId } = recipient;
  if (userId === undefined && rules.withoutUserId === 'deadLetter') throw new Rejection('MissingUser', 'the endpoint has no user id');
  const validUntil = validUntilOf(offer, at);
  checkValidity(offer.validFrom, validUntil, at);
  const id = assignmentId(offer, endpointId, invocation);
  const given = { ...offer, validUntil };
  return {
    offer: given,
    event: {
      id,
      type: 'CUSTOM',
      sourceType: rules.eventName,
      at: at.toISOString(),
      userId,
      endpointId,
      channel: recipient.channel,
      address: recipient.address,
      campaign: invocation.campaign,
      journey: invocation.journey,
      attributes: attributesOf(given, id),
      metrics: {},
    },
  };
}

/** Whether the run is named of which the step is: without it a later run gives the same id. */
export function namesRun({ campaign, journey }: OfferInvocation): boolean {
  return (campaign ? campaign.activityId : journey?.runId) !== undefined;
}

function checkValidity(validFrom: string | undefined, validUntil: string | undefined, at: Date): void {
  if (validUntil === undefined) return;
  if (Date.parse(validUntil) <= at.getTime()) throw new Rejection('OfferExpired', 'the validity of the offer is over');
  if (validFrom !== undefined && Date.parse(validUntil) <= Date.parse(validFrom)) {
    throw new Rejection('OfferExpired', 'the validity of the offer would be over before it begins');
  }
}

function validUntilOf({ validUntil, validForSeconds }: OfferConfig, at: Date): string | undefined {
  return validForSeconds === undefined ? validUntil : new Date(at.getTime() + validForSeconds * 1000).toISOString();
}

function assignmentId({ offerId }: OfferConfig, endpointId: string, { applicationId, campaign, journey }: OfferInvocation): string {
  const run = [campaign?.id, campaign?.activityId, journey?.id, journey?.runId, journey?.activityId];
  return hash('sha256', JSON.stringify([applicationId, ...run, endpointId, offerId].map((part) => part ?? null)), 'hex').slice(0, ID_LENGTH);
}

/** What is said of the offer, in the names that the CDP sees. */
function attributesOf({ offerId, name, discount, validFrom, validUntil, attributes = {} }: OfferConfig, id: string): Record<string, string> {
  const said: Record<string, string> = {};
  for (const [attribute, value] of Object.entries(attributes)) setOwn(said, `offer_${attribute}`, value);
  said.offer_id = offerId;
  if (name !== undefined) said.offer_name = name;
  if (discount !== undefined) said.offer_discount = discount;
  if (validFrom !== undefined) said.offer_valid_from = validFrom;
  if (validUntil !== undefined) said.offer_valid_until = validUntil;
  said.offer_assignment_id = id;
  return said;
}

/** Of these names, which are at most five, a journey may branch on; in the order of their use to a marketer. */
const REPLIED = ['offer_id', 'offer_name', 'offer_discount', 'offer_valid_until', 'offer_assignment_id'] as const;

/** What the caller is told of an assignment. */
export function replyOf({ event }: Assignment): Record<string, string> {
  return Object.fromEntries(REPLIED.flatMap((name) => event.attributes[name] === undefined ? [] : [[name, event.attributes[name]]]));
}
