import { RefusedError } from './errors';
import { changeFeed, engagementFeed, feed } from './feed';
import { Message } from './messages';
import { Session } from './session';
import { engagementKinds, engagementStreams } from './targets';
import { JsonObject, isObject } from './template/model';
import { EngagementSourceKind } from '../src/contract/engagement-source';

/** Which service an engagement event is of, and how it gives it to the app. */
interface Service {
  readonly name: string;
  tells(value: JsonObject): boolean;
  give(session: Session, messages: readonly Message[], signal: AbortSignal): Promise<void>;
}

/** In the order in which an event is recognized; what nobody knows is one of the last. */
const SERVICES: { readonly [K in EngagementSourceKind]: Service } = {
  ses: {
    name: 'Amazon SES',
    tells: ({ source, detail }) => source === 'aws.ses' && isObject(detail),
    give: async ({ messaging: { mail } }, messages) => messages.forEach(({ value }) => mail.publish(value as JsonObject)),
  },
  sms: {
    name: 'AWS End User Messaging',
    tells: ({ eventType, eventVersion }) => typeof eventType === 'string' && eventVersion !== undefined,
    give: async ({ messaging: { texts } }, messages) => {
      for (const { data } of messages) await texts.publish(data);
    },
  },
  customerProfiles: {
    name: 'Amazon Connect Customer Profiles',
    tells: ({ DomainName, ObjectTypeName }) => typeof DomainName === 'string' && typeof ObjectTypeName === 'string',
    give: async (session, messages, signal) => {
      const { customerProfiles } = session.services;
      for (const [stream, domainName = ''] of engagementStreams(session.mappings, '--engagement', 'customerProfiles')) {
        const profileOf = (userId: string) => customerProfiles.domain(domainName).profileOf(userId);
        await feed(session.kinesis(), stream, changeFeed(messages, domainName, profileOf), signal);
      }
    },
  },
  pinpoint: {
    name: 'Amazon Pinpoint',
    tells: () => true,
    give: async (session, messages, signal) => {
      for (const [stream, applicationId] of engagementStreams(session.mappings, '--engagement', 'pinpoint')) {
        await feed(session.kinesis(), stream, engagementFeed(messages, applicationId), signal);
      }
    },
  },
};

/** Gives each event to the service that tells of it, which publishes it as the app has set it up. */
export async function giveEngagement(session: Session, messages: readonly Message[], signal: AbortSignal): Promise<void> {
  const kinds = engagementKinds(session.mappings);
  // An app without our constructs: its streams get everything.
  if (kinds.size === 0) return SERVICES.pinpoint.give(session, messages, signal);
  const byKind = new Map<EngagementSourceKind, Message[]>();
  for (const message of messages) {
    const kind = kindOf(message.value);
    byKind.set(kind, [...byKind.get(kind) ?? [], message]);
  }
  const strange = [...byKind.keys()].find((kind) => !kinds.has(kind));
  if (strange) {
    const known = [...kinds].map((kind) => SERVICES[kind].name).join(' and ');
    throw new RefusedError('--engagement', `the app reads events of ${known}, and some of these are of ${SERVICES[strange].name}`);
  }
  for (const [kind, ofKind] of byKind) await SERVICES[kind].give(session, ofKind, signal);
}

function kindOf(value: unknown): EngagementSourceKind {
  return (Object.keys(SERVICES) as EngagementSourceKind[]).find((kind) => isObject(value) && SERVICES[kind].tells(value)) ?? 'pinpoint';
}
