import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KinesisStreamRecord } from 'aws-lambda';
import type { EngagementEvent } from '../../../lambda-src/engagement';
import { createPinpointSource } from '../../../lambda-src/engagement-sources/pinpoint';
import type { GetEndpoint } from '../../../lambda-src/engagement-sources/pinpoint/endpoint-users';
import type { PinpointEngagementSourceConfig } from '../../../src/contract/engagement-source';

const FOLDER = join(__dirname, '..', '..', 'fixtures', 'pinpoint-event-stream');
export type Raw = Record<string, any>;

export const RECORDS: Record<string, Raw> = Object.fromEntries(
  readdirSync(FOLDER).filter((file) => file.endsWith('.json')).map((file) => [file.slice(0, -5), JSON.parse(readFileSync(join(FOLDER, file), 'utf8'))]),
);

export const ARRIVED = { id: 'shard:1.0', at: '2026-11-23T10:02:00.000Z' };

export const source = (config: Partial<PinpointEngagementSourceConfig> = {}, getEndpoint?: GetEndpoint) => createPinpointSource({
  kind: 'pinpoint', applicationId: '810c7aab86d42fb2b56c8c966example', endpointId: '{userId}:{channel}', lookUpEndpoints: false, getEndpointPerSecond: 10, ...config,
}, getEndpoint);

export const read = (raw: Raw, wanted?: ReadonlySet<any>) => source().read(raw, ARRIVED, wanted);

export function eventOf(name: string, changes: Partial<EngagementEvent> = {}): EngagementEvent {
  return { ...read(RECORDS[name]) as EngagementEvent, ...changes };
}

export function streamRecord(data: unknown, index = 0): KinesisStreamRecord {
  const sequenceNumber = String(index + 1).padStart(56, '4');
  const bytes = Buffer.from(typeof data === 'string' ? data : JSON.stringify(data));
  return {
    kinesis: { kinesisSchemaVersion: '1.0', partitionKey: 'key', sequenceNumber, data: bytes.toString('base64'), approximateArrivalTimestamp: 1_795_428_000.5 },
    eventSource: 'aws:kinesis',
    eventVersion: '1.0',
    eventID: `shardId-000000000000:${sequenceNumber}`,
    eventName: 'aws:kinesis:record',
    invokeIdentityArn: 'arn:aws:iam::111122223333:role/handler',
    awsRegion: 'us-east-1',
    eventSourceARN: 'arn:aws:kinesis:us-east-1:111122223333:stream/stream',
  };
}

export class Meter {
  public readonly counts: Record<string, number> = {};

  public count(metric: string, value = 1): void {
    this.counts[metric] = (this.counts[metric] ?? 0) + value;
  }
}
