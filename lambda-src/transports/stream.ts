import type { PutRecordsRequestEntry } from '@aws-sdk/client-kinesis';
import type { Answer } from '../destinations/destination';
import { DONE, retry } from '../model';
import { lazy } from '../runtime/dead-letters';
import { before } from '../runtime/deadline';
import { answerOf, clientOptions } from './aws';

const loadKinesis = () => import('@aws-sdk/client-kinesis');

/** PutRecords; its answer has a result for each record. */
export function streamTransport(StreamARN: string, load: typeof loadKinesis = loadKinesis) {
  const start = lazy(async () => {
    const { KinesisClient, PutRecordsCommand } = await load();
    return { client: new KinesisClient(clientOptions()), PutRecordsCommand };
  });
  return async (entries: PutRecordsRequestEntry[], deadline: number): Promise<Answer> => {
    const { client, PutRecordsCommand } = await start();
    try {
      const { Records = [] } = await before(deadline, (abortSignal) => client.send(new PutRecordsCommand({ StreamARN, Records: entries }), { abortSignal }));
      return { kind: 'each', outcomes: entries.map((_, index) => Records[index]?.SequenceNumber ? DONE : retry(Records[index]?.ErrorCode ?? 'NoResult')) };
    } catch (error) {
      return answerOf(error, 'Amazon Kinesis');
    }
  };
}
