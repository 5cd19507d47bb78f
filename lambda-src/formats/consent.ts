import { isObject, scalar, setOwn } from '../mapping/values';

type Body = Readonly<Record<string, unknown>>;

/** What Segment knows of a subscription, in either case. @see https://segment.com/docs/engage/user-subscriptions/set-user-subscriptions/ */
const STATUSES: readonly string[] = ['SUBSCRIBED', 'UNSUBSCRIBED', 'DID_NOT_SUBSCRIBE'];

/**
 * Consent and subscriptions in the context of a message, as the traits `consent.<category>` (true or false) and
 * `subscriptions.<channel>` (a status). Which category stands for messages is for a rule to say.
 * @see https://segment.com/docs/privacy/consent-management/consent-in-segment-connections/#consent-object
 * @see https://www.rudderstack.com/docs/data-governance/consent-management/passing-consent/
 */
export function consentTraits(context: Body, cut: (reason: string) => void): Body {
  const consent: Record<string, unknown> = {};
  const { categoryPreferences } = objectOf(context.consent);
  for (const [category, given] of Object.entries(objectOf(categoryPreferences))) if (typeof given === 'boolean') setOwn(consent, category, given);
  const { allowedConsentIds, deniedConsentIds } = objectOf(context.consentManagement);
  // What is both was denied.
  for (const [ids, given] of [[allowedConsentIds, true], [deniedConsentIds, false]] as const) {
    for (const id of Array.isArray(ids) ? ids : []) if (typeof id === 'string' && id !== '') setOwn(consent, id, given);
  }
  const subscriptions = subscriptionsOf(context.messaging_subscriptions, cut);
  return { ...Object.keys(consent).length > 0 && { consent }, ...Object.keys(subscriptions).length > 0 && { subscriptions } };
}

/** One status a channel: of several addresses whoever has unsubscribed one does not want to hear by another. */
function subscriptionsOf(raw: unknown, cut: (reason: string) => void): Body {
  const found: Record<string, string> = {};
  for (const subscription of Array.isArray(raw) ? raw.filter(isObject) : []) {
    const type = scalar(subscription.type)?.toUpperCase();
    const status = scalar(subscription.status)?.toUpperCase();
    if (type === undefined || status === undefined || !STATUSES.includes(status)) cut('UnknownSubscription');
    else if (!Object.hasOwn(found, type) || status === 'UNSUBSCRIBED') setOwn(found, type, status);
  }
  return found;
}

const objectOf = (value: unknown): Body => isObject(value) ? value : {};
