import { isObject } from '../../mapping/values';
import { Body, scalarText } from '../members';

/**
 * Where a campaign's object has what, the first that is there. The rows of the documentation don't agree on the nesting, and no object of a live
 * campaign is published, so that none of these is confirmed.
 * @see https://docs.aws.amazon.com/connect/latest/adminguide/mapping-campaign-objects-to-the-standard-communication-record-in-amazon-connect-customer-profiles.html
 */
export const PATHS = {
  eventId: ['campaign_event_id'],
  eventType: ['campaign_event_type'],
  at: ['campaign_event_timestamp'],
  messageId: ['campaign_message_id'],
  requestId: ['outbound_request_id'],
  channel: ['channel.name', 'engagement.channel.name'],
  channelSubtype: ['channel.subtype', 'engagement.channel.subtype'],
  address: ['endpoint_address', 'engagement.endpoint.endpoint_address'],
  addressType: ['endpoint_type', 'engagement.endpoint.endpoint_type'],
  campaignId: ['campaign_id', 'campaign.campaign_id'],
  campaignName: ['campaign_name', 'campaign.campaign_name'],
  runId: ['campaign_run_id', 'campaign.campaign_run_id'],
  activityId: ['campaign_activity_id', 'campaign.campaign_activity_id'],
  segmentArn: ['segment_arn', 'campaign.segment_arn'],
  smsStatus: ['sms.messageStatus'],
  smsStatusDescription: ['sms.messageStatusDescription'],
} as const;

/** A scalar as it is, or nothing: never an object, which would not be what was looked for. */
export function valueAt(object: Body, name: keyof typeof PATHS): string | number | boolean | undefined {
  const inside = (within: unknown, step: string) => isObject(within) && Object.hasOwn(within, step) ? within[step] : undefined;
  for (const path of PATHS[name]) {
    const value = path.split('.').reduce<unknown>(inside, object);
    if (scalarText(value) !== undefined) return value as string | number | boolean;
  }
  return undefined;
}

export const textAt = (object: Body, name: keyof typeof PATHS): string | undefined => scalarText(valueAt(object, name));
