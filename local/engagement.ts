import { RefusedError, UsageError } from './errors';
import { FeedRecord, feed } from './feed';
import { Session } from './session';
import { engagementKinds, engagementStreams } from './targets';
import { JsonObject, isObject } from './template/model';
import { EngagementSourceKind } from '../src/contract/engagement-source';

/** Which service an engagement event is of, and how it gives it to the app. */
interface Service {
  readonly name: string;
  tells(value: JsonObject): boolean;
  give(session: Session, records: readonly FeedRecord[], signal: AbortSignal): Promise<void>;
}

/** In the order in which an event is recognized; what nobody knows is one of the last. */
const SERVICES: { readonly [K in EngagementSourceKind]: Service } = {
  ses: {
    name: 'Amazon SES',
    tells: ({ source, detail }) => source === 'aws.ses' && isObject(detail),
    give: async ({ messaging: { mail } }, records) => records.forEach((record) => mail.publish(objectIn(record))),
  },
  sms: {
    name: 'AWS End User Messaging',
    tells: ({ eventType, eventVersion }) => typeof eventType === 'string' && eventVersion !== undefined,
    give: async ({ messaging: { texts } }, records) => {
      for (const { data } of records) await texts.publish(data.toString('utf8'));
    },
  },
  pinpoint: {
    name: 'Amazon Pinpoint',
    tells: () => true,
    give: async (session, records, signal) => {
      for (const stream of engagementStreams(session.mappings, '--engagement', 'pinpoint')) await feed(session.kinesis(), stream, records, signal);
    },
  },
};

/** Gives each event to the service that tells of it, which publishes it as the app has set it up. */
export async function giveEngagement(session: Session, records: readonly FeedRecord[], signal: AbortSignal): Promise<void> {
  const kinds = engagementKinds(session.mappings);
  // An app without our constructs: its streams get everything.
  if (kinds.size === 0) return SERVICES.pinpoint.give(session, records, signal);
  const byKind = new Map<EngagementSourceKind, FeedRecord[]>();
  for (const record of records) {
    const kind = kindOf(record);
    byKind.set(kind, [...byKind.get(kind) ?? [], record]);
  }
  const strange = [...byKind.keys()].find((kind) => !kinds.has(kind));
  if (strange) {
    const known = [...kinds].map((kind) => SERVICES[kind].name).join(' and ');
    throw new RefusedError('--engagement', `the app reads events of ${known}, and some of these are of ${SERVICES[strange].name}`);
  }
  for (const [kind, ofKind] of byKind) await SERVICES[kind].give(session, ofKind, signal);
}

function kindOf(record: FeedRecord): EngagementSourceKind {
  const value = objectIn(record);
  return (Object.keys(SERVICES) as EngagementSourceKind[]).find((kind) => SERVICES[kind].tells(value))!;
}

function objectIn({ data }: FeedRecord): JsonObject {
  const value: unknown = JSON.parse(data.toString('utf8'));
  if (!isObject(value)) throw new UsageError('--engagement: an event is a JSON object');
  return value;
}
