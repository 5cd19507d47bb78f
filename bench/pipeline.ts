import type { KinesisStreamEvent } from 'aws-lambda';
import { configOf } from './config';
import { readMessages } from '../lambda-src/cdp-endpoint-sync/messages';
import { batchOf, packEndpoints, packEvents } from '../lambda-src/endpoint-targets/pinpoint/pack';
import { planChanges } from '../lambda-src/endpoint-targets/pinpoint/plan';
import { createFormat } from '../lambda-src/formats';
import { createMapper } from '../lambda-src/mapping';
import { endpointIds } from '../lambda-src/mapping/endpoint-id';

export type Requests = { readonly endpoints: object[][]; readonly events: object[] };

/** Everything the handler does between the stream and the SDK: decode, map, coalesce, pack. */
export function createPipeline(): (event: KinesisStreamEvent) => Requests {
  const { format, mapping } = configOf();
  const read = createFormat(format);
  const map = createMapper(mapping);
  const options = { ids: endpointIds(mapping.endpointId), eventChannels: mapping.eventChannels, cut: () => undefined };
  return ({ Records }) => {
    const changes = readMessages(Records, read, map).flatMap((message, index) => message.changes.map((change) => ({ change, message: index })));
    const { stages } = planChanges(changes, new Map(), options);
    return {
      endpoints: stages.flatMap((stage) => packEndpoints(stage.endpoints).map((request) => request.map(({ endpoint }) => endpoint))),
      events: stages.flatMap((stage) => packEvents(stage.events).map(batchOf)),
    };
  };
}

/** What no implementation can do without: the records' base64 and JSON, and the JSON of the same requests. */
export function createFloor(events: readonly KinesisStreamEvent[]): () => number {
  const pipeline = createPipeline();
  const outputs = events.map(pipeline);
  return () => {
    let length = 0;
    events.forEach(({ Records }, index) => {
      for (const { kinesis } of Records) length += Object.keys(JSON.parse(Buffer.from(kinesis.data, 'base64').toString('utf8')) as object).length;
      for (const request of [...outputs[index].endpoints, ...outputs[index].events]) length += JSON.stringify(request).length;
    });
    return length;
  };
}
