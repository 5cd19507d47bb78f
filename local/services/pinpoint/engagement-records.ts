import type { EndpointResponse, Event } from '@aws-sdk/client-pinpoint';
import { ACCOUNT_ID } from '../../environment';
import { JsonObject } from '../../template/model';

/**
 * A record of an event stream, in the form of the samples that the Developer Guide publishes.
 * @see https://docs.aws.amazon.com/pinpoint/latest/developerguide/event-streams-data.html
 */
export interface EngagementRecord {
  readonly event_type: string;
  readonly event_timestamp: number;
  readonly arrival_timestamp: number;
  readonly event_version: string;
  readonly application: { readonly app_id: string; readonly sdk: JsonObject };
  readonly client: { readonly client_id: string };
  readonly device: { readonly platform: JsonObject };
  readonly session: JsonObject;
  readonly attributes: Readonly<Record<string, string | null>>;
  readonly metrics?: Readonly<Record<string, number>>;
  readonly client_context?: { readonly custom: Readonly<Record<string, string>> };
  readonly awsAccountId: string;
  readonly facets?: JsonObject;
}

/** What a record is about. */
export interface Happening {
  readonly applicationId: string;
  readonly type: string;
  readonly endpointId: string;
  /** Milliseconds; e-mail events carry the time of sending here. */
  readonly at: number;
  /** Milliseconds; left out: at once. */
  readonly arrivedAt?: number;
}

export function record({ applicationId, type, endpointId, at, arrivedAt = at }: Happening, rest: Partial<EngagementRecord> = {}): EngagementRecord {
  return {
    event_type: type,
    event_timestamp: at,
    arrival_timestamp: arrivedAt,
    event_version: '3.1',
    application: { app_id: applicationId, sdk: {} },
    client: { client_id: endpointId },
    device: { platform: {} },
    session: {},
    attributes: {},
    awsAccountId: ACCOUNT_ID,
    ...rest,
  };
}

/** Written when an event stream is set up. Its content is not published: what is known is its type. */
export function testRecord(applicationId: string): EngagementRecord {
  return record({ applicationId, type: '_test.event_stream', endpointId: 'test', at: Date.now() });
}

/** An event that an application sent by PutEvents. */
export function applicationRecord(applicationId: string, endpointId: string, event: Event): EngagementRecord {
  const { EventType = '', Timestamp = '', Attributes = {}, Metrics = {}, Session, SdkName } = event;
  const sdk: JsonObject = SdkName === undefined ? {} : { name: SdkName };
  const session: JsonObject = Session ? { session_id: Session.Id ?? '', start_timestamp: Date.parse(Session.StartTimestamp ?? '') } : {};
  return record(
    { applicationId, type: EventType, endpointId, at: Date.parse(Timestamp), arrivedAt: Date.now() },
    { application: { app_id: applicationId, sdk }, event_version: '3.0', attributes: Attributes, metrics: Metrics, session },
  );
}

/** The endpoint as campaigns and journeys write it: a JSON text, without its address. */
export function endpointContext(endpoint: EndpointResponse): EngagementRecord['client_context'] {
  const { ChannelType, EndpointStatus, OptOut, EffectiveDate, Attributes, User } = endpoint;
  return { custom: { endpoint: JSON.stringify({ ChannelType, EndpointStatus, OptOut, EffectiveDate, Attributes, User: User ?? {} }) } };
}
