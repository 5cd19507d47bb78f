import type { PutEventsRequestEntry, PutEventsResultEntry } from '@aws-sdk/client-eventbridge';
import type { Answer } from '../destinations/destination';
import { DONE, Outcome, rejected, retry } from '../model';
import { answerOf, clientOptions, eachOf, REQUEST_TIMEOUT_MILLIS } from './aws';
import { lazy } from '../runtime/dead-letters';
import { before } from '../runtime/deadline';

/** What is wrong with the entry itself. @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html */
const PERMANENT = /^(InvalidArgument|MalformedDetail|RedactionFailure|NotAuthorizedForDetailTypeException|NotAuthorizedForSourceException)$/;

const loadEventBridge = () => import('@aws-sdk/client-eventbridge');

/** PutEvents; its answer has a result for each entry. */
export function eventBusTransport(load: typeof loadEventBridge = loadEventBridge) {
  const start = lazy(async () => {
    const { EventBridgeClient, PutEventsCommand } = await load();
    return { client: new EventBridgeClient(clientOptions(REQUEST_TIMEOUT_MILLIS)), PutEventsCommand };
  });
  return async (entries: PutEventsRequestEntry[], deadline: number): Promise<Answer> => {
    const { client, PutEventsCommand } = await start();
    try {
      const { Entries = [] } = await before(deadline, (abortSignal) => client.send(new PutEventsCommand({ Entries: entries }), { abortSignal }));
      return eachOf(entries.map((_, index) => outcomeOf(Entries[index])));
    } catch (error) {
      return answerOf(error, 'Amazon EventBridge');
    }
  };
}

function outcomeOf({ EventId, ErrorCode = 'NoResult', ErrorMessage = '' }: PutEventsResultEntry = {}): Outcome {
  if (EventId) return DONE;
  return PERMANENT.test(ErrorCode) ? rejected(ErrorCode, ErrorMessage) : retry(ErrorCode);
}
