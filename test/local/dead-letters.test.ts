import { handlerLetters, mappingLetters } from '../../local/dead-letters';
import { Discard } from '../../local/lambda/esm/batch';
import { failureObject } from '../../local/lambda/esm/on-failure';
import { eventRecord } from '../../local/lambda/esm/records';
import { FunctionSpec } from '../../local/lambda/function-spec';
import { MappingSpec } from '../../local/lambda/mapping-spec';

const record = {
  shardId: 'shardId-000000000000', sequenceNumber: '42', partitionKey: 'u', data: Buffer.from('{"userId":"u"}'), arrivedAt: 1_700_000_000_000,
};
const spec = { uuid: 'e5b1', streamArn: 'arn:stream' } as MappingSpec;
const fn = { arn: 'arn:function' } as FunctionSpec;

test('the object of a discarded batch has the documented key and members', () => {
  const discard: Discard = {
    records: [record],
    condition: 'RetryAttemptsExhausted',
    invokeCount: 3,
    invocation: { requestId: 'r1', throttled: false, metrics: [], error: { errorType: 'Error', errorMessage: 'no' } },
  };
  const { key, body } = failureObject(spec, fn, discard, { Records: [eventRecord(record, 'arn:stream', 'arn:role')] });
  expect(key).toMatch(/^aws\/lambda\/e5b1\/shardId-000000000000\/\d{4}\/\d\d\/\d\d\/\d{4}-\d\d-\d\dT\d\d\.\d\d\.\d\d-[0-9a-f-]{36}$/);
  const parsed = JSON.parse(body) as { payload: string };
  expect(parsed).toMatchObject({
    requestContext: { requestId: 'r1', functionArn: 'arn:function', condition: 'RetryAttemptsExhausted', approximateInvokeCount: 3 },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    version: '1.0',
    KinesisBatchInfo: {
      shardId: 'shardId-000000000000',
      startSequenceNumber: '42',
      endSequenceNumber: '42',
      batchSize: 1,
      streamArn: 'arn:stream',
      approximateArrivalOfFirstRecord: '2023-11-14T22:13:20.000Z',
      approximateArrivalOfLastRecord: '2023-11-14T22:13:20.000Z',
    },
  });
  expect(mappingLetters(body, 'Stack/Sync', new Map([['shardId-000000000000:42', 'Error: no']]))).toEqual([{
    id: 'shardId-000000000000:42',
    letter: { construct: 'Stack/Sync', code: 'RetryAttemptsExhausted', reason: 'given up after 3 invocations: Error: no', record: { userId: 'u' } },
  }]);
});

test('letters of a handler: JSON, text, and bytes that are neither', () => {
  const line = (payload: string, encoding = 'utf8') => JSON.stringify({ version: 1, code: 'C', reason: 'R', sequenceNumber: '1', payload, encoding });
  const bytes = (content: Buffer) => line(content.toString('base64'), 'base64');
  const lines = [line('{"a":1}'), line('{"cut'), bytes(Buffer.from([0xff, 0xfe])), bytes(Buffer.from('{"b":2}'))];
  expect(handlerLetters(`${lines.join('\n')}\n`, 'c').map(({ letter }) => letter.record)).toEqual([{ a: 1 }, '{"cut', '//4=', { b: 2 }]);
});

test('a letter that was written twice is one, two alike in one record are two', () => {
  const line = JSON.stringify({ code: 'C', reason: 'R', sequenceNumber: '1', payload: 'x', encoding: 'utf8' });
  const ids = (text: string) => handlerLetters(text, 'c').map(({ id }) => id);
  expect(ids(line)).toEqual(ids(line));
  expect(new Set(ids(`${line}\n${line}`)).size).toBe(2);
});
