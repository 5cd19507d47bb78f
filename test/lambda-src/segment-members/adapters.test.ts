import { Readable } from 'node:stream';
import { DeleteObjectCommand, GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { s3MemberFiles } from '../../../lambda-src/segment-members/member-files';
import { profileJobs, Progress } from '../../../lambda-src/segment-targets/customer-profiles/jobs';
import { shortName } from '../../../src/contract/profile-segments';
import { givenLists, prepareConfig } from '../support/segment-import';
import { PROFILE_SEGMENTS } from '../support/segment-members';

const s3 = mockClient(S3Client);
beforeEach(() => s3.reset());

describe('files of ids', () => {
  const files = s3MemberFiles({ bucketName: 'work', prefix: 'w' }, new S3Client({ region: 'eu-west-1' }));
  const text = (content: string) => ({ Body: Readable.from([Buffer.from(content)]) as never });
  const all = async (values: AsyncIterable<string>) => {
    const found: string[] = [];
    for await (const value of values) found.push(value);
    return found;
  };

  test('every file of a folder, whatever an id holds', async () => {
    s3.on(ListObjectsV2Command, { Bucket: 'work', Prefix: 'w/prepared/i/a/' }).resolves({ Contents: [{ Key: 'w/prepared/i/a/00000.csv', ETag: '"x"' }, { Key: 'w/prepared/i/a/00002.csv', ETag: '"y"' }] });
    s3.on(GetObjectCommand, { Key: 'w/prepared/i/a/00000.csv' }).resolves(text('"a"\n"b\\n\u2028,\\""\n'));
    s3.on(GetObjectCommand, { Key: 'w/prepared/i/a/00002.csv' }).resolves(text('"c"\n'));
    expect(await all(files.readFolder('s3://work/w/prepared/i/a/'))).toEqual(['a', 'b\n\u2028,"', 'c']);
  });

  test('what is written can be read', async () => {
    s3.on(PutObjectCommand).resolves({});
    const many = Array.from({ length: 20_000 }, (_, index) => `user ${index} "x"\n`);
    expect(await files.write('state/members/d/i.ndjson', many)).toBe('s3://work/w/state/members/d/i.ndjson');
    const { Key, Body } = s3.commandCalls(PutObjectCommand)[0].args[0].input;
    s3.on(GetObjectCommand, { Bucket: 'work', Key: Key! }).resolves(text(String(Body)));
    expect(await all(files.read('state/members/d/i.ndjson'))).toEqual(many);
  });

  test('a connection that breaks in the middle of a file is worth another attempt', async () => {
    const broken = async function* () {
      yield Buffer.from('"a"\n');
      throw Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
    };
    s3.on(GetObjectCommand).resolves({ Body: Readable.from(broken()) as never });
    await expect(all(files.read('k'))).rejects.toMatchObject({ name: 'RetryableError' });
  });

  test('a copy is deleted by its key', async () => {
    s3.on(DeleteObjectCommand).resolves({});
    await files.remove('state/members/d/i.ndjson');
    expect(s3.commandCalls(DeleteObjectCommand).map(({ args }) => args[0].input)).toEqual([{ Bucket: 'work', Key: 'w/state/members/d/i.ndjson' }]);
  });

  test.each([[503, 'RetryableError'], [403, 'DeploymentError']])('a deletion that is answered %d is a %s', async (httpStatusCode, name) => {
    s3.on(DeleteObjectCommand).rejects(Object.assign(new Error('no'), { name: 'x', $metadata: { httpStatusCode } }));
    await expect(files.remove('k')).rejects.toMatchObject({ name });
  });
});

describe('lists', () => {
  const lists = (content: string, columns: Record<string, string> = {}, name = 'VIP.csv', maxMembers = 1000) => {
    const world = givenLists({ [`segments/${name}`]: content }, { ...prepareConfig({ columns, ignoredColumns: ['row'] }), target: { ...PROFILE_SEGMENTS, maxMembers } });
    return { ...world, answer: world.prepare(`segments/${name}`) };
  };
  const linesOf = (written: Map<string, string>, area: string) => [...written].filter(([key]) => key.startsWith(area)).map(([, content]) => content);

  test.each([
    ['a list for Amazon Pinpoint', 'Id,ChannelType,Address,User.UserId\n1,EMAIL,a@x.com,ana\n2,SMS,+1,ben\n', {}, '"ana"\n"ben"\n', { ColumnLeftOut: 3 }],
    ['headers of the CDP', 'row,customer_id\n1, ana \n', { customer_id: 'User.UserId' }, '"ana"\n', {}],
    ['JSON', '{"Address":"x","User":{"UserId":"ana"}}\n{"User":{"UserId":"b\\"n"}}\n', {}, '"ana"\n"b\\"n"\n', {}],
  ])('%s', async (_, content, columns: Record<string, string>, prepared, cuts) => {
    const { answer, written } = lists(content, columns);
    expect(await answer).toMatchObject({ status: 'ready', segment: 'VIP', rows: { rejected: 0, cuts } });
    expect(linesOf(written, 'prepared/')).toEqual([prepared]);
  });

  test.each([
    ['User.UserId\n""\n', 'NoUserId'], ['User.UserId,b\nana\n', 'WrongColumnCount'], [`User.UserId\n${'x'.repeat(256)}\n`, 'InvalidId'], ['User.UserId\na\uFFFD\n', 'NotUtf8'],
    ['{"User":{"UserId":"a\\ud83d"}}\n', 'NotUtf8'], ['{"User":{"UserId":"\\ude00a"}}\n', 'NotUtf8'], ['{"User":{}}\n', 'NoUserId'], ['{"User":{"UserId":7}}\n', 'NotText'], ['{}\n', 'NoUserId'],
  ])('a row that can not be used: %j', async (content, code) => {
    expect(await lists(content).answer).toMatchObject({ status: 'failed', code: 'NoRows', rows: { rejected: 1, reasons: { [code]: 1 } } });
  });

  test('a whole surrogate pair is a character', async () => {
    expect(await lists('{"User":{"UserId":"\\ud83d\\ude00"}}\n').answer).toMatchObject({ status: 'ready', rows: { accepted: 1 } });
  });

  test('an id of 255 characters is taken', async () => {
    expect(await lists(`User.UserId\n${'x'.repeat(255)}\n`).answer).toMatchObject({ status: 'ready', rows: { accepted: 1 } });
  });

  test.each([
    ['other.csv', 'User.UserId\nana\n', 'UndeclaredSegment'], ['vip.csv', 'User.UserId\nana\n', 'UndeclaredSegment'],
    ['VIP.csv', 'Id,Address\n1,x\n', 'MissingColumn'], ['VIP.csv', 'User.UserId,User.UserId\n1,x\n', 'DuplicateColumn'],
  ])('%s: %j is refused as %s', async (name, content, code) => {
    const { answer, written } = lists(content, {}, name);
    expect(await answer).toMatchObject({ status: 'failed', code });
    expect(linesOf(written, 'prepared/')).toEqual([]);
  });

  test.each([[3, 'ready'], [2, 'failed']])('of at most %d members, three are %s', async (most, status) => {
    expect(await lists('User.UserId\na\nb\nc\n', {}, 'VIP.csv', most).answer).toMatchObject({ status, ...status === 'failed' && { code: 'ExportTooLarge' } });
  });
});

describe('what the report is told', () => {
  const progress: Progress = {
    status: 'COMPLETED', segmentId: 'VIP', rows: 5, members: 3, position: 4, changes: 4, written: 3, removed: 1, failed: 0, stillMembers: 0, failures: [],
  };
  const jobs = profileJobs(PROFILE_SEGMENTS);

  test.each<[string, Partial<Progress>, object]>([
    ['all is done', {}, { status: 'COMPLETED', ended: 'completed', segmentId: 'VIP', processed: 5, removed: 1, failed: 0, failures: [] }],
    ['one was refused', { written: 2, failed: 1, failures: ['s3://x'] }, { ended: 'completed', processed: 4, failed: 1, failures: ['s3://x'] }],
    ['it goes on', { status: 'WRITING', written: 1 }, { status: 'WRITING', ended: undefined, processed: 1 }],
    ['the time was over', { status: 'TIMED_OUT' }, { status: 'TIMED_OUT', ended: 'failed' }],
    ['too many were refused', { status: 'FAILED' }, { ended: 'failed' }],
  ])('%s', (_, part, expected) => {
    expect(jobs.result({ ...progress, ...part })).toMatchObject(expected);
  });

  test('the target of its own place, of which no segment can be gone', () => {
    expect([jobs.scope, jobs.request({} as never, undefined), jobs.isSegmentGone('AnyError')]).toEqual(['customerProfiles/amazon-connect-shop', {}, false]);
  });
});

test.each([['VIP', 'VIP'], ['VIP list (März)', 'VIP-list-Marz'], ['a_b-c', 'a_b-c'], ['--x--', 'x'], ['日本', ''], ['50%+', '50']])('the short name of %j is %j', (name, short) => {
  expect(shortName(name)).toBe(short);
});
