import type { CdpDestinationConfig } from '../../src/contract/cdp-destination';
import { createDestination } from '../destinations';
import type { DestinationAdapter, Item } from '../destinations/destination';
import type { EngagementEvent } from '../engagement';
import { DONE, Outcome, rejected, retry } from '../model';
import { Delivered } from './delivered';
import { inOrder } from './in-order';
import { packItems } from './pack';
import { sendRequest } from './send';
import { DeploymentError } from '../runtime/errors';
import { createSecrets, Secrets } from '../runtime/secrets';
import { rejectionOf } from '../runtime/stream-batch';
import { SendHttp, sendHttp } from '../transports/http';

/** What a delivery reports beside outcomes. */
export interface DeliveryMeter {
  count(metric: 'Requests' | 'RequestsThrottled' | 'RequestsFailed', value: number): void;
}

export interface DeliverOptions {
  /** Milliseconds since 1970 by which the outcomes must be there; what is not done by then is to be retried. */
  readonly deadline: number;
  readonly meter: DeliveryMeter;
  /** Is told of a DeploymentError, which is thrown without it: what could not be delivered for it is to be retried, and the rest has its outcome. */
  readonly onRefused?: (error: DeploymentError) => void;
}

/** Hands events on to a CDP, in their order for each user, and says for each what became of it. Throws only a DeploymentError. */
export interface Delivery {
  deliver(events: readonly EngagementEvent[], options: DeliverOptions): Promise<Outcome[]>;
}

export interface DeliveryDeps {
  readonly destination?: DestinationAdapter;
  readonly secrets?: Secrets;
  readonly send?: SendHttp;
  /** What has been delivered; lives as long as the execution environment. */
  readonly delivered?: Delivered;
}

export function createDelivery(config: CdpDestinationConfig, deps: DeliveryDeps = {}): Delivery {
  const destination = deps.destination ?? createDestination(config, { secrets: deps.secrets ?? createSecrets(), send: deps.send ?? sendHttp });
  const delivered = deps.delivered ?? new Delivered();
  return {
    deliver: async (events, { deadline, meter, onRefused }) => {
      const { items, outcomes, twins } = encodeAll(events, destination, delivered);
      const settle = (item: Placed, outcome: Outcome) => {
        outcomes[item.index] = outcome;
        if (outcome.status === 'done') delivered.add(item.id);
      };
      const requests = packItems(items, destination.limits);
      const work = inOrder(destination.limits.inFlight, requests, (request) => sendRequest(request, { destination, deadline, meter, settle }));
      const refusal = await work.then(() => undefined, refusalOf);
      if (refusal && !onRefused) throw refusal;
      if (refusal) onRefused?.(refusal);
      for (const [index, first] of twins) outcomes[index] = outcomes[first];
      return Array.from(outcomes, (outcome) => outcome ?? retry(refusal?.name ?? 'Postponed'));
    },
  };
}

function refusalOf(error: unknown): DeploymentError {
  if (error instanceof DeploymentError) return error;
  throw error;
}

/** An item and the position of its event. */
interface Placed extends Item {
  index: number;
}

interface Encoded {
  readonly items: Placed[];
  /** By the position of the event; a hole for what is still to be sent. */
  readonly outcomes: (Outcome | undefined)[];
  /** The position of an event that the same call brings twice, and that of the first. */
  readonly twins: [number, number][];
}

/** Leaves out what is delivered already, what comes twice, and what the destination has no room for. */
function encodeAll(events: readonly EngagementEvent[], destination: DestinationAdapter, delivered: Delivered): Encoded {
  const items = new Array<Placed>(events.length);
  const outcomes = new Array<Outcome | undefined>(events.length);
  const twins: [number, number][] = [];
  const firsts = new Map<string, number>();
  let count = 0;
  for (let index = 0; index < events.length; index += 1) {
    const { id } = events[index];
    const first = firsts.get(id);
    if (first !== undefined) {
      twins.push([index, first]);
      continue;
    }
    firsts.set(id, index);
    if (delivered.has(id)) outcomes[index] = DONE;
    else if ((outcomes[index] = encode(events[index], index, destination, items, count)) === undefined) count += 1;
  }
  items.length = count;
  return { items, outcomes, twins };
}

function encode(event: EngagementEvent, index: number, destination: DestinationAdapter, items: Placed[], at: number): Outcome | undefined {
  try {
    const item = destination.encode(event) as Placed;
    const { itemBytes } = destination.limits;
    if (item.bytes > itemBytes) return rejected('EventTooLarge', `the event has ${item.bytes} bytes, at most ${itemBytes} are allowed`);
    item.index = index;
    items[at] = item;
    return undefined;
  } catch (error) {
    return rejectionOf(error);
  }
}
