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
    read: (raw) => {
      const profiles = profilesOf(raw);
      if (!profiles) throw new Rejection('InvalidInvocation', 'the payload has no Items.CustomerProfiles');
      return {
        applicationId: instanceArn,
        journey: journeyOf(raw as Body),
        data: undefined,
        recipients: profiles.map((profile, index) => ({
          endpointId: idOf(profile, index), read: () => recipientOf(profile, userIdAttribute),
        })),
      };
    },
    named: (raw) => (profilesOf(raw) ?? []).map(idOf),
    only: (raw, ids) => {
      const CustomerProfiles = (profilesOf(raw) ?? []).filter((profile, index) => ids.includes(idOf(profile, index)));
      return { ...raw as Body, Items: { CustomerProfiles } };
    },
    reply: (told, refused) => ({
      Items: {
        CustomerProfiles: [
          ...[...told].map(([Id, ResultData]) => ({ Id, ResultData })),
          ...[...refused].filter(([id]) => !told.has(id) && !id.startsWith(NAMELESS)).map(([Id, errorCode]) => ({ Id, ResultData: { errorCode } })),
        ],
      },
    }),
  };
}

function profilesOf(raw: unknown): readonly unknown[] | undefined {
  const items = isObject(raw) ? raw.Items : undefined;
  return isObject(items) && Array.isArray(items.CustomerProfiles) ? items.CustomerProfiles as unknown[] : undefined;
}

/** Begins what stands in for the id of a profile that has none; ids are hexadecimal digits. */
const NAMELESS = '#';

function idOf(profile: unknown, index: number): string {
  const id = isObject(profile) ? profile.ProfileId : undefined;
  return typeof id === 'string' && id !== '' ? id : `${NAMELESS}${index}`;
}

function journeyOf(raw: Body): OfferInvocation['journey'] {
  const context = member(member(raw, 'InvocationMetadata'), 'CampaignContext');
  const [id, runId, activityId] = [text(context, 'CampaignId'), text(context, 'RunId'), text(context, 'ActionId')];
  return (id ?? runId ?? activityId) === undefined ? undefined : { id, runId, activityId };
}

function recipientOf(profile: unknown, userIdAttribute: string): Recipient {
  if (!isObject(profile)) throw new Rejection('InvalidProfile', 'the profile is not an object');
  const endpointId = text(profile, 'ProfileId');
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
