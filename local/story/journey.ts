import { createHash } from 'node:crypto';
import type { Profile } from '@aws-sdk/client-customer-profiles';
import { audience } from './audience';
import { OfferCallerKind } from '../../src/contract/offer-caller';
import { Session } from '../session';
import { offerChannels } from '../targets';
import { JsonObject } from '../template/model';

/** The end of the story: a step of a journey invokes the custom channel for two users. */

const STEP = { JourneyId: '3f2e1d0c9b8a47968574635241302f1e', ActivityId: 'a1B2c3D4e5' };
const RECIPIENTS = 2;

/** What the steps send, by the kinds of channels that the app has. */
export function journeySteps(session: Session): JsonObject[] {
  const kinds = new Set(offerChannels(session.host.specs, 'the story').map(({ caller }) => caller.kind));
  return [...kinds].map((kind) => STEPS[kind](session));
}

const STEPS: { readonly [K in OfferCallerKind]: (session: Session) => JsonObject } = { 'pinpoint': ofPinpoint, 'connect-journey': ofConnect };

/** As the documentation writes it, with the members of profiles that were seen in events of the service. */
function ofConnect(session: Session): JsonObject {
  const [campaign, run] = ['5f0c2a4e-8b1d-4e7a-9c3f-2d6b8a0e1f47', '2026-11-27T10-00-00Z'];
  return {
    InvocationMetadata: { CampaignContext: { CampaignId: campaign, RunId: `${campaign}#${run}`, ActionId: 'Give the offer', CampaignName: 'Welcome' } },
    Items: {
      CustomerProfiles: audience(session).slice(0, RECIPIENTS).map((profile) => ({
        ProfileId: profile.ProfileId ?? '', CustomerData: JSON.stringify(customerData(profile)),
        IdempotencyToken: createHash('sha256').update(`${run} ${profile.ProfileId}`).digest('hex'),
      })),
    },
  };
}

function customerData({ ProfileId, FirstName, LastName, EmailAddress, Attributes }: Profile): object {
  return { profileId: ProfileId, firstName: FirstName, lastName: LastName, emailAddress: EmailAddress, attributes: Attributes };
}

/** As samples of AWS read it: the service publishes no payload of a journey. */
function ofPinpoint({ services: { pinpoint } }: Session): JsonObject {
  const endpoints = [...pinpoint.apps.values()].flatMap((app) => Object.values(app.endpoints))
    .filter(({ ChannelType, OptOut, User }) => ChannelType === 'EMAIL' && OptOut !== 'ALL' && User?.UserId !== undefined);
  return {
    Message: {},
    ...STEP,
    Data: JSON.stringify({ store: 'Lisbon' }),
    Endpoints: Object.fromEntries(endpoints.slice(0, RECIPIENTS).map((endpoint) => [endpoint.Id ?? '', plain(endpoint)])),
  };
}

/** As JSON has it. */
function plain(value: object): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject;
}
