import { GetUserEndpointsCommand, PinpointClient, PutEventsCommand, UpdateEndpointsBatchCommand, DeleteUserEndpointsCommand } from '@aws-sdk/client-pinpoint';
import { AwsClientStub, mockClient } from 'aws-sdk-client-mock';
import { TARGET_OPTIONS } from './mapping';
import type { EndpointTargetAdapter, Sourced, TargetMetric } from '../../../lambda-src/endpoint-targets';
import { createPinpointTarget } from '../../../lambda-src/endpoint-targets/pinpoint';
import type { Outcome } from '../../../lambda-src/model';
import type { PinpointEndpointTargetConfig } from '../../../src/contract/endpoint-target';

export const TARGET: PinpointEndpointTargetConfig = {
  kind: 'pinpoint', applicationId: 'app1', endpointWrites: 'batch', lookUpEndpoints: true,
  requestsPerSecond: { updateEndpointsBatch: 1e6, putEvents: 1e6, userEndpoints: 1e6 },
};

export const createTarget = (config: Partial<PinpointEndpointTargetConfig> = {}): EndpointTargetAdapter =>
  createPinpointTarget({ ...TARGET, ...config }, TARGET_OPTIONS);

export interface Applied {
  /** In short: `done`, `retry LookUpFailed`. */
  readonly outcomes: string[];
  readonly counts: Partial<Record<TargetMetric, number>>;
}

export const inShort = (outcome: Outcome): string => 'code' in outcome ? `${outcome.status} ${outcome.code}` : 'reason' in outcome ? `dropped ${outcome.reason}` : outcome.status;

export async function apply(target: EndpointTargetAdapter, changes: readonly Sourced[], millis = 10_000): Promise<Applied> {
  const counts: Applied['counts'] = {};
  const meter = {
    count: (metric: TargetMetric, value: number) => void (counts[metric] = (counts[metric] ?? 0) + value),
    countReason: () => undefined,
  };
  const outcomes = await target.apply(changes, { deadline: Date.now() + millis, cut: () => undefined, meter });
  return { outcomes: outcomes.map(inShort), counts };
}

export type PinpointStub = AwsClientStub<PinpointClient>;

/** Refuses whatever a test does not expect. */
export function mockPinpoint(): PinpointStub {
  const stub = mockClient(PinpointClient);
  beforeEach(() => {
    stub.reset();
    stub.rejects(new Error('unexpected call'));
  });
  return stub;
}

/** Accepts whatever comes, in the order of `stub.calls()`. */
export function acceptAll(stub: PinpointStub): void {
  stub.on(UpdateEndpointsBatchCommand).resolves({ MessageBody: { Message: 'Accepted' } });
  stub.on(GetUserEndpointsCommand).resolves({ EndpointsResponse: { Item: [] } });
  stub.on(DeleteUserEndpointsCommand).resolves({});
  stub.on(PutEventsCommand).callsFake(({ EventsRequest }: any) => ({ EventsResponse: { Results: Object.fromEntries(
    Object.entries<any>(EventsRequest.BatchItem).map(([id, { Events }]) => [id, {
      EndpointItemResponse: { StatusCode: 202 },
      EventsItemResponse: Object.fromEntries(Object.keys(Events).map((event) => [event, { StatusCode: 202, Message: 'Accepted' }])),
    }])) } }));
}

/** The calls in order, in short: `UpdateEndpointsBatch u:EMAIL`. */
export function callsOf(stub: PinpointStub): string[] {
  return stub.calls().map(({ args: [command] }) => {
    const input = command.input as any;
    const subject = input.UserId ?? input.EndpointBatchRequest?.Item.map((item: any) => item.Id)
      ?? Object.entries<any>(input.EventsRequest.BatchItem).map(([id, { Events }]) => `${id}=${Object.keys(Events).join('+')}`);
    return `${command.constructor.name.replace('Command', '')} ${String(subject)}`;
  });
}
