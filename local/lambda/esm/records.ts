import { REGION } from '../../environment';
import { Json, JsonObject } from '../../template/model';

/** A record as the poller holds it. */
export interface StreamRecord {
  readonly shardId: string;
  readonly sequenceNumber: string;
  readonly partitionKey: string;
  readonly data: Buffer;
  /** Milliseconds. */
  readonly arrivedAt: number;
}

/** What the function sees of a record.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html */
export function eventRecord(record: StreamRecord, streamArn: string, roleArn: string): JsonObject {
  return {
    kinesis: {
      kinesisSchemaVersion: '1.0',
      partitionKey: record.partitionKey,
      sequenceNumber: record.sequenceNumber,
      data: record.data.toString('base64'),
      approximateArrivalTimestamp: record.arrivedAt / 1000,
    },
    eventSource: 'aws:kinesis',
    eventVersion: '1.0',
    eventID: `${record.shardId}:${record.sequenceNumber}`,
    eventName: 'aws:kinesis:record',
    invokeIdentityArn: roleArn,
    awsRegion: REGION,
    eventSourceARN: streamArn,
  };
}

/** What filter patterns are matched against: data that is no JSON is left out, so no pattern on it matches. */
export function filterable(record: StreamRecord): JsonObject {
  const data = parsed(record.data);
  const rest = { partitionKey: record.partitionKey, sequenceNumber: record.sequenceNumber, approximateArrivalTimestamp: record.arrivedAt / 1000 };
  return data === undefined ? rest : { ...rest, data };
}

function parsed(data: Buffer): Json | undefined {
  try {
    return JSON.parse(data.toString()) as Json;
  } catch {
    return undefined;
  }
}

/** Sequence numbers are decimal numbers of up to 128 bits. */
export function sequenceOf(record: StreamRecord): bigint {
  return BigInt(record.sequenceNumber);
}
