import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { UsageError } from './errors';
import { Message } from './messages';
import { isObject } from './template/model';

export interface FeedRecord {
  readonly data: Buffer;
  readonly partitionKey: string;
}

/** Limits of PutRecords and of a record.
 * @see https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html */
// The service takes 500; kinesis-local takes longer per record the more a call brings.
const RECORDS_PER_CALL = 100;
const BYTES_PER_CALL = 5 * 1024 * 1024;
const BYTES_PER_RECORD = 1024 * 1024;
const KEY_LENGTH = 256;

const ATTEMPTS = 20;
const BACKOFF_MS = 50;

/** One record a message; all messages of a user go to one shard, in order. */
export function feedRecords(messages: readonly Message[], format: string): FeedRecord[] {
  return messages.map((message, index) => recordOf(message, userOf(message.value, format) ?? String(index + 1)));
}

/**
 * One record an engagement event, of the given application whatever the file says. Which key Amazon Pinpoint takes is not published;
 * the endpoint keeps the order of what happened to it.
 */
export function engagementFeed(messages: readonly Message[], applicationId?: string): FeedRecord[] {
  return messages.map((message, index) => recordOf(ofApplication(message, applicationId), clientOf(message.value) ?? String(index + 1)));
}

/**
 * One record a change in a domain: the given one, whatever the file says. Profiles get their ids in the run, so that a file may have the CDP's id of
 * the user in the place of the profile's. Which partition key Customer Profiles takes is not published.
 */
export function changeFeed(messages: readonly Message[], domainName: string, profileOf: (userId: string) => string | undefined): FeedRecord[] {
  return messages.map((message, index) => {
    const { AssociatedProfileId: said, ...change } = message.value as Record<string, unknown>;
    const AssociatedProfileId = typeof said === 'string' ? profileOf(said) ?? said : said;
    const data = JSON.stringify({ ...change, DomainName: domainName, AssociatedProfileId });
    return recordOf({ ...message, data }, typeof AssociatedProfileId === 'string' ? AssociatedProfileId : String(index + 1));
  });
}

function ofApplication(message: Message, applicationId: string | undefined): Message {
  const { value } = message;
  if (applicationId === undefined || !isObject(value) || !isObject(value.application) || !('app_id' in value.application)) return message;
  return { ...message, data: JSON.stringify({ ...value, application: { ...value.application, app_id: applicationId } }) };
}

function recordOf({ data: text, source }: Message, key: string): FeedRecord {
  const partitionKey = key.slice(0, KEY_LENGTH);
  const data = Buffer.from(text);
  if (data.length + Buffer.byteLength(partitionKey) > BYTES_PER_RECORD) throw new UsageError(`${source}: larger than a Kinesis record (1 MiB)`);
  return { data, partitionKey };
}

function clientOf(value: unknown): string | undefined {
  const id = isObject(value) && isObject(value.client) ? value.client.client_id : undefined;
  return typeof id === 'string' && id !== '' ? id : undefined;
}

/** Who a message is about; undefined when it does not say. */
export function userOf(value: unknown, format: string): string | undefined {
  if (!isObject(value)) return undefined;
  if (format === 'cloudevents' || format === 'auto' && isObject(value.data)) return userOf(value.data, 'auto');
  const candidates = format === 'auto' ? Object.values(USER_MEMBERS).flatMap((members) => members(value)) : (USER_MEMBERS[format] ?? spec)(value);
  const id = candidates.find((one) => (typeof one === 'string' && one !== '') || typeof one === 'number');
  return id === undefined ? undefined : String(id);
}

type Members = (value: Readonly<Record<string, unknown>>) => unknown[];

const spec: Members = (value) => [value.userId, value.user_id, value.anonymousId, value.anonymous_id];

/** Where each vocabulary names the user, by preference. */
const USER_MEMBERS: Readonly<Record<string, Members>> = {
  segment: spec,
  rudderstack: spec,
  mparticle: ({ user_identities: identities, mpid }) => [isObject(identities) ? identities.customer_id ?? identities.customerid : undefined, mpid],
  tealium: ({ user_id: user, customer_id: customer, tealium_visitor_id: visitor, shared }) =>
    [user, customer, visitor, isObject(shared) ? shared.tealium_visitor_id : undefined],
  pinpoint: (value) => [userOfEndpoint(value), Array.isArray(value.Item) ? userOfEndpoint(value.Item[0]) : undefined, value.Id, soleKey(value)],
};

const userOfEndpoint = (endpoint: unknown): unknown => isObject(endpoint) && isObject(endpoint.User) ? endpoint.User.UserId : undefined;

/** `{ "<endpoint id>": { Endpoint, Events } }` */
function soleKey(value: object): string | undefined {
  const [key, ...others] = Object.keys(value);
  return others.length === 0 ? key : undefined;
}

/** As many records as one call takes. */
export function calls(records: readonly FeedRecord[]): FeedRecord[][] {
  const batches: FeedRecord[][] = [];
  let bytes = 0;
  for (const record of records) {
    const size = record.data.length + Buffer.byteLength(record.partitionKey);
    const last = batches[batches.length - 1];
    if (last && last.length < RECORDS_PER_CALL && bytes + size <= BYTES_PER_CALL) {
      last.push(record);
      bytes += size;
    } else {
      batches.push([record]);
      bytes = size;
    }
  }
  return batches;
}

/** Puts records in order; what a call did not take is put again before anything else. */
export async function feed(client: KinesisClient, streamName: string, records: readonly FeedRecord[], signal: AbortSignal): Promise<void> {
  for (const batch of calls(records)) {
    signal.throwIfAborted();
    await putAll(client, streamName, batch);
  }
}

async function putAll(client: KinesisClient, streamName: string, batch: readonly FeedRecord[]): Promise<void> {
  let left = batch;
  for (let attempt = 1; left.length > 0; attempt += 1) {
    const { Records = [] } = await client.send(new PutRecordsCommand({
      StreamName: streamName,
      Records: left.map(({ data, partitionKey }) => ({ Data: data, PartitionKey: partitionKey })),
    }));
    left = left.filter((_record, index) => !Records[index]?.SequenceNumber);
    if (left.length > 0 && attempt >= ATTEMPTS) throw new Error(`the stream ${streamName} does not take ${left.length} records`);
    if (left.length > 0) await new Promise((resolve) => setTimeout(resolve, BACKOFF_MS * attempt));
  }
}
