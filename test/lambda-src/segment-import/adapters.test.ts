import { PassThrough, Readable } from 'node:stream';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import {
  AbortMultipartUploadCommand, CompleteMultipartUploadCommand, CreateMultipartUploadCommand, GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client,
  S3ServiceException, UploadPartCommand,
} from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { s3Documents } from '../../../lambda-src/segment-import/documents';
import { eventBridgeNotices } from '../../../lambda-src/segment-import-control/notices';
import type { Report } from '../../../lambda-src/segment-import-control/report';
import { s3Reports } from '../../../lambda-src/segment-import-control/reports';
import { s3Inbox } from '../../../lambda-src/segment-prepare/inbox';
import { outputOf, s3Outputs } from '../../../lambda-src/segment-prepare/outputs';

const s3 = mockClient(S3Client);
const eventBridge = mockClient(EventBridgeClient);
beforeEach(() => {
  s3.reset();
  eventBridge.reset();
});

const failure = (httpStatusCode: number, name = 'Error'): S3ServiceException =>
  new S3ServiceException({ name, message: name, $fault: 'client', $metadata: { httpStatusCode } });
const body = (text: string) => ({ transformToString: async () => text }) as never;
const WORK = { bucketName: 'work', prefix: 'w' };

describe('documents', () => {
  const documents = s3Documents('work', 'w');

  test('are made only where none is', async () => {
    s3.on(PutObjectCommand).resolvesOnce({}).rejectsOnce(failure(412, 'PreconditionFailed'));
    expect([await documents.create('a.json', { a: 1 }), await documents.create('a.json', { a: 1 })]).toEqual([true, false]);
    expect(s3.commandCalls(PutObjectCommand)[0].args[0].input).toEqual({
      Bucket: 'work', Key: 'w/a.json', Body: '{"a":1}', ContentType: 'application/json', IfNoneMatch: '*',
    });
  });

  test('are replaced only as they were seen', async () => {
    s3.on(GetObjectCommand).resolves({ Body: body('{"a":1}'), ETag: '"e1"' });
    s3.on(PutObjectCommand).resolvesOnce({}).rejectsOnce(failure(412));
    const { document, etag } = await documents.read('a.json');
    expect([document, etag]).toEqual([{ a: 1 }, '"e1"']);
    expect([await documents.replace('a.json', { a: 2 }, etag), await documents.replace('a.json', { a: 3 }, etag)]).toEqual([true, false]);
    expect(s3.commandCalls(PutObjectCommand)[0].args[0].input).toMatchObject({ IfMatch: '"e1"', Body: '{"a":2}' });
  });

  test.each([[409, 'RetryableError'], [503, 'RetryableError'], [500, 'RetryableError'], [403, 'DeploymentError'], [404, 'DeploymentError']])('%d is a %s', async (status, name) => {
    s3.on(PutObjectCommand).rejects(failure(status, status === 404 ? 'NoSuchBucket' : 'AccessDenied'));
    s3.on(GetObjectCommand).rejects(failure(status, 'AccessDenied'));
    await expect(documents.create('a.json', {})).rejects.toMatchObject({ name });
    await expect(documents.read('a.json')).rejects.toMatchObject({ name });
  });
});

describe('documents that may be missing', () => {
  const documents = s3Documents('work', 'w');

  test('are found where they are', async () => {
    s3.on(GetObjectCommand).resolves({ Body: body('{"a":1}'), ETag: '"e1"' });
    expect(await documents.find('a.json')).toEqual({ document: { a: 1 }, etag: '"e1"' });
  });

  test.each([[403, 'AccessDenied'], [404, 'NoSuchKey']])('%d %s is none', async (status, name) => {
    s3.on(GetObjectCommand).rejects(failure(status, name));
    expect(await documents.find('a.json')).toBeUndefined();
  });

  test('anything else is no answer', async () => {
    s3.on(GetObjectCommand).rejects(failure(503, 'SlowDown'));
    await expect(documents.find('a.json')).rejects.toMatchObject({ name: 'RetryableError' });
  });
});

describe('lists', () => {
  const inbox = s3Inbox('lists');

  test('are read as they were announced', async () => {
    s3.on(GetObjectCommand).resolves({ Body: Readable.from(['x']) as never });
    await inbox.open({ key: 'segments/VIP+list (März).csv', etag: 'e', size: 1 });
    expect(s3.commandCalls(GetObjectCommand)[0].args[0].input).toEqual({ Bucket: 'lists', Key: 'segments/VIP+list (März).csv', IfMatch: '"e"' });
  });

  test.each([
    [412, { name: 'Rejection', code: 'SourceChanged' }], [404, { name: 'Rejection', code: 'SourceGone' }], [503, { name: 'RetryableError' }],
    [403, { name: 'DeploymentError', message: expect.stringContaining('or the file is no longer there') }],
  ])('%d', async (status, expected) => {
    s3.on(GetObjectCommand).rejects(failure(status, 'AccessDenied'));
    await expect(inbox.open({ key: 'k', etag: 'e', size: 1 })).rejects.toMatchObject(expected);
  });

  test('a folder is listed to its end, without what tools keep for themselves', async () => {
    s3.on(ListObjectsV2Command)
      .resolvesOnce({ Contents: [{ Key: 'f/a', ETag: '1', Size: 3 }, { Key: 'f/_SUCCESS', ETag: '2', Size: 0 }, { Key: 'f/', ETag: '5', Size: 7 }], NextContinuationToken: 'next' })
      .resolvesOnce({ Contents: [{ Key: 'f/b', ETag: '3', Size: 4 }, { Key: 'f/.b.crc', ETag: '4', Size: 1 }] });
    expect(await inbox.list('f/')).toEqual([{ key: 'f/a', etag: '1', size: 3 }, { key: 'f/b', etag: '3', size: 4 }]);
    expect(s3.commandCalls(ListObjectsV2Command).map(({ args }) => args[0].input)).toEqual([
      { Bucket: 'lists', Prefix: 'f/', Delimiter: '/', ContinuationToken: undefined }, { Bucket: 'lists', Prefix: 'f/', Delimiter: '/', ContinuationToken: 'next' },
    ]);
  });
});

describe('prepared files', () => {
  const open = () => s3Outputs(WORK, new S3Client({ region: 'eu-west-1' })).open('prepared/1/0.csv');
  const MEBIBYTE = 'x'.repeat(1024 * 1024);

  test('a small one is one request', async () => {
    s3.on(PutObjectCommand).resolves({ ETag: 'e' });
    const output = open();
    await output.write('a\n');
    await output.close();
    expect(s3.commandCalls(PutObjectCommand)[0].args[0].input).toMatchObject({ Bucket: 'work', Key: 'w/prepared/1/0.csv', Body: Buffer.from('a\n') });
  });

  test('a large one goes in parts', async () => {
    s3.on(CreateMultipartUploadCommand).resolves({ UploadId: 'u' }).on(UploadPartCommand).resolves({ ETag: 'e' }).on(CompleteMultipartUploadCommand).resolves({});
    const output = open();
    for (let count = 0; count < 17; count += 1) await output.write(MEBIBYTE);
    await output.close();
    expect(s3.commandCalls(UploadPartCommand).map(({ args }) => args[0].input.PartNumber).sort()).toEqual([1, 2, 3]);
    expect(s3.commandCalls(CompleteMultipartUploadCommand)).toHaveLength(1);
  });

  test('an abandoned one leaves no parts behind', async () => {
    s3.on(CreateMultipartUploadCommand).resolves({ UploadId: 'u' }).on(UploadPartCommand).resolves({ ETag: 'e' });
    const output = open();
    for (let count = 0; count < 17; count += 1) await output.write(MEBIBYTE);
    await output.abandon();
    expect(s3.commandCalls(AbortMultipartUploadCommand)).toHaveLength(1);
    expect(s3.commandCalls(CompleteMultipartUploadCommand)).toHaveLength(0);
  });

  test('a refused upload ends the writing with its reason', async () => {
    s3.on(CreateMultipartUploadCommand).rejects(failure(503, 'SlowDown'));
    const output = open();
    const writing = (async () => {
      for (let count = 0; count < 40; count += 1) await output.write(MEBIBYTE);
      await output.close();
    })();
    await expect(writing).rejects.toMatchObject({ name: 'RetryableError', message: 'Amazon S3: SlowDown' });
  });

  test('a slow upload slows the writing down', async () => {
    const stream = new PassThrough({ highWaterMark: 4 });
    const output = outputOf(stream, new Promise(() => undefined));
    let written = false;
    const writing = output.write('more than four').then(() => void (written = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(written).toBe(false);
    stream.resume();
    await writing;
  });
});

describe('answers', () => {
  const report: Report = {
    version: 1, importId: '1', segment: 'VIP', status: 'imported', source: { bucket: 'lists', key: 'k', etag: 'e' },
    rows: { read: 1, accepted: 1, rejected: 0, reasons: {}, cuts: {} }, execution: 'arn', startedAt: '2026-11-23T10:00:00Z', endedAt: '2026-11-23T10:01:00Z', durationMillis: 60_000,
  };

  test.each([['VIP', 'w/reports/VIP/1.json'], ['', 'w/reports/_/1.json'], ['x'.repeat(513), 'w/reports/_/1.json']])('the report of segment %p lies at %s', async (segment, Key) => {
    s3.on(PutObjectCommand).resolves({});
    expect(await s3Reports(WORK).write({ ...report, segment })).toBe(`s3://work/${Key}`);
    expect(s3.commandCalls(PutObjectCommand)[0].args[0].input).toMatchObject({ Bucket: 'work', Key, ContentType: 'application/json' });
  });

  test('the event', async () => {
    eventBridge.on(PutEventsCommand).resolves({ Entries: [{ EventId: '1' }] });
    await eventBridgeNotices('bus').send(report, 's3://r');
    const [entry] = eventBridge.commandCalls(PutEventsCommand)[0].args[0].input.Entries!;
    expect(entry).toMatchObject({ EventBusName: 'bus', Source: 'cdk-cdp-engagement', DetailType: 'Segment Import Ended', Time: new Date('2026-11-23T10:01:00Z') });
    expect(JSON.parse(entry.Detail!)).toMatchObject({ importId: '1', segment: 'VIP', status: 'imported', report: 's3://r' });
  });

  test.each([[{ Entries: [{ ErrorCode: 'InternalFailure' }] }], [{}]])('an event that was not taken is sent again: %j', async (answer) => {
    eventBridge.on(PutEventsCommand).resolves(answer);
    await expect(eventBridgeNotices('bus').send(report, 's3://r')).rejects.toMatchObject({ name: 'RetryableError' });
  });
});
