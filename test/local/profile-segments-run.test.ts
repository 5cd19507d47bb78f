import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Report } from '../../local/report';

/** Lists of an app on Customer Profiles, from the drop in S3 to the segment: the real template, workflow and functions. */
const ROOT = resolve(__dirname, '../..');
const FOLDER = mkdtempSync(join(tmpdir(), 'profile-segments-'));
afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

const HEADER = 'customer_id,email\n';
const rows = (...users: string[]) => users.map((user) => `${user},${user}@example.com\n`).join('');
let count = 0;

/** `segments/<key>=<file>` */
function listOf(key: string, content: string): string {
  const file = join(FOLDER, `drop-${count += 1}`);
  writeFileSync(file, content);
  return `segments/${key}=${file}`;
}

interface Ended { readonly segment: string; readonly status: string; readonly code?: string; readonly job?: Record<string, unknown>; readonly rows: Record<string, unknown> }

async function run(script: string, before: readonly string[], options: readonly string[]) {
  const reportFile = join(FOLDER, 'report.json');
  const app = join(ROOT, 'test', 'local', 'apps', 'profile-segments');
  const child = spawn(join(ROOT, 'node_modules', '.bin', 'tsx'), [join(ROOT, script), ...before, '--app', app, '--report', reportFile, ...options], { cwd: FOLDER });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => { output += chunk.toString(); });
  const status = await new Promise<number | null>((done) => child.once('close', done));
  expect({ status, output }).toEqual({ status: 0, output: expect.not.stringContaining('problem') });
  const report = JSON.parse(readFileSync(reportFile, 'utf8')) as Report;
  expect(report.denied).toEqual([]);
  const ended = report.cdp.map(({ body }) => (body as { Detail: Ended }).Detail);
  const { segments, profiles } = report.customerProfiles['amazon-connect-shop']!;
  const members = (name: string) => segments.find(({ displayName }) => displayName === name)!.members;
  return { report, ended, members, profiles };
}

test('a second list adds and removes members, through 429s, concurrent updates and failures, and the users of the live stream keep what they have', async () => {
  const events = join(FOLDER, 'events.ndjson');
  writeFileSync(events, ['ana', 'ben'].map((userId) => JSON.stringify({
    type: 'identify', messageId: userId, userId, timestamp: '2026-11-23T10:00:00Z', traits: { email: `${userId}@example.com`, plan: 'gold' },
  })).join('\n'));
  const first = listOf('VIP list (März)/1.csv', HEADER + rows('ana', 'ben', 'ana'));
  const second = listOf('VIP list (März)/2.csv', HEADER + rows('ben', 'chi'));
  const { ended, members, profiles } = await run('test/local/two-drops.ts', [second, '--'], [
    '--events', events, '--segment', first, '--faults', 'PutProfileObject:429x3,PutProfileObject:400x2,PutProfileObject:500x1,SearchProfiles:429x2',
  ]);
  expect(ended).toMatchObject([
    { segment: 'VIP list (März)', status: 'imported', rows: { read: 3, cuts: { ColumnLeftOut: 1 } }, job: { status: 'COMPLETED', segmentId: 'VIP-list-Marz', processed: 3, removed: 0, failed: 0 } },
    { segment: 'VIP list (März)', status: 'imported', job: { processed: 2, removed: 1 } },
  ]);
  expect([members('VIP list (März)'), members('lapsed')]).toEqual([['ben', 'chi'], []]);
  const byUser = Object.fromEntries(profiles.map((profile) => [profile.AccountNumber, profile]));
  expect(Object.keys(byUser).sort()).toEqual(['ana', 'ben', 'chi']);
  expect(byUser.ana).toMatchObject({ EmailAddress: 'ana@example.com', Attributes: { 'plan': 'gold', 'Segment_VIP-list-Marz': '-' } });
}, 180_000);

test('lists that can not become members, and a notification that comes twice: each ends in the right report', async () => {
  const bad = Array.from({ length: 1000 }, () => ',x@example.com\n').join('');
  const { ended, members, report } = await run('local/main.ts', [], [
    '--segment', listOf('other.csv', HEADER + rows('ana')), listOf('lapsed.csv', HEADER + rows('ana', 'ben') + bad), listOf('VIP list (März).csv', 'email\nana@example.com\n'),
    '--faults', 'notification:duplicatex1',
  ]);
  const summary = ended.map(({ segment, status, code }) => [`${segment}: ${status}`, ...code === undefined ? [] : [code]].join(' ')).sort();
  expect(summary).toEqual(['VIP list (März): failed MissingColumn', 'lapsed: imported with failures', 'other: failed UndeclaredSegment']);
  expect(ended.find(({ segment }) => segment === 'lapsed')).toMatchObject({ rows: { accepted: 2, rejected: 1000, reasons: { NoUserId: 1000 } }, job: { processed: 2 } });
  expect([members('lapsed'), members('VIP list (März)')]).toEqual([['ana', 'ben'], []]);
  expect(report.executions).toHaveLength(4);
}, 180_000);

const LARGE = ['ana', 'ben', 'chi', 'dan', 'e"v,e'];
const csv = (users: readonly string[]) => `${HEADER}${users.map((user) => `"${user.replaceAll('"', '""')}",x@example.com\n`).join('')}`;

test('large lists by upload jobs: through files that do not arrive and calls that fail, and a small list after them removes', async () => {
  const [first, second] = [listOf('lapsed/1.csv', csv(LARGE)), listOf('lapsed/2.csv', csv(['ben']))];
  const { ended, members, report } = await run('test/local/two-drops.ts', [second, '--'], [
    '--segment', first, '--faults', 'CreateUploadJob:500x1,GetUploadJobPath:429x1,PutUploadFile:resetx1,PutUploadFile:403x1,StartUploadJob:500x1,GetUploadJob:429x1',
  ]);
  expect(ended).toMatchObject([
    { status: 'imported', job: { status: 'COMPLETED', jobId: expect.stringMatching(/^[0-9a-f]{32}$/), processed: 5, removed: 0, failed: 0 } },
    { status: 'imported', job: { processed: 1, removed: 4 } },
  ]);
  expect(members('lapsed')).toEqual(['ben']);
  expect(report.customerProfiles['amazon-connect-shop']!.objects.CdpSegmentMember).toHaveLength(5);
}, 180_000);

test.each(['failures', 'FAILED'])('an upload job that ends with %s: nobody is missing', async (outcome) => {
  const { ended, members, report } = await run('local/main.ts', [], ['--segment', listOf('lapsed.csv', csv(LARGE)), '--faults', `uploadJob:${outcome}x1`]);
  expect(ended).toMatchObject([{ status: 'imported', job: { status: 'COMPLETED', processed: 5, failed: 0 } }]);
  expect(members('lapsed')).toEqual([...LARGE].sort());
  expect(report.customerProfiles['amazon-connect-shop']!.objects.CdpSegmentMember).toHaveLength(5);
}, 180_000);

test('an upload job that never ends: the list is reported, and the next one stops the job before it writes', async () => {
  const [first, second] = [listOf('lapsed/1.csv', csv(LARGE)), listOf('lapsed/2.csv', csv(['zoe']))];
  const { ended, members } = await run('test/local/two-drops.ts', [second, '--'], ['--segment', first, '--faults', 'uploadJob:stuckx1']);
  expect(ended).toMatchObject([
    { status: 'failed', code: 'JobTimeout', job: { status: 'WRITING', processed: 0 } },
    { status: 'imported', job: { status: 'COMPLETED', processed: 1, removed: 5 } },
  ]);
  expect(members('lapsed')).toEqual(['zoe']);
}, 180_000);
