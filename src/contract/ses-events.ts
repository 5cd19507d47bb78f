import type { EngagementType } from './engagement-stream-to-cdp';

/**
 * What Amazon SES calls the events that each of our types comes from. A bounce is hard or soft, a change of a subscription is an
 * unsubscription or, as CUSTOM, another change, and so is a complaint that says the message was no spam.
 * @see https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html
 */
export const SES_EVENT_TYPES: { readonly [K in EngagementType]?: readonly string[] } = {
  EMAIL_SEND: ['Send'],
  EMAIL_DELIVERED: ['Delivery'],
  EMAIL_HARD_BOUNCE: ['Bounce'],
  EMAIL_SOFT_BOUNCE: ['Bounce'],
  EMAIL_COMPLAINT: ['Complaint'],
  EMAIL_OPEN: ['Open'],
  EMAIL_CLICK: ['Click'],
  EMAIL_REJECTED: ['Reject'],
  EMAIL_UNSUBSCRIBE: ['Subscription'],
  EMAIL_RENDERING_FAILURE: ['Rendering Failure'],
  EMAIL_DELIVERY_DELAY: ['DeliveryDelay'],
  CUSTOM: ['Subscription', 'Complaint'],
};
