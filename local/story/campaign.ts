import type { EndpointResponse } from '@aws-sdk/client-pinpoint';
import { feed } from '../feed';
import { App } from '../services/pinpoint/app';
import { EngagementRecord, endpointContext, record } from '../services/pinpoint/engagement-records';
import { entryOf } from '../services/pinpoint/event-stream';
import { Session } from '../session';
import { engagementStreams } from '../targets';
import { JsonObject } from '../template/model';

/** The second half of the story: a campaign is sent to everybody with an e-mail address, and something comes back. */

const CAMPAIGN = { campaign_id: 'b1d3c5e7f9a0415c8e2d4f6a8b0c2d4e', campaign_activity_id: '0f1e2d3c4b5a49788796a5b4c3d2e1f0', treatment_id: '0' };
const SUBJECT = 'Our autumn sale';
const SECOND = 1000;

/** So that nothing happens in the future. */
const LONG_AGO = 600 * SECOND;

/** Whose address the receiving server says it does not know. */
const BOUNCES = 'ben';

/** Who is there in an app that has nobody who would create them. */
const SOMEBODY: readonly { readonly id: string; readonly user: string; readonly address: string }[] = [
  { id: 'ana:EMAIL', user: 'ana', address: 'ana.silva@example.com' },
  { id: 'ben:EMAIL', user: 'ben', address: 'ben@example.com' },
];

export async function sendCampaign(session: Session, signal: AbortSignal): Promise<void> {
  for (const app of session.services.pinpoint.apps.values()) {
    const records = recipientsIn(app).flatMap((endpoint) => recordsOf(app.options.id, endpoint));
    if (app.publish) app.publish(records);
    else await feedDirectly(session, records, signal);
  }
}

/** The event stream of the application was set up elsewhere: its records still reach the construct's stream. */
async function feedDirectly(session: Session, records: readonly EngagementRecord[], signal: AbortSignal): Promise<void> {
  const entries = records.map(entryOf).map(({ Data, PartitionKey }) => ({ data: Data, partitionKey: PartitionKey }));
  for (const stream of engagementStreams(session.mappings, 'the story').keys()) await feed(session.kinesis(), stream, entries, signal);
}

function recipientsIn(app: App): EndpointResponse[] {
  if (Object.keys(app.endpoints).length === 0) {
    app.update(SOMEBODY.map(({ id, user, address }) =>
      ({ id, path: id, update: { ChannelType: 'EMAIL', Address: address, User: { UserId: user } } })));
  }
  const all = Object.values(app.endpoints);
  return all.filter(({ ChannelType, OptOut, EndpointStatus }) => ChannelType === 'EMAIL' && OptOut !== 'ALL' && EndpointStatus === 'ACTIVE');
}

/** The order in which Amazon Pinpoint writes them; e-mail events carry the time of sending, and none of them the user. */
function recordsOf(applicationId: string, endpoint: EndpointResponse): EngagementRecord[] {
  const endpointId = endpoint.Id ?? '';
  const sentAt = Date.now() - LONG_AGO;
  const happening = (type: string, afterMs: number) => ({ applicationId, type, endpointId, at: sentAt, arrivedAt: sentAt + afterMs });
  const email = (name: string, afterMs: number, event: JsonObject) => record(happening(`_email.${name}`, afterMs), {
    attributes: { ...CAMPAIGN, feedback: name },
    client_context: { custom: { legacy_identifier: applicationId } },
    facets: { email_channel: { mail_event: { mail: mailOf(endpoint, sentAt), ...event } } },
  });
  const sent = record(happening('_campaign.send', 0), {
    attributes: { ...CAMPAIGN, delivery_type: 'EMAIL', campaign_send_status: 'SUCCESS' }, client_context: endpointContext(endpoint),
  });
  const outcome = endpoint.User?.UserId === BOUNCES
    ? [email('hardbounce', 3 * SECOND, { bounce: bounceOf(endpoint) })]
    : [
      email('delivered', 2 * SECOND, { delivery: deliveryOf(endpoint) }),
      email('open', 60 * SECOND, { open: { ip_address: '192.0.2.10', user_agent: 'Mozilla/5.0' } }),
      email('click', 75 * SECOND, { click: { ip_address: '192.0.2.10', user_agent: 'Mozilla/5.0', link: 'https://shop.example.com/sale' } }),
    ];
  return [sent, email('send', 0, { send: {} }), ...outcome];
}

function mailOf({ Id = '', Address = '' }: EndpointResponse, sentAt: number): JsonObject {
  return {
    message_id: `local-${Id}`,
    message_send_timestamp: sentAt,
    from_address: 'shop@example.com',
    destination: [Address],
    headers_truncated: false,
    headers: [],
    common_headers: { from: 'shop@example.com', to: [Address], subject: SUBJECT },
  };
}

function deliveryOf({ Address = '' }: EndpointResponse): JsonObject {
  return { smtp_response: '250 2.6.0 Message received', reporting_mta: 'mail.example.com', recipients: [Address], processing_time_millis: 900 };
}

/** No record of a bounce is published: the fields are those of AWS's own samples that read them. */
function bounceOf({ Address = '' }: EndpointResponse): JsonObject {
  const recipient = { email_address: Address, action: 'failed', status: '5.1.1', diagnostic_code: 'smtp; 550 5.1.1 user unknown' };
  return {
    bounce_type: 'Permanent',
    bounce_sub_type: 'General',
    bounced_recipients: [recipient],
    feedback_id: `local-${Address}`,
    reporting_mta: 'dsn; mail.example.com',
  };
}
