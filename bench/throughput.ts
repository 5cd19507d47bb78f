import type { KinesisStreamEvent } from 'aws-lambda';
import { configOf } from './config';
import { atLeast, atMost, Result } from './result';
import { batches, identify } from './workload';
import { createSync } from '../lambda-src/cdp-endpoint-sync/core';
import { createEndpointTarget } from '../lambda-src/endpoint-targets';
import { createFormat } from '../lambda-src/formats';
import { createMapper } from '../lambda-src/mapping';
import { endpointIds } from '../lambda-src/mapping/endpoint-id';
import { Telemetry } from '../lambda-src/runtime/telemetry';
import { Gateway } from '../local/gateway';
import { Keys } from '../local/iam/keys';
import { Recorder } from '../local/recorder';
import { Pinpoint } from '../local/services/pinpoint/pinpoint';
import { pinpointQuota } from '../local/services/pinpoint/quotas';
import type { PinpointEndpointTargetConfig } from '../src/contract/endpoint-target';

interface Lane {
  readonly name: string;
  readonly endpointWrites: PinpointEndpointTargetConfig['endpointWrites'];
  readonly operation: string;
  /** Endpoints per second that the published quota allows. */
  readonly ceiling: number;
  readonly backlog: number;
}

/** @see https://docs.aws.amazon.com/general/latest/gr/pinpoint.html */
const LANES: readonly Lane[] = [
  { name: 'BATCH lane', endpointWrites: 'batch', operation: 'UpdateEndpointsBatch', ceiling: 2 * 100, backlog: 5_000 },
  { name: 'EVENTS lane', endpointWrites: 'events', operation: 'PutEvents', ceiling: 15 * 100, backlog: 30_000 },
];

/** A backlog of distinct endpoints against the emulated service with its published quotas. */
export async function benchThroughput(): Promise<Result[]> {
  const results: Result[] = [];
  for (const lane of LANES) results.push(...await benchLane(lane));
  return results;
}

async function benchLane({ name, endpointWrites, operation, ceiling, backlog }: Lane): Promise<Result[]> {
  const service = new Pinpoint({ region: 'eu-west-1', account: '111122223333' });
  const app = service.createApp('bench');
  const keys = new Keys();
  const recorder = new Recorder();
  const gateway = await Gateway.start({ service, keys, recorder, statementsOf: () => [], quota: pinpointQuota() });
  const { accessKeyId, secretAccessKey } = keys.issue({ construct: 'local' });
  Object.assign(process.env, {
    AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_ENDPOINT_URL_PINPOINT: gateway.url,
  });
  await drain(endpointWrites, batches(Array.from({ length: backlog }, (_, user) => emailOnly(user))));
  await gateway.close();
  const calls = recorder.calls.filter((call) => call.operation === operation);
  const seconds = (Math.max(...calls.map(({ endMs }) => endMs)) - Math.min(...calls.map(({ startMs }) => startMs))) / 1000;
  if (Object.keys(app.endpoints).length !== backlog) throw new Error(`${name}: ${Object.keys(app.endpoints).length} endpoints of ${backlog}`);
  const throttled = calls.filter(({ status }) => status === 429).length;
  return [
    atLeast(`${name}: endpoints per second ÷ published ceiling`, backlog / seconds / ceiling, 0.95),
    atMost(`${name}: throttled calls ÷ calls`, throttled / calls.length, 0.01),
  ];
}

function emailOnly(user: number): object {
  const message = identify(user, user) as { traits: { phone?: string } };
  delete message.traits.phone;
  return message;
}

async function drain(endpointWrites: Lane['endpointWrites'], backlog: readonly KinesisStreamEvent[]): Promise<void> {
  const requestsPerSecond = { updateEndpointsBatch: 2, putEvents: 15, userEndpoints: 300 };
  const { instance, format, mapping, target } = configOf({ endpointWrites, requestsPerSecond });
  const sync = createSync({
    instance, format: createFormat(format), map: createMapper(mapping), deadLetters: { write: async () => undefined },
    target: await createEndpointTarget(target, { ids: endpointIds(mapping.endpointId), eventChannels: mapping.eventChannels }),
  });
  for (const event of backlog) {
    const { batchItemFailures } = await sync(event, Date.now() + 300_000, new Telemetry(instance));
    if (batchItemFailures.length > 0) throw new Error('records were left on the stream');
  }
}
