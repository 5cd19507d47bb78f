/** Runs in a process of its own, so that only the handler's CPU counts and its log lines can be thrown away. */
import * as fs from 'node:fs';
import type { KinesisStreamEvent } from 'aws-lambda';
import { createFloor } from './pipeline';
import { ratioOf } from './result';
import { batches, skewedMessages } from './workload';

type Handler = (event: KinesisStreamEvent, context: unknown) => Promise<{ batchItemFailures: unknown[] }>;

/** V8 is still compiling the SDK in the thirtieth round (`--trace-opt`), and what is asked for is the cost of a function that runs. */
const WARM_UP = 35;
const ROUNDS = 11;

const CONTEXT = { getRemainingTimeInMillis: () => 300_000, functionName: 'bench', awsRequestId: 'bench' };

async function main(): Promise<void> {
  const [bundle, answerFile] = process.argv.slice(2);
  const { handler } = await import(bundle) as { handler: Handler };
  const events = batches(skewedMessages());
  const run = async () => {
    for (const event of events) {
      const { batchItemFailures } = await handler(event, CONTEXT);
      if (batchItemFailures.length > 0) throw new Error('the handler left records on the stream');
    }
  };
  fs.writeFileSync(answerFile, JSON.stringify({ ratio: await ratioOf(run, createFloor(events), ROUNDS, WARM_UP) }));
}

void main();
