import type { Context, KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import { createLogger } from './log';
import { Telemetry } from './telemetry';

/** Kept free at the end of an invocation, to store dead letters and to answer. */
const MARGIN_MILLIS = 5_000;

export type ProcessBatch = (event: KinesisStreamEvent, deadline: number, telemetry: Telemetry) => Promise<KinesisStreamBatchResponse>;

/** The Lambda side of a stream consumer: deadline, metrics and one log line per batch. An error fails the batch and is loud. */
export function streamHandler(instance: string, process: ProcessBatch) {
  const logger = createLogger(instance);
  return async (event: KinesisStreamEvent, context: Context): Promise<KinesisStreamBatchResponse> => {
    const telemetry = new Telemetry(instance);
    logger.addContext(context);
    try {
      const answer = await process(event, Date.now() + context.getRemainingTimeInMillis() - MARGIN_MILLIS, telemetry);
      logger.info('batch', { received: event.Records.length, failed: answer.batchItemFailures.length, ...telemetry.summary() });
      return answer;
    } catch (error) {
      logger.error('batch failed', { received: event.Records.length, error: error as Error });
      throw error;
    } finally {
      telemetry.publish();
    }
  };
}
