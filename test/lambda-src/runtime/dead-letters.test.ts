import * as clientS3 from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { DeadLetter, deadLetterKey, lazy, s3DeadLetters } from '../../../lambda-src/runtime/dead-letters';

const { PutObjectCommand, S3Client } = clientS3;
const s3 = mockClient(S3Client);
// Jest can't run an import() that is left in the code.
const store = () => s3DeadLetters(CONFIG, async () => clientS3);
beforeEach(() => {
  s3.reset();
  s3.rejects(new Error('unexpected call'));
});

const CONFIG = { bucketName: 'letters', prefix: 'dead-letters/sync' };
const letter = (payload: string): DeadLetter => ({
  version: 1, construct: 'Sync', code: 'NotJson', reason: 'not JSON', at: '2026-11-23T10:00:00.000Z',
  partitionKey: 'u1', sequenceNumber: '1', payload, encoding: 'utf8',
});

test('the key lies under the hour it was written in, and sorts by time', () => {
  const keys = ['2026-11-23T09:59:59.999Z', '2026-11-23T10:00:00Z', '2026-12-01T00:00:00Z'].map((at) => deadLetterKey('p', new Date(at)));
  expect(keys[0]).toMatch(/^p\/2026\/11\/23\/09\/2026-11-23T09:59:59-[0-9a-f-]{36}\.ndjson$/);
  expect([...keys].sort()).toEqual(keys);
  expect(deadLetterKey('p', new Date(0))).not.toBe(deadLetterKey('p', new Date(0)));
});

test('the letters of a batch are one object, a line each', async () => {
  s3.on(PutObjectCommand).resolves({});
  const letters = [letter('a'), letter('line\nbreak "quoted"')];
  await store().write(letters);
  const [{ input }] = s3.commandCalls(PutObjectCommand).map(({ args }) => args[0]);
  expect(input).toMatchObject({ Bucket: 'letters', ContentType: 'application/x-ndjson' });
  expect(input.Key).toMatch(/^dead-letters\/sync\/\d{4}\/\d\d\/\d\d\/\d\d\/.*\.ndjson$/);
  expect(String(input.Body).split('\n')).toEqual([...letters.map((one) => JSON.stringify(one)), '']);
});

test('without letters nothing is written', async () => {
  await store().write([]);
  expect(s3.calls()).toHaveLength(0);
});

test('a failure to store is thrown', async () => {
  s3.on(PutObjectCommand).rejects(new Error('AccessDenied'));
  await expect(store().write([letter('a')])).rejects.toThrow('AccessDenied');
});

test('lazy starts once, and again after a failure', async () => {
  let starts = 0;
  const get = lazy(async () => {
    starts += 1;
    if (starts === 1) throw new Error('not yet');
    return starts;
  });
  await expect(get()).rejects.toThrow('not yet');
  expect(await Promise.all([get(), get()])).toEqual([2, 2]);
});
