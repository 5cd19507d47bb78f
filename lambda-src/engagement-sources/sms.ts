import { digest, pseudonym } from './digest';
import type { EngagementSourceAdapter } from './index';
import { Body, member, nested } from './members';
import type { SmsEngagementSourceConfig } from '../../src/contract/engagement-source';
import type { EngagementType } from '../../src/contract/engagement-stream-to-cdp';
import { SMS_EVENT_TYPES } from '../../src/contract/sms-events';
import type { EngagementEvent } from '../engagement';
import { scalar, setOwn } from '../mapping/values';
import { Rejection } from '../runtime/errors';
import type { Arrival } from '../runtime/stream-batch';
import { isoTimestamp } from '../runtime/timestamp';

/**
 * AWS End User Messaging SMS: one event a record, as the service publishes it.
 * @see https://docs.aws.amazon.com/end-user-messaging/latest/userguide/nx-features-messaging-events.html
 */
export function createSmsSource({ userIdContextKey }: SmsEngagementSourceConfig): EngagementSourceAdapter {
  return { read: (body, arrival, wanted) => readEvent(body, arrival, wanted, userIdContextKey) };
}

function readEvent(body: Body, arrival: Arrival, wanted: ReadonlySet<EngagementType> | undefined, userIdKey: string): EngagementEvent | string {
  const sourceType = member(body, 'eventType');
  if (sourceType === undefined) throw new Rejection('MissingEventType', 'the event has no eventType');
  const type = SMS_EVENT_TYPES.get(sourceType) ?? 'CUSTOM';
  if (wanted && !wanted.has(type)) return 'NotWanted';
  const context = nested(body, 'context');
  const userId = member(context, userIdKey);
  const address = member(body, 'destinationPhoneNumber');
  const messageId = member(body, 'messageId');
  // Without it, events of two messages to one number would have one id.
  if (messageId === undefined) throw new Rejection('MissingMessageId', 'the event has no messageId');
  if (userId === undefined && address === undefined) throw new Rejection('MissingUser', 'the event names neither a user nor a telephone number');
  return {
    id: digest([messageId, sourceType, address, body.eventTimestamp, body.messageStatus]),
    type,
    sourceType,
    at: isoTimestamp(body.eventTimestamp) ?? arrival.at,
    userId,
    endpointId: userId === undefined ? pseudonym('phone', address!) : undefined,
    channel: sourceType.startsWith('VOICE_') ? 'VOICE' : 'SMS',
    address,
    messageId,
    status: member(body, 'messageStatus'),
    attributes: { ...contextOf(context, userIdKey), ...attributesOf(body) },
    metrics: metricsOf(body),
  };
}

/** What the sender has given the message along, for itself. */
function contextOf(context: Body, userIdKey: string): Record<string, string> {
  const given: Record<string, string> = {};
  for (const name in context) {
    const value = scalar(context[name]);
    if (value !== undefined && name !== userIdKey) setOwn(given, name, value);
  }
  return given;
}

const ATTRIBUTES: Readonly<Record<string, string>> = {
  isFinal: 'is_final',
  messageStatusDescription: 'status_description',
  messageType: 'message_type',
  originationPhoneNumber: 'origination_phone_number',
  carrierName: 'carrier_name',
  isoCountryCode: 'country_code',
  mcc: 'mcc',
  mnc: 'mnc',
};

function attributesOf(body: Body): Record<string, string> {
  return Object.fromEntries(Object.entries(ATTRIBUTES).flatMap(([name, ours]) => {
    const value = member(body, name);
    return value === undefined ? [] : [[ours, value]];
  }));
}

const METRICS: Readonly<Record<string, string>> = {
  totalMessageParts: 'message_parts', totalMessagePrice: 'message_price', totalCarrierFee: 'carrier_fee',
};

function metricsOf(body: Body): Record<string, number> {
  return Object.fromEntries(Object.entries(METRICS).flatMap(([name, ours]) => typeof body[name] === 'number' ? [[ours, body[name]]] : []));
}
