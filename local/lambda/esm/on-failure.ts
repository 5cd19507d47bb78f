import { randomUUID } from 'node:crypto';
import { FunctionSpec } from '../function-spec';
import { MappingSpec } from '../mapping-spec';
import { Discard } from './batch';
import { StreamRecord } from './records';

/** Key and text of the object that Lambda writes for a discarded batch.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html */
export function failureObject(mapping: MappingSpec, fn: FunctionSpec, discard: Discard, payload: object): { key: string; body: string } {
  const at = new Date();
  const { condition, invokeCount, invocation, records } = discard;
  const body = {
    requestContext: {
      requestId: invocation?.requestId ?? randomUUID(),
      functionArn: fn.arn,
      condition,
      approximateInvokeCount: invokeCount,
    },
    responseContext: {
      statusCode: 200,
      executedVersion: '$LATEST',
      // A partial batch response is no error of the function.
      functionError: invocation?.error ? 'Unhandled' : null,
    },
    version: '1.0',
    timestamp: at.toISOString(),
    KinesisBatchInfo: batchInfo(mapping, records),
    // Only in S3: the whole event, as a JSON text inside the JSON.
    payload: JSON.stringify(payload),
  };
  return { key: keyOf(mapping, records, at), body: JSON.stringify(body) };
}

function batchInfo({ streamArn }: MappingSpec, records: readonly StreamRecord[]) {
  const first = records[0]!;
  const last = records[records.length - 1]!;
  return {
    shardId: first.shardId,
    startSequenceNumber: first.sequenceNumber,
    endSequenceNumber: last.sequenceNumber,
    approximateArrivalOfFirstRecord: new Date(first.arrivedAt).toISOString(),
    approximateArrivalOfLastRecord: new Date(last.arrivedAt).toISOString(),
    batchSize: records.length,
    streamArn,
  };
}

/** `aws/lambda/<ESM-UUID>/<shardID>/YYYY/MM/DD/YYYY-MM-DDTHH.MM.SS-<Random UUID>` */
function keyOf({ uuid }: MappingSpec, records: readonly StreamRecord[], at: Date): string {
  const [day = '', time = ''] = at.toISOString().slice(0, 19).split('T');
  return `aws/lambda/${uuid}/${records[0]!.shardId}/${day.replace(/-/g, '/')}/${day}T${time.replace(/:/g, '.')}-${randomUUID()}`;
}
