import { ARRIVED, formatConfig } from './formats';
import { MAPPING, TARGET_OPTIONS } from './mapping';
import type { Sourced } from '../../../lambda-src/endpoint-targets';
import { KnownEndpoint, usersToLookUp } from '../../../lambda-src/endpoint-targets/pinpoint/known';
import { planChanges } from '../../../lambda-src/endpoint-targets/pinpoint/plan';
import { createFormat } from '../../../lambda-src/formats';
import { createMapper } from '../../../lambda-src/mapping';
import { changesOf as ask } from '../../../lambda-src/mapping/changes';
import type { Outcome } from '../../../lambda-src/model';
import type { CdpFormatKind } from '../../../src/contract/cdp-format';

/** Messages of a CDP as a target gets them. */
export function changesOf(kind: CdpFormatKind, bodies: readonly object[], config = MAPPING): Sourced[] {
  const format = createFormat(formatConfig(kind));
  const map = createMapper(config);
  return bodies.flatMap((body, message) => format.split(body).flatMap((part) =>
    format.read(part as Record<string, unknown>, ARRIVED, () => undefined)
      .flatMap((said) => ask(said, map, () => undefined)).map((change) => ({ change, message }))));
}

export interface Planned {
  readonly stages: { readonly endpoints: any[]; readonly events: any[]; readonly deletions: string[] }[];
  readonly outcomes: Record<number, Outcome>;
  readonly cuts: string[];
}

export const profiles = (...bodies: object[]): Sourced[] => changesOf('segment', bodies);

export type Known = Readonly<Record<string, readonly Partial<KnownEndpoint>[] | undefined>>;

/** A plan in short. Users that the plan needs and `known` leaves out are as the service answers for users it has never seen. */
export function plan(changes: readonly Sourced[], known: Known = {}, lookUp = true): Planned {
  const cuts: string[] = [];
  const users = lookUp ? usersToLookUp(changes) : [];
  const answers = new Map(users.map((user) => [user, user in known ? known[user] as KnownEndpoint[] : []] as const));
  const { stages, outcomes } = planChanges(changes, answers, { ...TARGET_OPTIONS, cut: (_, reason) => void cuts.push(reason) });
  return {
    stages: stages.map(({ endpoints, events, deletions }) => ({
      endpoints: endpoints.map(({ endpoint }) => endpoint),
      events: events.map(({ endpointId, eventId, event, endpoint }) => ({ endpointId, eventId, event, endpoint })),
      deletions: deletions.map(({ userId }) => userId),
    })),
    outcomes: Object.fromEntries(outcomes), cuts,
  };
}

export const identifyOf = (userId: string, traits: object, extra: object = {}) =>
  ({ type: 'identify', userId, traits, timestamp: '2026-11-23T10:00:00.000Z', ...extra });

export const trackOf = (userId: string, event = 'e', extra: object = {}) =>
  ({ type: 'track', userId, event, messageId: `${userId}-${event}`, timestamp: '2026-11-23T10:00:00.000Z', ...extra });

export const deleteOf = (userId: string) => ({ type: 'delete', userId });
