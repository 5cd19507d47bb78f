import { mParticleEvent, mParticleIdentities } from '../../../../lambda-src/formats/outbound/mparticle';
import { nameOf } from '../../../../lambda-src/formats/outbound/names';
import { rudderStackTrack } from '../../../../lambda-src/formats/outbound/rudderstack';
import { segmentTrack } from '../../../../lambda-src/formats/outbound/segment';
import { tealiumEvent } from '../../../../lambda-src/formats/outbound/tealium';
import { ENGAGEMENT_EVENT_TYPES } from '../../../../src/contract/engagement-stream-to-cdp';
import { eventOf, RECORDS } from '../../support/engagement';

const plain = (value: unknown): any => JSON.parse(JSON.stringify(value));

test.each([
  ['email-send', 'Email Sent'], ['email-delivered', 'Email Delivered'], ['email-hardbounce', 'Email Bounced'], ['email-softbounce', 'Email Bounced'],
  ['email-complaint', 'Email Marked as Spam'], ['email-open', 'Email Opened'], ['email-click', 'Email Link Clicked'], ['email-unsubscribe', 'Unsubscribed'],
  ['email-rejected', 'Email Rejected'], ['sms-success', 'SMS Delivered'], ['sms-buffered', 'SMS Sent'], ['sms-optout', 'SMS Unsubscribed'],
  ['campaign-send', 'Campaign Message Sent'], ['campaign-holdout', 'Campaign Message Not Sent'], ['journey-send', 'Journey Message Sent'],
  ['session-stop', 'Session Stopped'], ['custom', 'Offer.Seen'],
])('%s is %s', (fixture, name) => {
  expect(nameOf(eventOf(fixture))).toBe(name);
});

test('every type has a name', () => {
  for (const type of ENGAGEMENT_EVENT_TYPES) expect(nameOf(eventOf('custom', { type }))).not.toBe('');
});

test('Segment: a hard bounce, as its e-mail spec has it', () => {
  const event = eventOf('email-hardbounce');
  expect(plain(segmentTrack(event))).toEqual({
    type: 'track',
    messageId: event.id,
    event: 'Email Bounced',
    timestamp: '2026-11-23T10:01:00.500Z',
    userId: 'ann',
    context: { traits: { email: 'ann@example.com' } },
    properties: {
      email_id: '0100-message-000000',
      email_subject: 'An offer',
      status: '5.1.1',
      journey_id: '546401670c5547b08811ac6a9example',
      journey_run_id: 'edc9a0b577164d1daf72ebd15example',
      journey_activity_id: '0yKexample',
      bounce_type: 'Permanent',
      bounce_sub_type: 'General',
      bounce_reason: 'smtp; 550 5.1.1 user unknown',
      channel: 'EMAIL',
      endpoint_id: 'ann:EMAIL',
      source_type: '_email.hardbounce',
    },
  });
});

test('Segment: a click has its link, and who clicked', () => {
  const { properties, context } = plain(segmentTrack(eventOf('email-click')));
  expect(properties).toMatchObject({ link_url: 'https://example.com/offer', campaign_id: '4f8d6097c2e8400fa3081d875example', email_subject: 'An offer' });
  expect(context).toEqual({ traits: { email: 'ann@example.com' }, ip: '203.0.113.7', userAgent: 'Mail/1.0' });
});

test('Segment: who has no user id is known by the endpoint; a text message has a telephone number', () => {
  const track = plain(segmentTrack(eventOf('journey-send')));
  expect(track).toMatchObject({ anonymousId: 'endpoint-9' });
  expect(track).not.toHaveProperty('userId');
  expect(plain(segmentTrack(eventOf('sms-success'))).context).toEqual({ traits: { phone: '+14255550199' } });
});

test('an attribute of the event never takes the place of what the service says', () => {
  const { properties } = segmentTrack(eventOf('email-open', { attributes: { email_id: 'forged', source_type: 'forged', __proto__: 'x' } as Record<string, string> }));
  expect(properties).toMatchObject({ email_id: '0100-message-000000', source_type: '_email.open' });
});

test('messageIds are shorter than 100 characters', () => {
  for (const name of Object.keys(RECORDS).filter((one) => one !== 'test')) expect(eventOf(name).id.length).toBeLessThan(100);
});

test('RudderStack: the same, from a server', () => {
  const event = eventOf('email-open');
  expect(plain(rudderStackTrack(event))).toEqual({ ...plain(segmentTrack(event)), channel: 'server', originalTimestamp: event.at });
});

test('mParticle: a custom event with text attributes only, under one identity', () => {
  const event = eventOf('sms-success');
  expect(plain(mParticleEvent(event))).toEqual({
    event_type: 'custom_event',
    data: {
      event_name: 'SMS Delivered',
      custom_event_type: 'other',
      source_message_id: event.id,
      timestamp_unixtime_ms: 1795428000000,
      custom_attributes: expect.objectContaining({ price_in_millicents_usd: '645', message_id: 'sms-1', address: '+14255550199' }),
    },
  });
  expect(mParticleIdentities(event)).toEqual({ customer_id: 'user-7' });
  expect(mParticleIdentities(eventOf('journey-send'))).toEqual({ other: 'endpoint-9' });
});

test('Tealium: flat, no dot in a name', () => {
  const event = eventOf('custom', { address: '+1' });
  expect(tealiumEvent(event)).toEqual({
    tealium_event: 'offer_seen',
    tealium_visitor_id: 'ann',
    user_id: 'ann',
    event_id: event.id,
    event_timestamp: event.at,
    offer_id: '20_OFF',
    message_id: 'mine',
    price_total: 12.5,
    endpoint_id: 'ann:EMAIL',
    source_type: 'Offer.Seen',
    address: '+1',
  });
  expect(tealiumEvent(eventOf('sms-optout', { address: '+1' }))).toMatchObject({ phone_number: '+1' });
  expect(tealiumEvent(eventOf('email-click'))).toMatchObject({ tealium_event: 'email_link_clicked', email_address: 'ann@example.com' });
});
