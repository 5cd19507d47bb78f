import type { EngagementEvent } from '../../engagement';
import { setOwn } from '../../mapping/values';

export type Properties = Record<string, unknown>;

/**
 * What an event tells, flat, in the words of Segment's e-mail spec where it has one. The event's own attributes come first, so that none
 * of them takes the place of what the service says.
 * @see https://segment.com/docs/connections/spec/email/
 */
export function propertiesOf(event: EngagementEvent, into: Properties = {}): Properties {
  for (const name in event.attributes) setOwn<unknown>(into, name, event.attributes[name]);
  for (const name in event.metrics) setOwn<unknown>(into, name, event.metrics[name]);
  if (event.channel === 'EMAIL' && event.messageId !== undefined) into.email_id = event.messageId;
  else set(into, 'message_id', event.messageId);
  set(into, 'email_subject', event.subject);
  set(into, 'status', event.status);
  set(into, 'link_url', event.link);
  if (event.campaign) addCampaign(into, event.campaign);
  if (event.journey) addJourney(into, event.journey);
  if (event.bounce) addBounce(into, event.bounce);
  if (event.complaint) set(into, 'complaint_type', event.complaint.type);
  set(into, 'channel', event.channel);
  set(into, 'endpoint_id', event.endpointId);
  into.source_type = event.sourceType;
  return into;
}

function set(into: Properties, name: string, value: string | undefined): void {
  if (value !== undefined) into[name] = value;
}

function addCampaign(into: Properties, { id, activityId, treatmentId }: NonNullable<EngagementEvent['campaign']>): void {
  set(into, 'campaign_id', id);
  set(into, 'campaign_activity_id', activityId);
  set(into, 'treatment_id', treatmentId);
}

function addJourney(into: Properties, { id, runId, activityId }: NonNullable<EngagementEvent['journey']>): void {
  set(into, 'journey_id', id);
  set(into, 'journey_run_id', runId);
  set(into, 'journey_activity_id', activityId);
}

function addBounce(into: Properties, { type, subType, diagnostic }: NonNullable<EngagementEvent['bounce']>): void {
  set(into, 'bounce_type', type);
  set(into, 'bounce_sub_type', subType);
  set(into, 'bounce_reason', diagnostic);
}
