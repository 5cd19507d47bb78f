import { metricsOf, restOf } from './attributes';
import { eventId } from './event-id';
import { Mail, mailOf } from './mail';
import { Body, member, nested } from '../members';
import { Carrier, carrierOf } from './user';
import type { EngagementType } from '../../../src/contract/engagement-stream-to-cdp';
import { PINPOINT_EVENT_TYPES, PINPOINT_TEST_EVENT_TYPE } from '../../../src/contract/pinpoint-events';
import { ENDPOINT_UPDATE_EVENT, OWN_SDK_NAME } from '../../endpoint-targets/pinpoint/names';
import type { EngagementEvent } from '../../engagement';
import { scalar } from '../../mapping/values';
import { Rejection } from '../../runtime/errors';
import type { Arrival } from '../../runtime/stream-batch';

export interface ReadOptions {
  /** Whose events are read. */
  readonly applicationId: string;
  /** The user that an endpoint's id names. */
  readonly userOf: (endpointId: string) => string | undefined;
}

const TYPES = new Map(Object.entries(PINPOINT_EVENT_TYPES).map(([type, name]) => [name, type as EngagementType]));

/** The record of one event, or the reason for which it is dropped. */
export function readEvent(
  body: Body, arrival: Arrival, options: ReadOptions, wanted?: ReadonlySet<EngagementType>, text?: string,
): EngagementEvent | string {
  const sourceType = member(body, 'event_type');
  if (sourceType === undefined) throw new Rejection('MissingEventType', 'the event has no event_type');
  const type = TYPES.get(sourceType) ?? 'CUSTOM';
  const reason = unwanted(sourceType, nested(body, 'application'), options.applicationId) ?? (wanted && !wanted.has(type) ? 'NotWanted' : undefined);
  if (reason !== undefined) return reason;
  const attributes = nested(body, 'attributes');
  const carrier = carrierOf(body, attributes, options.userOf);
  if (carrier.userId === undefined && carrier.endpointId === undefined) {
    throw new Rejection('MissingUser', 'the event names neither a user nor an endpoint');
  }
  return eventOf(body, attributes, type, sourceType, carrier, arrival, text);
}

function unwanted(sourceType: string, application: Body, applicationId: string): string | undefined {
  if (sourceType === PINPOINT_TEST_EVENT_TYPE) return 'TestEvent';
  // Several applications may write to one stream, and each has a CDP of its own.
  const sender = member(application, 'app_id');
  if (sender !== undefined && sender !== applicationId) return 'OtherApplication';
  // What CdpEndpointSync writes; the CDP would hear its own words.
  return sourceType === ENDPOINT_UPDATE_EVENT || nested(application, 'sdk').name === OWN_SDK_NAME ? 'OwnEvent' : undefined;
}

/** Written as one literal: every event has the same shape, whatever is known of it. */
function eventOf(
  body: Body, attributes: Body, type: EngagementType, sourceType: string, carrier: Carrier, arrival: Arrival, text?: string,
): EngagementEvent {
  const service = isService(sourceType);
  const mail: Mail = sourceType.startsWith('_email.') ? mailOf(body, attributes, type) : NO_MAIL;
  const sms = sourceType.startsWith('_SMS.');
  const at = timeOf(body, type);
  return {
    id: eventId(body, text, at === undefined ? arrival.at : undefined),
    type,
    sourceType,
    at: at ?? arrival.at,
    userId: carrier.userId,
    endpointId: carrier.endpointId,
    channel: channelOf(sourceType, attributes, carrier),
    address: mail.address ?? (sms ? member(attributes, 'destination_phone_number') : undefined) ?? carrier.address,
    messageId: mail.messageId ?? (sms ? member(attributes, 'message_id') : undefined),
    subject: mail.subject,
    campaign: service ? campaignOf(attributes) : undefined,
    journey: service ? journeyOf(attributes) : undefined,
    status: mail.status ?? (service ? statusOf(attributes) : undefined),
    link: mail.link,
    bounce: mail.bounce,
    complaint: mail.complaint,
    userAgent: mail.userAgent,
    ip: mail.ip,
    attributes: restOf(attributes, service, mail.smtpResponse),
    metrics: metricsOf(body.metrics),
  };
}

const NO_MAIL: Mail = {};

/** What the service itself sends uses attributes of its own; everywhere else they are the application's. */
const isService = (sourceType: string): boolean => /^_(?:email|SMS|campaign|journey)\./.test(sourceType);

/**
 * The service dates what happens to an e-mail by its sending, so the arrival is nearer to the truth for all but the sending.
 * @see https://docs.aws.amazon.com/pinpoint/latest/developerguide/event-streams-data-email.html
 */
function timeOf(body: Body, type: EngagementType): string | undefined {
  const byArrival = type !== 'EMAIL_SEND' && type.startsWith('EMAIL_');
  const { event_timestamp: event, arrival_timestamp: arrived } = body;
  return byArrival ? iso(arrived) ?? iso(event) : iso(event) ?? iso(arrived);
}

/** Until the year 9999: what is later was not milliseconds. */
const LATEST = 253_402_300_799_999;

function iso(raw: unknown): string | undefined {
  const millis = typeof raw === 'string' ? Number(raw) : raw;
  return typeof millis === 'number' && millis > 0 && millis <= LATEST ? new Date(millis).toISOString() : undefined;
}

function channelOf(sourceType: string, attributes: Body, { channel }: Carrier): string | undefined {
  if (sourceType.startsWith('_email.')) return 'EMAIL';
  if (sourceType.startsWith('_SMS.')) return 'SMS';
  return (isService(sourceType) ? member(attributes, 'delivery_type') ?? member(attributes, 'journey_activity_type') : undefined) ?? channel;
}

function campaignOf(attributes: Body): EngagementEvent['campaign'] {
  const id = member(attributes, 'campaign_id');
  const activityId = member(attributes, 'campaign_activity_id');
  return id === undefined && activityId === undefined ? undefined : { id, activityId, treatmentId: member(attributes, 'treatment_id') };
}

function journeyOf(attributes: Body): EngagementEvent['journey'] {
  const id = member(attributes, 'journey_id');
  const runId = member(attributes, 'journey_run_id');
  if (id === undefined && runId === undefined) return undefined;
  return { id, runId, activityId: member(attributes, 'journey_activity_id') };
}

function statusOf(attributes: Body): string | undefined {
  return scalar(attributes.record_status ?? attributes.campaign_send_status ?? attributes.journey_send_status);
}
