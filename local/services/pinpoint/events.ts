import type { EndpointItemResponse, EventItemResponse, EventsBatch, EventsRequest, ItemResponse } from '@aws-sdk/client-pinpoint';
import { App } from './app';
import { applicationRecord } from './engagement-records';
import { BadRequest, PinpointError } from './errors';
import { checkEvent, countEvent } from './event-limits';
import { EVENT_LIMITS } from './limits';
import { OperationCall, Operations } from './operation';

const ACCEPTED = { StatusCode: 202, Message: 'Accepted' } as const;

/** Results per item: an invalid event or endpoint doesn't stop the others. What breaks a limit of the request does. */
function putEvents({ app, payload, bytes, itemStatus }: OperationCall) {
  const { BatchItem = {} } = payload as EventsRequest;
  if (bytes > EVENT_LIMITS.requestBytes) throw new PinpointError(413, `larger than ${EVENT_LIMITS.requestBytes} bytes`);
  if (countEvents(payload) > EVENT_LIMITS.eventsPerRequest) throw new BadRequest(`more than ${EVENT_LIMITS.eventsPerRequest} events`);
  const faults = new FirstItem(itemStatus);
  const results = Object.entries(BatchItem).map(([endpointId, batch]) => [endpointId, putBatch(app, endpointId, batch, faults)]);
  return { Results: Object.fromEntries(results) as Record<string, ItemResponse> };
}

/**
 * Whether the events of a refused endpoint are taken is not documented; the answer has a status for each, so we judge each alone.
 */
function putBatch(app: App, endpointId: string, { Endpoint = {}, Events = {} }: EventsBatch, faults: FirstItem): ItemResponse {
  const EventsItemResponse = Object.fromEntries(Object.entries(Events).map(([eventId, event]) => [eventId, faults.take() ?? attempt(() => {
    checkEvent(event);
    countEvent(app, event);
    app.events.push({ endpointId, eventId, event });
    app.publish?.([applicationRecord(app.options.id, endpointId, event)]);
  })]));
  const EndpointItemResponse = faults.take() ?? attempt(() => app.update([{ id: endpointId, update: Endpoint, path: 'Endpoint' }]));
  return { EndpointItemResponse, EventsItemResponse };
}

/** The first event of a request (its first endpoint when it has no event) gets the injected status and is not done. */
class FirstItem {
  public constructor(private status: number | undefined) {}

  public take(): EventItemResponse | undefined {
    const { status } = this;
    this.status = undefined;
    return status === undefined ? undefined : { StatusCode: status, Message: 'injected by --faults' };
  }
}

function attempt(work: () => void): EndpointItemResponse {
  try {
    work();
    return ACCEPTED;
  } catch (error) {
    if (!(error instanceof PinpointError)) throw error;
    return { StatusCode: error.status, Message: error.message };
  }
}

/** Also for a body that is not checked yet. */
function countEvents(body: unknown): number {
  const batches: (Partial<EventsBatch> | null)[] = Object.values((body as Partial<EventsRequest>).BatchItem ?? {});
  return batches.reduce((sum, batch) => sum + Object.keys(batch?.Events ?? {}).length, 0);
}

export const EVENT_OPERATIONS: Operations = {
  PutEvents: { resource: () => '/events', items: countEvents, run: putEvents },
};
