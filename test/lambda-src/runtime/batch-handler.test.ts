import type { Context, KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import { ProcessBatch, batchHandler } from '../../../lambda-src/runtime/batch-handler';
import { DeploymentError } from '../../../lambda-src/runtime/errors';
import { batch } from '../support/records';

const context = { getRemainingTimeInMillis: () => 60_000, functionName: 'f', awsRequestId: 'r', memoryLimitInMB: '512', invokedFunctionArn: 'arn' } as Context;
let written: string[];
beforeEach(() => {
  written = [];
  // Makes Powertools write to the global console.
  Object.assign(process.env, { POWERTOOLS_DEV: 'true', POWERTOOLS_METRICS_DISABLED: 'false' });
  for (const method of ['log', 'info', 'error', 'warn'] as const) jest.spyOn(console, method).mockImplementation((...line: unknown[]) => void written.push(line.join(' ')));
});
afterEach(() => {
  delete process.env.POWERTOOLS_DEV;
  delete process.env.POWERTOOLS_METRICS_DISABLED;
  jest.restoreAllMocks();
});

const EVENT = batch({ type: 'identify', userId: 'user-9471', traits: { email: 'ann@example.com' } });

test('the core gets a deadline with time to spare; its answer and its counts come out', async () => {
  const process: ProcessBatch<KinesisStreamEvent, KinesisStreamBatchResponse> = jest.fn(async (_, deadline, telemetry) => {
    expect(deadline - Date.now()).toBeGreaterThan(50_000);
    expect(deadline - Date.now()).toBeLessThanOrEqual(55_000);
    telemetry.count('Records', 1);
    return { batchItemFailures: [] };
  });
  await expect(batchHandler('Sync', process)(EVENT, context)).resolves.toEqual({ batchItemFailures: [] });
  expect(written.join('\n')).toContain('"Records":1');
});

test('an error fails the batch, is logged once, and what was counted until then is published', async () => {
  const handler = batchHandler('Sync', async (_, __, telemetry) => {
    telemetry.count('Requests', 7);
    throw new DeploymentError('Amazon Pinpoint refuses this deployment: ForbiddenException (403)');
  });
  await expect(handler(EVENT, context)).rejects.toThrow('ForbiddenException');
  expect(written.filter((line) => line.includes('batch failed'))).toHaveLength(1);
  expect(written.join('\n')).toContain('"Requests":7');
});

test('no log line holds a payload, an address or a user id', async () => {
  await batchHandler('Sync', async () => ({ batchItemFailures: [] }))(EVENT, context);
  expect(written.length).toBeGreaterThan(0);
  for (const secret of ['user-9471', 'ann@example.com', EVENT.Records[0].kinesis.data]) expect(written.join('\n')).not.toContain(secret);
});
