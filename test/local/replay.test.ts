import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { Exported, readExport } from '../../local/replay/read';
import { CollectOptions, Users } from '../../local/replay/users';
import { Report } from '../../local/report';
import { changesOf } from '../lambda-src/support/plans';
import { createProfilesTarget, mockProfiles, takeAll, usersPut } from '../lambda-src/support/profiles';
import { apply } from '../lambda-src/support/target';

const ROOT = resolve(__dirname, '../..');
const FIXTURES = join(ROOT, 'test', 'fixtures', 'pinpoint-export');
const FOLDER = mkdtempSync(join(tmpdir(), 'replay-'));
afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

async function read(file: string): Promise<Exported[]> {
  const endpoints: Exported[] = [];
  for await (const endpoint of readExport(file)) endpoints.push(endpoint);
  return endpoints;
}

function collect(endpoints: readonly Exported[], options?: CollectOptions): Users {
  const users = new Users(options);
  endpoints.forEach((endpoint) => users.add(endpoint));
  return users;
}

function written(name: string, content: string | Buffer): string {
  writeFileSync(join(FOLDER, name), content);
  return join(FOLDER, name);
}

describe('reading', () => {
  test('JSON lines and CSV, compressed or not', async () => {
    const plain = join(FIXTURES, 'endpoints.ndjson');
    expect(await read(plain)).toHaveLength(5);
    expect(await read(written('part-0.gz', gzipSync(readFileSync(plain))))).toEqual(await read(plain));
    const csv = join(FIXTURES, 'endpoints.csv');
    expect(await read(csv)).toEqual([
      { Id: 'c1', ChannelType: 'EMAIL', Address: 'chi@example.com', OptOut: 'NONE', Location: { Country: 'NO', Latitude: 59.9 }, Metrics: { LifetimeValue: 12 },
        Attributes: { interests: ['shoes', 'bags, small'] }, User: { UserId: 'chi', UserAttributes: { plan: ['gold'] } } },
      { Id: 'c2', ChannelType: 'SMS', Address: '+12065550102', OptOut: 'ALL', User: { UserId: 'chi' } },
    ]);
    expect(await read(written('c.csv.gz', gzipSync(readFileSync(csv))))).toEqual(await read(csv));
  });

  test.each([
    ['not JSON', 'a.ndjson', '{"Id":"a"}\n{', 'line 2: not JSON'],
    ['not an endpoint', 'b.ndjson', '[]', 'line 1: not an endpoint'],
    ['an unknown column', 'd.csv', 'Id,Colour\na,red\n', 'Amazon Pinpoint has no column "Colour"'],
    ['a row that is too short', 'e.csv', 'Id,Address\na\n', 'Invalid Record Length'],
    ['not compressed', 'f.gz', '{"Id":"a"}\n{"Id":"b"}\n', 'incorrect header check'],
  ])('%s ends it', async (_, name, content, message) => {
    await expect(read(written(name, content))).rejects.toThrow(message);
  });
});

test('what an export holds is told before anything is written', async () => {
  const endpoints = [...await read(join(FIXTURES, 'endpoints.ndjson')), ...await read(join(FIXTURES, 'endpoints.csv'))];
  expect(collect(endpoints).inventory()).toEqual({
    endpoints: 7, users: 3, withoutUser: 1, channels: { EMAIL: 4, SMS: 2, GCM: 1 }, optedOut: 4, inactive: 1,
    attributes: ['FirstName', 'interests', 'plan'], metrics: ['LifetimeValue'], tooManyAddresses: [], differing: 1,
  });
  const many = Array.from({ length: 6 }, (_, index) => ({ Id: `e${index}`, ChannelType: 'EMAIL', User: { UserId: 'u' } }));
  expect(collect(many).inventory().tooManyAddresses).toEqual(['u']);
  expect(collect(many.slice(1)).inventory().tooManyAddresses).toEqual([]);
});

test('a user is one record: active endpoints first, then by their ids; nothing of the service\'s own goes along', async () => {
  const [ana] = [...collect(await read(join(FIXTURES, 'endpoints.ndjson'))).records()];
  expect(ana!.partitionKey).toBe('ana');
  expect(ana!.body.Item.map(({ Id }) => Id)).toEqual(['e-ana-1', 'e-ana-3', 'e-ana-2']);
  expect(Object.keys(ana!.body.Item[2]!)).toEqual([
    'Id', 'ChannelType', 'Address', 'EndpointStatus', 'OptOut', 'Attributes', 'Metrics', 'Location', 'Demographic', 'User',
  ]);
});

test('an endpoint without a user goes on its own, or with its id as user', () => {
  const [endpoint] = [{ Id: 'e', ChannelType: 'EMAIL', Address: 'a@example.com' }];
  expect([...collect([endpoint]).records()]).toEqual([{ partitionKey: 'e', body: { Item: [endpoint] } }]);
  expect([...collect([endpoint], { userFromEndpoint: true }).records()]).toEqual([
    { partitionKey: 'e', body: { Item: [{ ...endpoint, User: { UserId: 'e' } }] } },
  ]);
});

const stub = mockProfiles();

interface Endpoint extends Exported {
  readonly Id: string;
  readonly Address: string;
  readonly ChannelType: string;
  readonly OptOut: string;
  readonly EndpointStatus: string;
  readonly User: { readonly UserId: string };
}

/** Some have the id that the construct gives to the CDP's first address, which has the first field. */
const exported: fc.Arbitrary<Endpoint[]> = fc.uniqueArray(fc.tuple(fc.boolean(), fc.record({
  Id: fc.string({ minLength: 1, maxLength: 8 }).map((id) => `e-${id}`),
  ChannelType: fc.constantFrom('EMAIL', 'SMS', 'VOICE', 'GCM', 'APNS', 'CUSTOM'),
  Address: fc.string({ minLength: 1, maxLength: 200 }), OptOut: fc.constantFrom('ALL', 'NONE'), EndpointStatus: fc.constantFrom('ACTIVE', 'INACTIVE'),
  User: fc.record({ UserId: fc.constantFrom('u', 'v', 'w') }),
})).map(([isOwn, one]) => isOwn ? { ...one, Id: `${one.User.UserId}:${one.ChannelType}`, Address: `own ${one.Address}` } : one), { selector: ({ Id }) => Id.toLowerCase(), maxLength: 15 });

/** The profiles after a replay, with what each keeps of every endpoint. */
async function replay(endpoints: readonly Exported[]): Promise<Record<string, Record<string, string>>> {
  stub.reset();
  takeAll(stub);
  const records = [...collect(endpoints).records()].flatMap(({ body }) => changesOf('pinpoint', [body]));
  await apply(createProfilesTarget(), records);
  const profiles: Record<string, Record<string, string>> = {};
  for (const { userId, ...fields } of usersPut(stub)) profiles[userId] = { ...profiles[userId], ...fields };
  return profiles;
}

test('no opt-out, id, status, address or token is lost, whatever the order of the export', async () => {
  await fc.assert(fc.asyncProperty(exported.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))), async ([all, shuffled]) => {
    const fits = collect(all).inventory().tooManyAddresses;
    const profiles = await replay(all);
    for (const { Id, Address, ChannelType, OptOut, EndpointStatus, User: { UserId } } of all.filter((one) => !fits.includes(one.User.UserId))) {
      const facts = profiles[UserId] ?? {};
      const field = Object.keys(facts).find((name) => name.startsWith('EndpointId_') && facts[name] === Id)?.slice('EndpointId_'.length);
      expect(field).toBeDefined();
      expect([facts[field!], facts[`OptOut_${field}`], facts[`EndpointStatus_${field}`], facts[`ChannelType_${field}`] ?? 'EMAIL'])
        .toEqual([Address, OptOut, EndpointStatus, ChannelType]);
    }
    expect(await replay(shuffled)).toEqual(profiles);
  }));
});

test('from the exported files to profiles: the script, the stream, the handler and the emulated domain', () => {
  const records = join(FOLDER, 'records.ndjson');
  const tsx = (...args: string[]) => execFileSync(join(ROOT, 'node_modules', '.bin', 'tsx'), args, { cwd: FOLDER, stdio: 'pipe', encoding: 'utf8' });
  const files = ['endpoints.ndjson', 'endpoints.csv'].map((name) => join(FIXTURES, name));
  expect(JSON.parse(tsx(join(ROOT, 'local', 'replay', 'main.ts'), '--out', records, ...files))).toMatchObject({ endpoints: 7, users: 3 });
  const reportFile = join(FOLDER, 'report.json');
  tsx(join(ROOT, 'local', 'main.ts'), '--app', join(ROOT, 'test', 'local', 'apps', 'profiles'), '--format', 'auto', '--events', records, '--report', reportFile);
  const report = JSON.parse(readFileSync(reportFile, 'utf8')) as Report;
  expect(report.deadLetters.map(({ code }) => code)).toEqual(['MissingUserId']);
  const profiles = Object.fromEntries(report.customerProfiles['amazon-connect-shop']!.profiles.map((profile) => [profile.AccountNumber, profile]));
  expect(profiles.ana).toMatchObject({
    EmailAddress: 'ana@example.com', PersonalEmailAddress: 'ana.old@example.com', FirstName: 'Ana', Address: { City: 'Lisbon', Country: 'PT' },
    Attributes: {
      EndpointId_EmailAddress: 'e-ana-3', OptOut_EmailAddress: 'NONE', EndpointId_PersonalEmailAddress: 'e-ana-2', OptOut_PersonalEmailAddress: 'ALL',
      EndpointStatus_PersonalEmailAddress: 'INACTIVE', DeviceToken_1: 'fcm-token-of-ana', ChannelType_DeviceToken_1: 'GCM', OptOut_DeviceToken_1: 'ALL',
      plan: 'gold', Metrics_LifetimeValue: '320.5', Location_Latitude: '38.7', Demographic_Locale: 'pt_PT',
    },
  });
  expect(profiles.ben).toMatchObject({ PhoneNumber: '+12065550101', Attributes: { OptOut_PhoneNumber: 'ALL', EndpointId_PhoneNumber: 'e-ben-1' } });
  expect(profiles.chi).toMatchObject({ EmailAddress: 'chi@example.com', PhoneNumber: '+12065550102', Attributes: { interests: 'shoes,bags, small', OptOut_PhoneNumber: 'ALL' } });
}, 180_000);
