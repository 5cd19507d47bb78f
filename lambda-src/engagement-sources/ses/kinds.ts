import { textOf } from './tags';
import type { EngagementType } from '../../../src/contract/engagement-stream-to-cdp';
import type { EngagementEvent } from '../../engagement';
import { isObject, setOwn } from '../../mapping/values';
import { Body, member, nested } from '../members';

/** What one kind of event tells beside the message. */
export interface Details extends Pick<EngagementEvent, 'status' | 'link' | 'bounce' | 'complaint' | 'userAgent' | 'ip'> {
  readonly attributes?: Readonly<Record<string, string | undefined>>;
}

/** How one of the service's events is read. */
export interface Kind {
  /** The member of the event that holds what happened. */
  readonly member: string;
  readonly type: EngagementType | ((what: Body) => EngagementType);
  /**
   * Whom it happened to: a list within that member, all recipients of the message, or one of them, whom the service does not name: it sends
   * each of several recipients the same pixel and the same links.
   */
  readonly recipients: { readonly list: string } | 'all' | 'one';
  readonly details?: (what: Body, recipient: Body) => Details;
}

/** By `eventType`.
 * @see https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html */
export const KINDS: ReadonlyMap<string, Kind> = new Map(Object.entries<Kind>({
  'Send': { member: 'send', type: 'EMAIL_SEND', recipients: 'all' },
  'Delivery': {
    member: 'delivery',
    type: 'EMAIL_DELIVERED',
    recipients: { list: 'recipients' },
    details: (delivery) => ({ attributes: { smtp_response: member(delivery, 'smtpResponse') } }),
  },
  'Bounce': {
    member: 'bounce',
    // Transient and Undetermined: what is not known to be for ever must not cost a user their address.
    type: (bounce) => bounce.bounceType === 'Permanent' ? 'EMAIL_HARD_BOUNCE' : 'EMAIL_SOFT_BOUNCE',
    recipients: { list: 'bouncedRecipients' },
    details: (bounce, recipient) => ({
      status: member(recipient, 'status'),
      bounce: { type: member(bounce, 'bounceType'), subType: member(bounce, 'bounceSubType'), diagnostic: member(recipient, 'diagnosticCode') },
    }),
  },
  'Complaint': {
    member: 'complaint',
    // A provider may also report that a message was taken for spam by mistake.
    type: (complaint) => complaint.complaintFeedbackType === 'not-spam' ? 'CUSTOM' : 'EMAIL_COMPLAINT',
    recipients: { list: 'complainedRecipients' },
    details: (complaint) => ({
      complaint: { type: member(complaint, 'complaintFeedbackType') },
      userAgent: member(complaint, 'userAgent'),
      // OnAccountSuppressionList: nothing was sent, and nobody complained anew.
      attributes: { complaint_sub_type: member(complaint, 'complaintSubType') },
    }),
  },
  'Open': {
    member: 'open',
    type: 'EMAIL_OPEN',
    recipients: 'one',
    details: (open) => ({ ip: member(open, 'ipAddress'), userAgent: member(open, 'userAgent') }),
  },
  'Click': {
    member: 'click',
    type: 'EMAIL_CLICK',
    recipients: 'one',
    details: (click) => ({
      ip: member(click, 'ipAddress'),
      userAgent: member(click, 'userAgent'),
      link: member(click, 'link'),
      attributes: linkTags(nested(click, 'linkTags')),
    }),
  },
  'Reject': { member: 'reject', type: 'EMAIL_REJECTED', recipients: 'all', details: (reject) => ({ status: member(reject, 'reason') }) },
  'Rendering Failure': {
    member: 'failure',
    type: 'EMAIL_RENDERING_FAILURE',
    recipients: 'all',
    details: (failure) => ({ status: member(failure, 'errorMessage'), attributes: { template_name: member(failure, 'templateName') } }),
  },
  'DeliveryDelay': {
    member: 'deliveryDelay',
    type: 'EMAIL_DELIVERY_DELAY',
    recipients: { list: 'delayedRecipients' },
    details: (delay, recipient) => ({
      status: member(recipient, 'status'),
      attributes: { delay_type: member(delay, 'delayType'), delay_reason: member(recipient, 'diagnosticCode') },
    }),
  },
  'Subscription': {
    member: 'subscription',
    type: (subscription) => unsubscribes(subscription) ? 'EMAIL_UNSUBSCRIBE' : 'CUSTOM',
    recipients: 'one',
    details: (subscription) => ({
      attributes: {
        contact_list: member(subscription, 'contactList'),
        subscription_source: member(subscription, 'source'),
        unsubscribe_all: member(nested(subscription, 'newTopicPreferences'), 'unsubscribeAll'),
        opted_out_topics: [...optedOut(subscription, 'newTopicPreferences')].join(',') || undefined,
      },
    }),
  },
}));

function linkTags(tags: Body): Record<string, string | undefined> {
  const attributes: Record<string, string | undefined> = {};
  for (const name in tags) setOwn(attributes, `link_tag_${name}`, textOf(tags[name]));
  return attributes;
}

/** From everything or from one topic more. What does not tell is taken for one: whoever wants no mail must not get it. */
function unsubscribes(subscription: Body): boolean {
  if (!isObject(subscription.newTopicPreferences)) return true;
  if (member(subscription.newTopicPreferences, 'unsubscribeAll') === 'true') return true;
  const before = optedOut(subscription, 'oldTopicPreferences');
  return [...optedOut(subscription, 'newTopicPreferences')].some((topic) => !before.has(topic));
}

function optedOut(subscription: Body, preferences: string): Set<string> {
  const topics = nested(subscription, preferences).topicSubscriptionStatus;
  const listed = Array.isArray(topics) ? topics.filter(isObject) : [];
  return new Set(listed.flatMap((topic) => topic.subscriptionStatus === 'OptOut' ? member(topic, 'topicName') ?? [] : []));
}
