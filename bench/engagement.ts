import type { KinesisStreamEvent } from 'aws-lambda';
import { atMost, ratioOf, Result } from './result';
import { batches, randomFrom } from './workload';
import { createDelivery } from '../lambda-src/delivery';
import { packItems } from '../lambda-src/delivery/pack';
import { DestinationAdapter, Item, joined } from '../lambda-src/destinations/destination';
import { SEGMENT_LIMITS, segmentDestination } from '../lambda-src/destinations/segment';
import { createPinpointSource } from '../lambda-src/engagement-sources/pinpoint';
import { readEvents } from '../lambda-src/engagement-stream-to-cdp/events';

const SOURCE = {
  kind: 'pinpoint', applicationId: 'bench', endpointId: '{userId}:{channel}', lookUpEndpoints: false, getEndpointPerSecond: 10,
} as const;
const DESTINATION = { kind: 'segment', url: 'https://api.segment.io', writeKey: { secretArn: 'arn' } } as const;
const SECRETS = { get: async () => 'key', renew: async () => undefined };

/** Everything the handler does between the stream and HTTP: decode, map, encode, pack. */
function createPipeline(): (event: KinesisStreamEvent) => string[] {
  const source = createPinpointSource(SOURCE);
  const destination = adapter();
  return ({ Records }) => {
    const messages = readEvents(Records, source, undefined);
    const items = new Array<Item>(messages.length);
    for (let index = 0; index < messages.length; index += 1) items[index] = destination.encode(messages[index].event!);
    return packItems(items, destination.limits).map((request) => `{"batch":[${joined(request)}]}`);
  };
}

const OK = { status: 200, headers: new Headers(), body: '' };
const adapter = (): DestinationAdapter => segmentDestination(DESTINATION, { secrets: SECRETS, send: async () => OK });

/** What no implementation can do without: the records' base64 and JSON, and the JSON of the same requests. */
function createFloor(events: readonly KinesisStreamEvent[]): () => number {
  const pipeline = createPipeline();
  const outputs = events.map((event) => pipeline(event).map((body) => JSON.parse(body) as object));
  return () => {
    let length = 0;
    events.forEach(({ Records }, index) => {
      for (const { kinesis } of Records) length += Object.keys(JSON.parse(Buffer.from(kinesis.data, 'base64').toString('utf8')) as object).length;
      for (const request of outputs[index]) length += JSON.stringify(request).length;
    });
    return length;
  };
}

export async function benchEngagement(): Promise<Result[]> {
  const events = batches(engagementRecords());
  const pipeline = createPipeline();
  const ratio = await ratioOf(() => events.forEach(pipeline), createFloor(events));
  return [
    atMost('CPU per engagement event: decode, map, encode ÷ JSON floor', ratio, 2),
    atMost('HTTP requests ÷ ideal batches', await requestsRatio(events), 1.05),
  ];
}

/** Requests that a delivery makes against the fewest that the documented limits allow for the same bytes. */
async function requestsRatio(events: readonly KinesisStreamEvent[]): Promise<number> {
  const source = createPinpointSource(SOURCE);
  let used = 0;
  let ideal = 0;
  const destination = { ...adapter(), send: async () => ({ kind: 'done' as const }) };
  for (const { Records } of events) {
    const found = readEvents(Records, source, undefined).map(({ event }) => event!);
    const delivery = createDelivery(DESTINATION, { destination, secrets: SECRETS });
    const meter = { count: (metric: string, value: number) => void (used += metric === 'Requests' ? value : 0) };
    await delivery.deliver(found, { deadline: Date.now() + 60_000, meter });
    const bytes = found.reduce((sum, event) => sum + destination.encode(event).bytes + 1, 0);
    ideal += Math.max(Math.ceil(found.length / SEGMENT_LIMITS.items), Math.ceil(bytes / (500 * 1024)));
  }
  return used / ideal;
}

/** Of 10,000 events mostly e-mail, as a campaign leaves behind, with its sends and some text messages. */
function engagementRecords(count = 10_000): object[] {
  const random = randomFrom(2);
  const mails = (['send', 'delivered', 'open', 'click'] as const).map((kind) => (n: number) => mailOf(kind, n));
  const kinds = [sendOf, ...mails, smsOf];
  return Array.from({ length: count }, (_, index) => kinds[Math.floor(random() * kinds.length)](index));
}

const CAMPAIGN = { campaign_id: '4f8d6097c2e8400fa3081d875bench', treatment_id: '0', campaign_activity_id: '5473285727f04865bc673e527bench' };

function envelope(type: string, index: number, channel: string): object {
  return {
    event_type: type,
    event_timestamp: 1_795_000_000_000 + index,
    arrival_timestamp: 1_795_000_000_500 + index,
    event_version: '3.1',
    application: { app_id: 'bench', sdk: {} },
    client: { client_id: `user-${index % 4_000}:${channel}` },
    device: { platform: {} },
    session: {},
    awsAccountId: '111122223333',
    userId: `user-${index % 4_000}`,
  };
}

function sendOf(index: number): object {
  const endpoint = { ChannelType: 'EMAIL', EndpointStatus: 'ACTIVE', OptOut: 'NONE', EffectiveDate: '2026-11-23T10:00:00.000Z', User: { UserId: `user-${index % 4_000}` } };
  return {
    ...envelope('_campaign.send', index, 'EMAIL'),
    attributes: { ...CAMPAIGN, delivery_type: 'EMAIL', campaign_send_status: 'SUCCESS', campaign_type: null },
    client_context: { custom: { endpoint: JSON.stringify(endpoint) } },
  };
}

function smsOf(index: number): object {
  return {
    ...envelope('_SMS.SUCCESS', index, 'SMS'),
    metrics: { price_in_millicents_usd: 645 },
    attributes: {
      ...CAMPAIGN,
      sender_request_id: `request-${index}`,
      origination_phone_number: '+12065550142',
      destination_phone_number: '+14255550199',
      record_status: 'DELIVERED',
      iso_country_code: 'US',
      number_of_message_parts: '1',
      message_id: `message-${index}`,
      message_type: 'Promotional',
    },
  };
}

const AGENT = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_14_6) AppleWebKit/605.1.15 (KHTML, like Gecko)';
const DETAILS = {
  send: {},
  delivered: { delivery: { smtp_response: '250 ok', reporting_mta: 'a.example.com', recipients: ['ann@example.com'], processing_time_millis: 1310 } },
  open: { open: { ip_address: '203.0.113.7', user_agent: AGENT } },
  click: { click: { ip_address: '203.0.113.7', user_agent: AGENT, link: 'https://www.example.com/offer?id=1' } },
};

function mailOf(kind: keyof typeof DETAILS, index: number): object {
  const headers = ['From', 'To', 'Subject', 'MIME-Version', 'Content-Type'].map((name) => ({ name, value: `value of ${name}` }));
  const mail = {
    message_id: `0200000073rnbmd1-mbvdg3uo-${index}-000000`,
    message_send_timestamp: 1_795_000_000_000,
    from_address: 'sender@example.com',
    destination: ['ann@example.com'],
    headers_truncated: false,
    headers,
    common_headers: { from: 'sender@example.com', to: ['ann@example.com'], subject: 'An offer for you' },
  };
  return { ...envelope(`_email.${kind}`, index, 'EMAIL'), attributes: { ...CAMPAIGN, feedback: kind }, facets: { email_channel: { mail_event: { mail, ...DETAILS[kind] } } } };
}
