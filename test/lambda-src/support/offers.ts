import { createOfferCaller } from '../../../lambda-src/offer-callers';
import type { OfferRulesConfig } from '../../../src/contract/offer';

export const RULES: OfferRulesConfig = {
  offer: { offerId: '20_OFF', name: '20 % off', discount: '20 %', attributes: { store: 'all' }, validForSeconds: 3600 },
  eventName: 'Offer Assigned',
  dataFields: ['store'],
  withoutUserId: 'anonymousId',
};

export const CALLER = createOfferCaller({ kind: 'pinpoint', applicationId: 'app1', budgetSeconds: 15 });

/** In the shape of https://docs.aws.amazon.com/pinpoint/latest/developerguide/channels-custom.html */
export const endpoint = (user?: string) => ({
  ChannelType: 'EMAIL',
  Address: 'ann@example.com',
  EndpointStatus: 'ACTIVE',
  OptOut: 'NONE',
  Attributes: { CohortId: ['42'] },
  ...user === undefined ? {} : { User: { UserId: user } },
  CreationDate: '2026-04-01T01:05:17.267Z',
});

export const CAMPAIGN = {
  Message: {}, ApplicationId: 'app1', CampaignId: 'campaign1', TreatmentId: '0', ActivityId: 'activity1', ScheduledTime: '2026-11-27T10:00:00.000Z',
};

/** AWS publishes no payload of a journey; its samples read JourneyId. */
export const JOURNEY = { Message: {}, ApplicationId: 'app1', JourneyId: 'journey1', ActivityId: 'step1' };

export const NOW = new Date('2026-11-27T10:00:00.000Z');
