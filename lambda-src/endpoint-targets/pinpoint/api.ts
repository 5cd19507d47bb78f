import {
  DeleteUserEndpointsCommand, GetUserEndpointsCommand, NotFoundException, PinpointClient, PutEventsCommand, UpdateEndpointsBatchCommand,
} from '@aws-sdk/client-pinpoint';
import type { EndpointBatchItem, EventsBatch, EventsResponse } from '@aws-sdk/client-pinpoint';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { PinpointRates } from '../../../src/contract/endpoint-target';
import { before } from '../../runtime/deadline';
import { Pace } from '../../runtime/pace';
import { Failure, serviceFailure } from '../../runtime/service-failure';
import type { TargetMeter } from '../index';
import { paceAttempts } from '../paced';
import { KnownEndpoint, knownEndpoint } from './known';
import { PlainJsonProtocol } from './plain-json';

const CONNECTION_TIMEOUT_MILLIS = 3_000;
const REQUEST_TIMEOUT_MILLIS = 10_000;
/** The SDK's standard retry, with full jitter and Retry-After honoured: at most about a minute in all when throttled, a quarter of that otherwise. */
const MAX_ATTEMPTS = 8;

export const failureOf = (error: unknown): Failure => serviceFailure(error, 'Amazon Pinpoint');

type Operation = keyof PinpointRates;
const OPERATIONS: Readonly<Record<string, Operation>> = {
  UpdateEndpointsBatchCommand: 'updateEndpointsBatch', PutEventsCommand: 'putEvents',
  GetUserEndpointsCommand: 'userEndpoints', DeleteUserEndpointsCommand: 'userEndpoints',
};

/** The calls that the target makes, each attempt within its share of the published quota. */
export class PinpointApi {
  public deadline = 0;
  public meter?: TargetMeter;
  private readonly client: PinpointClient;

  public constructor(private readonly applicationId: string, rates: PinpointRates) {
    const requestHandler = new NodeHttpHandler({
      connectionTimeout: CONNECTION_TIMEOUT_MILLIS, requestTimeout: REQUEST_TIMEOUT_MILLIS, throwOnRequestTimeout: true,
    });
    this.client = new PinpointClient({ maxAttempts: MAX_ATTEMPTS, requestHandler, protocol: PlainJsonProtocol });
    // It would walk over every request once more, for a log that nobody reads.
    this.client.middlewareStack.remove('loggerMiddleware');
    this.pace(rates);
  }

  public async updateEndpoints(items: EndpointBatchItem[]): Promise<void> {
    const command = new UpdateEndpointsBatchCommand({ ApplicationId: this.applicationId, EndpointBatchRequest: { Item: items } });
    await before(this.deadline, (abortSignal) => this.client.send(command, { abortSignal }));
  }

  public async putEvents(batch: Record<string, EventsBatch>): Promise<EventsResponse> {
    const command = new PutEventsCommand({ ApplicationId: this.applicationId, EventsRequest: { BatchItem: batch } });
    const answer = await before(this.deadline, (abortSignal) => this.client.send(command, { abortSignal }));
    return answer.EventsResponse ?? {};
  }

  /** A user that the service does not know has no endpoints. */
  public async userEndpoints(userId: string): Promise<KnownEndpoint[]> {
    const command = new GetUserEndpointsCommand({ ApplicationId: this.applicationId, UserId: userId });
    const answer = await before(this.deadline, (abortSignal) => this.client.send(command, { abortSignal })).catch(orNothing);
    return (answer?.EndpointsResponse?.Item ?? []).map(knownEndpoint);
  }

  /** false: the service does not know the user. */
  public async deleteUser(userId: string): Promise<boolean> {
    const command = new DeleteUserEndpointsCommand({ ApplicationId: this.applicationId, UserId: userId });
    const answer = await before(this.deadline, (abortSignal) => this.client.send(command, { abortSignal })).catch(orNothing);
    return answer !== undefined;
  }

  private pace(rates: PinpointRates): void {
    const paces = {
      updateEndpointsBatch: new Pace(rates.updateEndpointsBatch), putEvents: new Pace(rates.putEvents), userEndpoints: new Pace(rates.userEndpoints),
    };
    paceAttempts(this.client.middlewareStack, (commandName) => paces[OPERATIONS[commandName]], this);
  }
}

function orNothing(error: unknown): undefined {
  if (error instanceof NotFoundException) return undefined;
  throw error;
}

