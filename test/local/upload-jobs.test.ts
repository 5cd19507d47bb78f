import { createHash } from 'node:crypto';
import {
  CreateUploadJobCommand, CustomerProfilesClient, GetUploadJobCommand, GetUploadJobPathCommand, StartUploadJobCommand, StopUploadJobCommand,
} from '@aws-sdk/client-customer-profiles';
import { Gateway } from '../../local/gateway';
import { Keys } from '../../local/iam/keys';
import { Recorder } from '../../local/recorder';
import { CustomerProfiles } from '../../local/services/customer-profiles/customer-profiles';
import { readUpload } from '../../local/services/customer-profiles/upload-file';

const DomainName = 'amazon-connect-shop';
const field = (name: string, Target: string) => ({ Source: `_source.${name}`, Target: `_profile.${Target}`, ContentType: 'STRING' as const });
const JOB = { DisplayName: 'one', UniqueKey: 'userId', DataExpiry: 30, Fields: { userId: field('userId', 'AccountNumber'), plan: field('plan', 'Attributes.plan') } };

let clock = 0;
let gateway: Gateway | undefined;
afterEach(() => gateway?.close());

async function start(outcome?: string) {
  const service = new CustomerProfiles(() => clock);
  service.outcome = () => outcome;
  const domain = service.domain(DomainName);
  domain.putObjectType({
    name: 'User', description: 'users', allowProfileCreation: true, expirationDays: 30,
    fields: [{ name: 'id', source: '_source.id', target: '_profile.AccountNumber' }, { name: 'mail', source: '_source.mail', target: '_profile.EmailAddress' }],
    keys: [{ name: 'userId', fieldNames: ['id'], identifiers: ['UNIQUE', 'PROFILE'] }],
  });
  const keys = new Keys();
  gateway = await Gateway.start({ service, recorder: new Recorder(), keys, statementsOf: () => [] });
  const client = new CustomerProfilesClient({ endpoint: gateway.url, region: 'us-east-1', credentials: keys.issue({ construct: 'local' }), maxAttempts: 1 });
  const create = async (changed: object = {}) => (await client.send(new CreateUploadJobCommand({ DomainName, ...JOB, ...changed }))).JobId!;
  const path = async (JobId: string) => client.send(new GetUploadJobPathCommand({ DomainName, JobId }));
  const begin = async (JobId: string) => client.send(new StartUploadJobCommand({ DomainName, JobId }));
  const stop = async (JobId: string) => client.send(new StopUploadJobCommand({ DomainName, JobId }));
  const get = async (JobId: string) => client.send(new GetUploadJobCommand({ DomainName, JobId }));
  const put = async (JobId: string, body: string | Buffer, changed: Record<string, string> = {}, url?: string) => {
    const { Url, ClientToken } = await path(JobId);
    const name = 'x-amz-server-side-encryption-customer';
    const headers = {
      [`${name}-algorithm`]: 'AES256', [`${name}-key`]: ClientToken!, [`${name}-key-MD5`]: createHash('md5').update(Buffer.from(ClientToken!, 'base64')).digest('base64'), ...changed,
    };
    return (await fetch(url ?? Url!, { method: 'PUT', headers, body: new Uint8Array(Buffer.from(body)) })).status;
  };
  const run = async (body: string | Buffer) => {
    const JobId = await create();
    expect(await put(JobId, body)).toBe(200);
    await begin(JobId);
    expect(await get(JobId)).toMatchObject({ Status: 'IN_PROGRESS' });
    clock += 150;
    return get(JobId);
  };
  return { service, domain, create, path, begin, stop, get, put, run };
}

test('created, sent a file, started, done: rows update the profile of their key and make others', async () => {
  const { domain, run, service } = await start();
  domain.putObject('User', JSON.stringify({ id: 'ana', mail: 'ana@example.com' }));
  domain.settle(Infinity);
  expect(await run('userId,plan\nana,gold\n"b,n",\n')).toMatchObject({ ...JOB, Status: 'SUCCEEDED', ResultsSummary: { UpdatedRecords: 1, CreatedRecords: 1, FailedRecords: 0 } });
  expect(service.content()[DomainName]!.profiles).toEqual([
    { ProfileId: expect.any(String), AccountNumber: 'ana', EmailAddress: 'ana@example.com', Attributes: { plan: 'gold' } }, { ProfileId: expect.any(String), AccountNumber: 'b,n' },
  ]);
  // What came by a file is found by the keys of objects.
  domain.putObject('User', JSON.stringify({ id: 'b,n', mail: 'b@example.com' }));
  domain.settle(Infinity);
  expect(domain.profiles.size).toBe(2);
});

test.each([
  ['failures', { Status: 'PARTIALLY_SUCCEEDED', ResultsSummary: { CreatedRecords: 1, FailedRecords: 1 } }], ['FAILED', { Status: 'FAILED', StatusReason: 'VALIDATION_FAILURE' }],
  ['stuck', { Status: 'IN_PROGRESS' }],
])('with the outcome %s', async (outcome, expected) => {
  const { run, stop, get } = await start(outcome);
  const job = await run('userId,plan\na,x\nb,y\n');
  expect(job).toMatchObject(expected);
  if (outcome === 'stuck') {
    await stop(job.JobId!);
    expect(await get(job.JobId!)).toMatchObject({ Status: 'STOPPED' });
  } else {
    await expect(stop(job.JobId!)).rejects.toThrow('the upload job is');
  }
});

test('a row without its key, or with too long a value, fails by itself', async () => {
  const { run } = await start();
  expect(await run(`userId,plan\na,x\n,y\nb,${'x'.repeat(256)}\n`)).toMatchObject({ Status: 'PARTIALLY_SUCCEEDED', ResultsSummary: { CreatedRecords: 1, FailedRecords: 2 } });
});

test.each([
  ['a byte order mark', '\uFEFFuserId,plan\na,x\n'], ['no rows', 'userId,plan\n'], ['a column too few', 'userId\na\n'], ['no UTF-8', Buffer.from('userId,plan\n\xff,x\n', 'latin1')],
  ['a row that is too short', 'userId,plan\na\n'], ['an open quotation mark', 'userId,plan\n"a,x\n'],
])('a file with %s fails as a whole', async (_, body) => {
  expect(await (await start()).run(body)).toMatchObject({ Status: 'FAILED', StatusReason: 'VALIDATION_FAILURE' });
});

describe('limits of a file', () => {
  const columns = (count: number) => `${['userId', ...Array.from({ length: count - 1 }, (_, index) => `c${index}`)].join()}\n${'x,'.repeat(count - 1)}x\n`;
  test.each([[25, 'taken'], [26, 'more than 25 columns']])('%d columns', (count, expected) => {
    const read = () => readUpload(Buffer.from(columns(count)), [{ name: 'userId', source: '_source.userId' }]);
    if (expected === 'taken') expect(read()).toHaveLength(1);
    else expect(read).toThrow(expected);
  });

  test.each([[18, 'taken'], [17, '17 bytes or more']])('17 bytes where less than %d are allowed', (bytes, expected) => {
    const read = () => readUpload(Buffer.from('userId,plan\nan,x\n'), [], { bytes, columns: 25 });
    if (expected === 'taken') expect(read()).toEqual([{ userId: 'an', plan: 'x' }]);
    else expect(read).toThrow(expected);
  });
});

test('a file is taken at a URL that is still valid, under the key that goes with it, and nowhere else', async () => {
  const { create, path, put, begin } = await start();
  const id = await create();
  for (const changed of [{ algorithm: 'aws:kms' }, { key: 'AAAA' }, { 'key-MD5': 'AAAA' }]) {
    const [[name, value]] = Object.entries(changed) as [[string, string]];
    expect(await put(id, 'x', { [`x-amz-server-side-encryption-customer-${name}`]: value })).toBe(400);
  }
  const { Url, ClientToken, ValidUntil } = await path(id);
  expect([Buffer.from(ClientToken!, 'base64').length, ValidUntil! > new Date()]).toEqual([32, true]);
  clock += 15 * 60_000;
  expect(await put(id, 'x', {}, Url)).toBe(403);
  expect(await put('f'.repeat(32), 'x').catch((error: Error) => error.name)).toBe('ResourceNotFoundException');
  await expect(begin(id)).rejects.toThrow('no file was uploaded');
  expect(await put(id, 'userId,plan\na,x\n')).toBe(200);
  await begin(id);
  await expect(begin(id)).rejects.toThrow('the upload job is IN_PROGRESS');
  await expect(path(id)).rejects.toThrow('the upload job is IN_PROGRESS');
});

test.each([
  [{ DataExpiry: undefined }, 'never left out'], [{ DataExpiry: 0 }, '1 to 1098'], [{ DataExpiry: 1099 }, '1 to 1098'], [{ UniqueKey: 'other' }, 'none of the fields'],
  [{ DisplayName: 'x'.repeat(256) }, '1 to 255'], [{ Fields: { userId: field('userId', 'Nothing') } }, 'no field Nothing'],
  [{ Fields: { userId: { Source: '_source.userId' } } }, 'every field has a target'],
])('a job is refused: %j', async (changed, message) => {
  await expect((await start()).create(changed)).rejects.toThrow(message);
});

test('a name is given once', async () => {
  const { create } = await start();
  await create();
  await expect(create()).rejects.toThrow('there is an upload job one already');
});
