import type { EngagementEvent } from '../../../lambda-src/engagement';
import { pseudonym } from '../../../lambda-src/engagement-sources/digest';
import { createSmsSource } from '../../../lambda-src/engagement-sources/sms';
import type { EngagementType } from '../../../src/contract/engagement-stream-to-cdp';
import events from '../../fixtures/sms/events.json';
import { ARRIVED, Raw } from '../support/engagement';

type Name = keyof typeof events;
const raw = (name: Name): Raw => structuredClone(events[name]);
const read = (body: Raw, wanted?: ReadonlySet<EngagementType>, userIdContextKey = 'userId') =>
  createSmsSource({ kind: 'sms', userIdContextKey }).read(body, ARRIVED, wanted) as EngagementEvent;

test('everything that an event says', () => {
  expect(read(raw('delivered'))).toEqual({
    id: expect.stringMatching(/^[0-9a-f]{32}$/),
    type: 'SMS_SUCCESS',
    sourceType: 'TEXT_DELIVERED',
    at: '2026-11-23T08:00:03.500Z',
    userId: 'user-97980',
    channel: 'SMS',
    address: '+14255550199',
    messageId: '862a8790-60f9-4430-8b8e-1d3a2f5c7a01',
    status: 'DELIVERED',
    attributes: {
      order: '4711',
      is_final: 'true',
      status_description: 'Message has been accepted by phone',
      message_type: 'TRANSACTIONAL',
      origination_phone_number: '+12065550100',
      carrier_name: 'Example Wireless',
      country_code: 'US',
      mcc: '310',
      mnc: '800',
    },
    metrics: { message_parts: 1, message_price: 0.00581, carrier_fee: 0.00255 },
  });
});

/** The values of the API, and what they become. */
const STATUSES: Readonly<Record<string, EngagementType>> = {
  SENT: 'SMS_BUFFERED',
  PENDING: 'SMS_BUFFERED',
  QUEUED: 'SMS_BUFFERED',
  SUCCESSFUL: 'SMS_SUCCESS',
  DELIVERED: 'SMS_SUCCESS',
  INVALID: 'SMS_FAILURE',
  INVALID_MESSAGE: 'SMS_FAILURE',
  UNREACHABLE: 'SMS_FAILURE',
  CARRIER_UNREACHABLE: 'SMS_FAILURE',
  BLOCKED: 'SMS_FAILURE',
  CARRIER_BLOCKED: 'SMS_FAILURE',
  SPAM: 'SMS_FAILURE',
  UNKNOWN: 'SMS_FAILURE',
  TTL_EXPIRED: 'SMS_FAILURE',
  PROTECT_BLOCKED: 'SMS_FAILURE',
};

test.each(Object.entries(STATUSES))('%s is %s, of text and of media messages', (status, type) => {
  for (const eventType of [`TEXT_${status}`, `MEDIA_${status}`]) {
    expect(read({ ...raw('pending'), eventType, messageStatus: status })).toMatchObject({ type, sourceType: eventType, status, channel: 'SMS' });
  }
});

test.each([['VOICE_ANSWERED', 'VOICE'], ['RCS_READ', 'SMS'], ['TEXT_NEW', 'SMS'], ['__proto__', 'SMS']])('%s is handed on as it is', (eventType, channel) => {
  expect(read({ ...raw('voice'), eventType })).toMatchObject({ type: 'CUSTOM', sourceType: eventType, channel });
});

test('without its user it is the number’s', () => {
  const { userId, endpointId, address } = read(raw('withoutContext'));
  expect({ userId, endpointId, address }).toEqual({ userId: undefined, endpointId: pseudonym('phone', '+14255550199'), address: '+14255550199' });
});

test('the key of the context can be chosen', () => {
  expect(read(raw('delivered'), undefined, 'order')).toMatchObject({ userId: '4711', attributes: { userId: 'user-97980' } });
});

test('what is not wanted', () => {
  expect(read(raw('pending'), new Set<EngagementType>(['SMS_FAILURE']))).toBe('NotWanted');
  expect(read(raw('unknown'), new Set<EngagementType>(['SMS_FAILURE']))).toMatchObject({ type: 'SMS_FAILURE', status: 'UNKNOWN' });
});

test.each<[string, (body: Raw) => void]>([
  ['MissingEventType', (body) => delete body.eventType],
  ['MissingMessageId', (body) => delete body.messageId],
  ['MissingUser', (body) => { delete body.context; delete body.destinationPhoneNumber; }],
])('%s', (code, spoil) => {
  const body = raw('delivered');
  spoil(body);
  expect(() => read(body)).toThrow(expect.objectContaining({ code }));
});

test('each event of a message has an id of its own, and a second delivery the same', () => {
  const ids = (Object.keys(events) as Name[]).map((name) => read(raw(name)).id);
  expect(new Set(ids).size).toBe(ids.length);
  expect((Object.keys(events) as Name[]).map((name) => read(raw(name)).id)).toEqual(ids);
});
