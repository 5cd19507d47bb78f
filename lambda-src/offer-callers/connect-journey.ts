import type { OfferCallerAdapter, OfferInvocation, Recipient } from '.';
import type { ConnectJourneyOfferCallerConfig } from '../../src/contract/offer-caller';
import { identifier, isObject } from '../mapping/values';
import { Rejection } from '../runtime/errors';

type Body = Readonly<Record<string, unknown>>;

/**
 * The custom action of a journey of Amazon Connect. It wants an answer for each profile that it names, at most 32 KB long: what is told of
 * an offer has at most five texts, whose lengths are bounded, and is shorter.
 * @see https://docs.aws.amazon.com/connect/latest/adminguide/lambda-invoke-functions.html
 */
export function createConnectJourneyCaller({ instanceArn, userIdAttribute, budgetSeconds }: ConnectJourneyOfferCallerConfig): OfferCallerAdapter {
  return {
    budgetMillis: budgetSeconds * 1000,
    read: (raw) => ({ applicationId: instanceArn, ...invocationOf(raw, userIdAttribute) }),
    named: (raw) => keysOf(profilesOf(raw) ?? []),
    only: (raw) => {
      const profiles = profilesOf(raw) ?? [];
      const places = new Map(keysOf(profiles).map((key, index) => [key, index]));
      return (keys) => ({ ...raw as Body, Items: { CustomerProfiles: keys.map((key) => profiles[places.get(key)!]) } });
    },
    reply: (raw, told, refused) => {
      const asked = new Set((profilesOf(raw) ?? []).flatMap((profile) => idOf(profile) ?? []));
      return { Items: { CustomerProfiles: [...asked].map((Id) => ({ Id, ResultData: told.get(Id) ?? { errorCode: refused.get(Id) } })) } };
    },
  };
}

function invocationOf(raw: unknown, userIdAttribute: string): OfferInvocation {
  const profiles = profilesOf(raw);
  if (!profiles) throw new Rejection('InvalidInvocation', 'the payload has no Items.CustomerProfiles');
  const keys = keysOf(profiles);
  const recipients = profiles.map((profile, index) => ({ endpointId: keys[index], read: () => recipientOf(profile, userIdAttribute) }));
  return { journey: journeyOf(raw as Body), data: undefined, recipients };
}

function profilesOf(raw: unknown): readonly unknown[] | undefined {
  const items = isObject(raw) ? raw.Items : undefined;
  return isObject(items) && Array.isArray(items.CustomerProfiles) ? items.CustomerProfiles as unknown[] : undefined;
}

/** What tells the profiles of one invocation apart: their ids. One that has none, or that an earlier one has, is known by its place. */
function keysOf(profiles: readonly unknown[]): string[] {
  const taken = new Set<string>();
  return profiles.map((profile, index) => {
    const id = idOf(profile);
    const key = id === undefined || taken.has(id) ? `#${index}` : id;
    taken.add(key);
    return key;
  });
}

function idOf(profile: unknown): string | undefined {
  return isObject(profile) ? text(profile, 'ProfileId') : undefined;
}

function journeyOf(raw: Body): OfferInvocation['journey'] {
  const context = member(member(raw, 'InvocationMetadata'), 'CampaignContext');
  const [id, runId, activityId] = [text(context, 'CampaignId'), text(context, 'RunId'), text(context, 'ActionId')];
  return (id ?? runId ?? activityId) === undefined ? undefined : { id, runId, activityId };
}

function recipientOf(profile: unknown, userIdAttribute: string): Recipient {
  if (!isObject(profile)) throw new Rejection('InvalidProfile', 'the profile is not an object');
  const endpointId = idOf(profile);
  if (endpointId === undefined) throw new Rejection('InvalidProfile', 'the profile has no ProfileId');
  const data = dataOf(profile.CustomerData);
  const userId = identifier(member(data, 'attributes')[userIdAttribute], userIdAttribute) ?? identifier(data.accountNumber, 'accountNumber');
  // The documentation writes `email`, the service `emailAddress`.
  const address = text(data, 'emailAddress') ?? text(data, 'email');
  return {
    endpointId, userId, occasion: text(profile, 'IdempotencyToken'),
    // The action sends nothing: the address is only of use to whoever does not know the user.
    ...userId === undefined && address !== undefined ? { channel: 'EMAIL', address } : {},
  };
}

/** An object as JSON text; a profile of which nothing is told has none. */
function dataOf(raw: unknown): Body {
  if (raw === undefined || raw === null || raw === '') return {};
  const data = typeof raw === 'string' ? parsed(raw) : raw;
  if (!isObject(data)) throw new Rejection('InvalidProfile', 'CustomerData is not an object');
  return data;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new Rejection('InvalidProfile', 'CustomerData is not JSON');
  }
}

function member(body: Body, name: string): Body {
  const value = body[name];
  return isObject(value) ? value : {};
}

function text(body: Body, name: string): string | undefined {
  const value = body[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
