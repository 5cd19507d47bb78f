import type { OfferCallerAdapter, OfferInvocation, Recipient } from '.';
import type { PinpointOfferCallerConfig } from '../../src/contract/offer-caller';
import { identifier, isObject } from '../mapping/values';
import { Rejection } from '../runtime/errors';

/** What a journey reads of the reply.
 * @see https://docs.aws.amazon.com/pinpoint/latest/developerguide/channels-custom.html */
export const MAX_EVENT_ATTRIBUTES = 5;
/** Characters of an event attribute's name and of its value. */
export const MAX_EVENT_ATTRIBUTE = 128;

type Body = Readonly<Record<string, unknown>>;

/**
 * A custom channel of Amazon Pinpoint. The payload of campaigns is documented; that of journeys is not, and is read as samples of AWS do:
 * `JourneyId` in the place of `CampaignId`. None of the ids is needed.
 */
export function createPinpointCaller({ applicationId, budgetSeconds }: PinpointOfferCallerConfig): OfferCallerAdapter {
  return {
    budgetMillis: budgetSeconds * 1000,
    read: (raw) => {
      if (!isObject(raw)) throw new Rejection('InvalidInvocation', 'the payload is not an object');
      if (!isObject(raw.Endpoints)) throw new Rejection('InvalidInvocation', 'the payload has no Endpoints');
      const from = text(raw, 'ApplicationId');
      if (from !== undefined && from !== applicationId) throw new Rejection('OtherApplication', 'the invocation comes from another application');
      return { ...invocationOf(raw), applicationId };
    },
    named: (raw) => Object.keys(endpointsOf(raw)),
    only: (raw) => (ids) => ({ ...raw as Body, Endpoints: Object.fromEntries(ids.map((id) => [id, endpointsOf(raw)[id]])) }),
    reply: (_, told) => Object.fromEntries([...told].map(([id, attributes]) => [id, { EventAttributes: eventAttributes(attributes) }])),
  };
}

function invocationOf(raw: Body): OfferInvocation {
  const campaignId = text(raw, 'CampaignId');
  const journeyId = text(raw, 'JourneyId');
  const activityId = text(raw, 'ActivityId') ?? text(raw, 'JourneyActivityId');
  return {
    campaign: campaignId === undefined ? undefined : { id: campaignId, activityId, treatmentId: text(raw, 'TreatmentId') },
    // A journey is told by its id; what names neither may be either, and keeps its activity.
    journey: campaignId !== undefined || (journeyId ?? activityId) === undefined ? undefined
      : { id: journeyId, runId: text(raw, 'JourneyRunId'), activityId },
    data: raw.Data,
    recipients: Object.entries(raw.Endpoints as Body).map(([endpointId, endpoint]) => ({
      endpointId,
      read: () => recipientOf(endpointId, endpoint),
    })),
  };
}

function endpointsOf(raw: unknown): Body {
  return isObject(raw) && isObject(raw.Endpoints) ? raw.Endpoints : {};
}

function recipientOf(endpointId: string, endpoint: unknown): Recipient {
  if (endpointId === '') throw new Rejection('InvalidEndpoint', 'the endpoint has no id');
  if (!isObject(endpoint)) throw new Rejection('InvalidEndpoint', 'the endpoint is not an object');
  const user = endpoint.User ?? {};
  if (!isObject(user)) throw new Rejection('InvalidEndpoint', 'User is not an object');
  return {
    endpointId,
    userId: identifier(user.UserId, 'User.UserId'),
    channel: optionalText(endpoint, 'ChannelType'),
    address: optionalText(endpoint, 'Address'),
  };
}

function optionalText(endpoint: Body, name: string): string | undefined {
  const value = endpoint[name];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string') throw new Rejection('InvalidEndpoint', `${name} is not a text`);
  return value;
}

function text(body: Body, name: string): string | undefined {
  const value = body[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function eventAttributes(attributes: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(attributes).slice(0, MAX_EVENT_ATTRIBUTES).map(([name, value]) => [
    name.slice(0, MAX_EVENT_ATTRIBUTE), value.slice(0, MAX_EVENT_ATTRIBUTE),
  ]));
}
