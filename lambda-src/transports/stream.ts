import type { PutRecordsRequestEntry, PutRecordsResultEntry } from '@aws-sdk/client-kinesis';
import type { Answer } from '../destinations/destination';
import { DONE, Outcome, retry } from '../model';
import { answerOf, clientOptions, eachOf, REQUEST_TIMEOUT_MILLIS } from './aws';
import { lazy } from '../runtime/dead-letters';
import { before } from '../runtime/deadline';

const loadKinesis = () => import('@aws-sdk/client-kinesis');

/** PutRecords; its answer has a result for each record. */
export function streamTransport(StreamARN: string, load: typeof loadKinesis = loadKinesis) {
  const start = lazy(async () => {
    const { KinesisClient, PutRecordsCommand } = await load();
    return { client: new KinesisClient(clientOptions(REQUEST_TIMEOUT_MILLIS)), PutRecordsCommand };
  });
  return async (entries: PutRecordsRequestEntry[], deadline: number): Promise<Answer> => {
    const { client, PutRecordsCommand } = await start();
    try {
      const command = new PutRecordsCommand({ StreamARN, Records: entries });
      const { Records = [] } = await before(deadline, (abortSignal) => client.send(command, { abortSignal }));
      return eachOf(entries.map((_, index) => outcomeOf(Records[index])));
    } catch (error) {
      return answerOf(error, 'Amazon Kinesis');
    }
  };
}

function outcomeOf({ SequenceNumber, ErrorCode = 'NoResult' }: Partial<PutRecordsResultEntry> = {}): Outcome {
  return SequenceNumber ? DONE : retry(ErrorCode);
}
