import type { KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda';

/** 2026-11-23T10:00:00.500Z: when every record of these tests arrived. */
export const ARRIVAL = 1_795_428_000.5;
export const ARRIVAL_ISO = '2026-11-23T10:00:00.500Z';

const base64 = (data: unknown): string =>
  (Buffer.isBuffer(data) ? data : Buffer.from(typeof data === 'string' ? data : JSON.stringify(data))).toString('base64');

/** A record as Lambda hands it over; text and bytes are its data as they are, anything else is sent as JSON. */
export function record(data: unknown, index = 0, partitionKey = 'key'): KinesisStreamRecord {
  const sequenceNumber = String(index + 1).padStart(56, '4');
  return {
    kinesis: { kinesisSchemaVersion: '1.0', partitionKey, sequenceNumber, data: base64(data), approximateArrivalTimestamp: ARRIVAL },
    eventSource: 'aws:kinesis', eventVersion: '1.0', eventID: `shardId-000000000000:${sequenceNumber}`, eventName: 'aws:kinesis:record',
    invokeIdentityArn: 'arn:aws:iam::111122223333:role/handler', awsRegion: 'us-east-1',
    eventSourceARN: 'arn:aws:kinesis:us-east-1:111122223333:stream/stream',
  };
}

export function batch(...data: readonly unknown[]): KinesisStreamEvent {
  return { Records: data.map((item, index) => record(item, index)) };
}

export const dataOf = ({ kinesis }: KinesisStreamRecord): Buffer => Buffer.from(kinesis.data, 'base64');
