import { observed } from './observed';
import type { Telemetry } from './telemetry';
import { keepBatchesYoung } from './young-batches';

/** Kept free at the end of an invocation, to store dead letters and to answer. */
const MARGIN_MILLIS = 5_000;

/** What a consumer of a stream or a queue is invoked with. */
export interface Batch {
  readonly Records: readonly unknown[];
}

/** What it answers: the same of both. */
export interface BatchAnswer {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

export type ProcessBatch<E extends Batch, A extends BatchAnswer> = (event: E, deadline: number, telemetry: Telemetry) => Promise<A>;

/** The Lambda side of a consumer of a stream or a queue. */
export function batchHandler<E extends Batch, A extends BatchAnswer>(instance: string, process: ProcessBatch<E, A>) {
  keepBatchesYoung();
  return observed<E, A>(
    instance,
    'batch',
    async (event, { telemetry, context }) => process(event, Date.now() + context.getRemainingTimeInMillis() - MARGIN_MILLIS, telemetry),
    ({ Records }, answer) => ({ received: Records.length, ...answer && { failed: answer.batchItemFailures.length } }),
  );
}
