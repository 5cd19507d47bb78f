import type { EngagementEvent } from '../../engagement';
import { lazy } from '../../runtime/dead-letters';
import { before } from '../../runtime/deadline';
import { inParallel, Pace } from '../../runtime/pace';
import { serviceFailure } from '../../runtime/service-failure';
import type { SourceMeter } from '../index';
import { Answer, RememberedUsers } from '../remembered-users';

/** The user of an endpoint; undefined when the service does not know the endpoint, or no user of it. */
export type GetEndpoint = (endpointId: string, deadline: number) => Promise<string | undefined>;

const LOOK_UPS_IN_FLIGHT = 4;

/** Finds the users of events that name an endpoint only. */
export function endpointUsers(getEndpoint: GetEndpoint): RememberedUsers {
  return new RememberedUsers({
    idOf: (event) => namesEndpointOnly(event) ? event.endpointId : undefined,
    ask: async (endpointIds, deadline, meter) => {
      const answers = new Map<string, Answer>();
      await inParallel(LOOK_UPS_IN_FLIGHT, endpointIds, async (endpointId) => {
        meter.count('Requests', 1);
        const answer = getEndpoint(endpointId, deadline).then((userId): Answer => ({ userId }));
        answers.set(endpointId, await answer.catch((error: unknown) => afterFailure(error, meter)));
      });
      return answers;
    },
  });
}

function afterFailure(error: unknown, meter: SourceMeter): Answer {
  const { kind, code } = serviceFailure(error, 'Amazon Pinpoint');
  meter.count(code === 'TooManyRequestsException' ? 'RequestsThrottled' : 'RequestsFailed', 1);
  // An application may give its events any client id; one that can't be asked for would hold up the stream.
  return kind === 'items' ? {} : { code };
}

/**
 * A transactional e-mail has a made-up client id and no campaign or journey; asking for it would only use up the quota.
 * @see https://docs.aws.amazon.com/pinpoint/latest/developerguide/event-streams-data-email.html
 */
function namesEndpointOnly({ userId, endpointId, channel, campaign, journey }: EngagementEvent): boolean {
  return userId === undefined && endpointId !== undefined && (channel !== 'EMAIL' || campaign !== undefined || journey !== undefined);
}

/** Each attempt takes a turn of the quota; what fails comes again with the record. */
const MAX_ATTEMPTS = 1;
const REQUEST_TIMES = { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true };

type LoadPinpoint = () => Promise<Pick<typeof import('@aws-sdk/client-pinpoint'), 'GetEndpointCommand' | 'NotFoundException' | 'PinpointClient'>>;
const importPinpoint: LoadPinpoint = () => import('@aws-sdk/client-pinpoint');

/** Within its share of the quota; the client is loaded when the first user has to be asked for. */
export function pinpointGetEndpoint(ApplicationId: string, perSecond: number, loadPinpoint: LoadPinpoint = importPinpoint): GetEndpoint {
  const pace = new Pace(perSecond);
  const load = lazy(async () => {
    const { GetEndpointCommand, NotFoundException, PinpointClient } = await loadPinpoint();
    return { client: new PinpointClient({ maxAttempts: MAX_ATTEMPTS, requestHandler: REQUEST_TIMES }), GetEndpointCommand, NotFoundException };
  });
  return async (EndpointId, deadline) => {
    const { client, GetEndpointCommand, NotFoundException } = await load();
    await pace.turn(deadline);
    try {
      const command = new GetEndpointCommand({ ApplicationId, EndpointId });
      const { EndpointResponse } = await before(deadline, (abortSignal) => client.send(command, { abortSignal }));
      return EndpointResponse?.User?.UserId || undefined;
    } catch (error) {
      if (error instanceof NotFoundException) return undefined;
      throw error;
    }
  };
}
