import { Session } from '../session';
import { JsonObject } from '../template/model';

/** The end of the story: a step of a journey invokes the custom channel for two users. */

const STEP = { JourneyId: '3f2e1d0c9b8a47968574635241302f1e', ActivityId: 'a1B2c3D4e5' };
const RECIPIENTS = 2;

/** What the step sends, as samples of AWS read it: the service publishes no payload of a journey. */
export function journeyStep({ services: { pinpoint } }: Session): JsonObject {
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
