import { DeleteObjectCommand, GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { s3Objects } from '../../../lambda-src/redrive/objects';

const s3 = mockClient(S3Client);
beforeEach(() => {
  s3.reset();
  s3.rejects(new Error('unexpected call'));
});

const at = (time: string) => new Date(`2026-11-23T${time}Z`);

test('lists every page, only what was written in the range', async () => {
  s3.on(ListObjectsV2Command, { ContinuationToken: undefined }).resolves({ NextContinuationToken: 'more', Contents: [
    { Key: 'p/before', LastModified: at('09:59:59.999') }, { Key: 'p/from', LastModified: at('10:00:00') }, { Key: 'p/in', LastModified: at('10:30:00') }, {},
  ] });
  s3.on(ListObjectsV2Command, { ContinuationToken: 'more' }).resolves({ Contents: [{ Key: 'p/last', LastModified: at('10:59:59.999') }, { Key: 'p/to', LastModified: at('11:00:00') }] });
  const keys: string[] = [];
  for await (const { key } of s3Objects('bucket').list('p', at('10:00:00'), at('11:00:00'), 'p/2026/')) keys.push(key);
  expect(keys).toEqual(['p/from', 'p/in', 'p/last']);
  expect(s3.commandCalls(ListObjectsV2Command)[0].args[0].input).toEqual({ Bucket: 'bucket', Prefix: 'p/', StartAfter: 'p/2026/', ContinuationToken: undefined });
});

test('an empty prefix lists nothing', async () => {
  s3.on(ListObjectsV2Command).resolves({});
  for await (const object of s3Objects('bucket').list('p', at('10:00:00'), at('11:00:00'))) throw new Error(object.key);
});

test('reads text', async () => {
  s3.on(GetObjectCommand, { Bucket: 'bucket', Key: 'p/k' }).resolves({ Body: { transformToString: async () => 'Zoë' } as never });
  expect(await s3Objects('bucket').read('p/k')).toBe('Zoë');
});

test('retires an object: first its copy, then the object', async () => {
  s3.on(PutObjectCommand).resolves({}).on(DeleteObjectCommand).resolves({});
  await s3Objects('bucket').retire('p/k', 'content');
  expect(s3.calls().map(({ args }) => args[0].input)).toEqual([{ Bucket: 'bucket', Key: 'redriven/p/k', Body: 'content' }, { Bucket: 'bucket', Key: 'p/k' }]);
});

test('what is left of an object stays under its key', async () => {
  s3.on(PutObjectCommand).resolves({});
  await s3Objects('bucket').retire('p/k', 'content', 'left');
  expect(s3.calls().map(({ args }) => args[0].input)).toEqual([{ Bucket: 'bucket', Key: 'redriven/p/k', Body: 'content' }, { Bucket: 'bucket', Key: 'p/k', Body: 'left' }]);
});

test('without a copy nothing is deleted', async () => {
  s3.on(PutObjectCommand).rejects(new Error('AccessDenied'));
  await expect(s3Objects('bucket').retire('p/k', 'content')).rejects.toThrow('AccessDenied');
  expect(s3.commandCalls(DeleteObjectCommand)).toHaveLength(0);
});
