import type { OfferConfig, OfferRulesConfig } from '../../src/contract/offer';
import type { Invited, OfferInvocation } from '../offer-callers';
import { Assignment, assign } from './assign';
import { CompletedOffer, completeOffer } from './data';
import { Rejection } from '../runtime/errors';

/** What became of one recipient. */
export type Given =
  | { readonly invited: Invited; readonly assignment: Assignment }
  | { readonly invited: Invited; readonly rejection: Rejection };

/** Pure: every recipient of an invocation gets an assignment or a reason for having none, whatever the others are. */
export function giveOffers(invocation: OfferInvocation, rules: OfferRulesConfig, at: Date): { given: Given[]; dataIgnored: boolean } {
  const completed = attempt(() => completeOffer(rules, invocation.data));
  const given = invocation.recipients.map((invited): Given => {
    if (completed instanceof Rejection) return { invited, rejection: completed };
    const assignment = attempt(() => give(completed.offer, invited, invocation, rules, at));
    return assignment instanceof Rejection ? { invited, rejection: assignment } : { invited, assignment };
  });
  return { given, dataIgnored: !(completed instanceof Rejection) && (completed as CompletedOffer).ignored };
}

function give(offer: OfferConfig, invited: Invited, invocation: OfferInvocation, rules: OfferRulesConfig, at: Date): Assignment {
  return assign(offer, invited.read(), invocation, rules, at);
}

/** An error of our own about one recipient must not cost the others theirs either. */
function attempt<T>(work: () => T): T | Rejection {
  try {
    return work();
  } catch (error) {
    return error instanceof Rejection ? error : new Rejection('Unreadable', `reading it failed: ${(error as Error).name}`);
  }
}
