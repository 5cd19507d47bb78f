import { textAt, valueAt } from './paths';
import { tell } from './told';
import { TELLING_CHANGES } from '../../../src/contract/campaign-objects';
import type { EngagementType } from '../../../src/contract/engagement-stream-to-cdp';
import type { EngagementEvent } from '../../engagement';
import { isObject } from '../../mapping/values';
import { Rejection } from '../../runtime/errors';
import type { Arrival } from '../../runtime/stream-batch';
import { isoTimestamp } from '../../runtime/timestamp';
import { digest } from '../digest';
import { Body, defined, member } from '../members';

export interface ReadOptions {
  /** Whose objects are read. */
  readonly domainName: string;
  /** The types of the objects that campaigns write; all others are somebody's data, or what we write ourselves. */
  readonly objectTypeNames: ReadonlySet<string>;
}

/** The record of a change in a domain as an event, or the reason for which it is dropped. */
export function readEvent(
  body: Body, arrival: Arrival, wanted: ReadonlySet<EngagementType> | undefined, options: ReadOptions,
): EngagementEvent | string {
  const objectType = member(body, 'ObjectTypeName');
  if (objectType === undefined) throw new Rejection('MissingObjectType', 'the record has no ObjectTypeName');
  if (member(body, 'DomainName') !== options.domainName) return 'OtherDomain';
  if (!options.objectTypeNames.has(objectType)) return 'OtherObjectType';
  if (!TELLING_CHANGES.includes(String(body.EventType))) return 'OtherChange';
  const { Object: object } = body;
  if (!isObject(object)) throw new Rejection('MissingObject', 'the record has no Object');
  const eventType = textAt(object, 'eventType');
  if (eventType === undefined) throw new Rejection('MissingEventType', 'the object has no campaign_event_type');
  const told = tell(object, objectType, eventType);
  if (wanted && !wanted.has(told.type)) return 'NotWanted';
  const profileId = member(body, 'AssociatedProfileId');
  if (profileId === undefined) throw new Rejection('MissingUser', 'the record has no AssociatedProfileId');
  const { address, attributes, ...details } = told;
  return {
    id: eventId(body, object, objectType, eventType),
    sourceType: `${objectType}.${eventType}`,
    at: isoTimestamp(valueAt(object, 'at')) ?? isoTimestamp(body.EventTimestamp) ?? arrival.at,
    userId: undefined,
    endpointId: profileId,
    address: textAt(object, 'address') ?? address,
    messageId: textAt(object, 'messageId'),
    campaign: campaignOf(object),
    ...details,
    attributes: defined({ ...attributes, ...attributesOf(object) }),
    metrics: {},
  };
}

/**
 * Of the event and not of the change: an object that is updated in any other way, or exported once more, tells of the same event. Type and status
 * belong to it, since one object may be updated by what happens next. Without an id and a time of the event, the time of the change stands in.
 */
function eventId(body: Body, object: Body, objectType: string, eventType: string): string {
  const id = textAt(object, 'eventId');
  const key = member(body, 'ProfileObjectUniqueKey');
  if (id === undefined && key === undefined) throw new Rejection('MissingEventId', 'neither a campaign_event_id nor a ProfileObjectUniqueKey');
  const what = [eventType, textAt(object, 'smsStatus')];
  return digest([body.DomainName, objectType, ...id === undefined ? [key, ...what, valueAt(object, 'at') ?? body.EventTimestamp] : [id, ...what]]);
}

function campaignOf(object: Body): EngagementEvent['campaign'] {
  const [id, activityId] = [textAt(object, 'campaignId'), textAt(object, 'activityId')];
  return id === undefined && activityId === undefined ? undefined : { id, activityId };
}

function attributesOf(object: Body): Record<string, string | undefined> {
  return {
    campaign_name: textAt(object, 'campaignName'),
    campaign_run_id: textAt(object, 'runId'),
    segment_arn: textAt(object, 'segmentArn'),
    outbound_request_id: textAt(object, 'requestId'),
    channel_subtype: textAt(object, 'channelSubtype'),
    endpoint_type: textAt(object, 'addressType'),
  };
}
