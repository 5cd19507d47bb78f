import type { EngagementEvent } from '../../engagement';
import { Outcome, retry } from '../../model';
import { lazy } from '../../runtime/dead-letters';
import { before } from '../../runtime/deadline';
import { inParallel, Pace } from '../../runtime/pace';
import { RecentMap } from '../../runtime/recent-map';
import { serviceFailure } from '../../runtime/service-failure';
import type { CompleteOptions } from '../index';

/** The user of an endpoint; undefined when the service does not know the endpoint, or no user of it. */
export type GetEndpoint = (endpointId: string, deadline: number) => Promise<string | undefined>;

const MAX_REMEMBERED = 20_000;
/** An endpoint seldom changes its user; what is not known yet may be soon. */
const USER_TTL_MILLIS = 60 * 60_000;
const NOBODY_TTL_MILLIS = 10 * 60_000;
const LOOK_UPS_IN_FLIGHT = 4;
/** The rest of the time is for handing the events on. */
const SHARE_OF_TIME = 0.5;

/** Finds the users of events that name an endpoint only, and remembers them. */
export class EndpointUsers {
  private readonly known = new RecentMap<{ readonly userId?: string }>(MAX_REMEMBERED);

  public constructor(private readonly getEndpoint: GetEndpoint) {}

  public async complete(events: readonly EngagementEvent[], options: CompleteOptions): Promise<(EngagementEvent | Outcome)[]> {
    const now = Date.now();
    const nameless = events.filter(namesEndpointOnly).map(({ endpointId }) => endpointId!);
    const unknown = [...new Set(nameless)].filter((endpointId) => !this.known.get(endpointId, now));
    const failures = await this.lookUp(unknown, now + (options.deadline - now) * SHARE_OF_TIME, options);
    return events.map((event) => namesEndpointOnly(event) ? this.completed(event, event.endpointId!, failures, now) : event);
  }

  private completed(event: EngagementEvent, endpointId: string, failures: ReadonlyMap<string, Outcome>, now: number): EngagementEvent | Outcome {
    const known = this.known.get(endpointId, now);
    if (!known) return failures.get(endpointId) ?? retry('Postponed');
    return known.userId === undefined ? event : { ...event, userId: known.userId };
  }

  private async lookUp(endpointIds: readonly string[], deadline: number, { meter }: CompleteOptions): Promise<Map<string, Outcome>> {
    const failures = new Map<string, Outcome>();
    await inParallel(LOOK_UPS_IN_FLIGHT, endpointIds, async (endpointId) => {
      try {
        meter.count('Requests', 1);
        this.remember(endpointId, await this.getEndpoint(endpointId, deadline));
      } catch (error) {
        const { kind, code } = serviceFailure(error, 'Amazon Pinpoint');
        meter.count(code === 'TooManyRequestsException' ? 'RequestsThrottled' : 'RequestsFailed', 1);
        // An application may give its events any client id; one that can't be asked for would hold up the stream.
        if (kind === 'items') this.remember(endpointId, undefined);
        else failures.set(endpointId, retry(code));
      }
    });
    return failures;
  }

  private remember(endpointId: string, userId: string | undefined): void {
    this.known.set(endpointId, { userId }, Date.now() + (userId === undefined ? NOBODY_TTL_MILLIS : USER_TTL_MILLIS));
  }
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
