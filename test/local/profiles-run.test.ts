import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Report } from '../../local/report';

/** The bundled handler, the synthesized object types and the emulated service together: the CDP's messages go to Customer Profiles and to Amazon Pinpoint. */
const ROOT = resolve(__dirname, '../..');
const FOLDER = mkdtempSync(join(tmpdir(), 'profiles-run-'));
afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

function run(...options: string[]): Report {
  const file = join(FOLDER, 'report.json');
  execFileSync(join(ROOT, 'node_modules', '.bin', 'tsx'), [
    join(ROOT, 'local', 'main.ts'), '--app', join(ROOT, 'test', 'local', 'apps', 'profiles'), '--report', file, ...options,
  ], { cwd: FOLDER, stdio: 'pipe' });
  return JSON.parse(readFileSync(file, 'utf8')) as Report;
}

const STORY = join(ROOT, 'local', 'story', 'segment.ndjson');
const FAULTS = 'PutProfileObject:400x3,PutProfileObject:429x2,PutProfileObject:500x1,SearchProfiles:429x2,UpdateEndpointsBatch:400x4';

test('throttled, refused for the moment and failing: nothing is lost, and both have the same users and events', () => {
  const report = run('--events', STORY, '--faults', FAULTS);
  expect(Object.values(report.records)).toEqual([{ in: 14, done: 10, dropped: { NothingToChange: 1, Anonymous: 1 }, deadLettered: 2 }]);
  expect(report.denied).toEqual([]);
  const { profiles, objects } = report.customerProfiles['amazon-connect-shop']!;
  const byUser = Object.fromEntries(profiles.map((profile) => [profile.AccountNumber, profile]));
  expect(Object.keys(byUser).sort()).toEqual(['ana', 'ben', 'chi']);
  expect(byUser.ana).toMatchObject({
    EmailAddress: 'ana.silva@example.com', PhoneNumber: '+12025550143', FirstName: 'Ana', LastName: 'Silva', Address: { City: 'Lisbon', Country: 'PT' },
    Attributes: { cdpUserId: 'ana', plan: 'premium', Metrics_LifetimeValue: '320.5', EndpointId_PhoneNumber: 'ana:SMS' },
  });
  expect(byUser.ben!.Attributes).toMatchObject({ ChannelType_DeviceToken_1: 'APNS', plan: '-', Demographic_Make: 'Apple' });
  expect(byUser.chi!.Attributes).toMatchObject({ OptOut_PhoneNumber: 'ALL' });
  expect((objects.CdpEvent as { userId: string; eventType: string }[]).map(({ userId, eventType }) => `${userId} ${eventType}`).sort())
    .toEqual(['ana Order Completed', 'ana page', 'ben Product Added']);
}, 180_000);

test('an Amazon Pinpoint that is gone holds nothing back', () => {
  const gone = ['UpdateEndpointsBatch', 'PutEvents', 'GetUserEndpoints', 'DeleteUserEndpoints'].map((operation) => `${operation}:404x99`);
  const report = run('--events', STORY, '--faults', [...gone, 'PutProfileObject:429x2'].join());
  expect(Object.values(report.records)).toEqual([{ in: 14, done: 10, dropped: { NothingToChange: 1, Anonymous: 1 }, deadLettered: 2 }]);
  expect(Object.values(report.pinpoint).map(({ endpoints, events }) => [Object.keys(endpoints), events])).toEqual([[[], []]]);
  expect(report.customerProfiles['amazon-connect-shop']!.profiles).toHaveLength(3);
}, 180_000);
