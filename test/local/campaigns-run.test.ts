import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Report } from '../../local/report';
import records from '../fixtures/customer-profiles-stream/records.json';

/** A domain whose event stream the emulated service writes to: what the CDP wrote goes around and is left alone, what campaigns write is told. */
const ROOT = resolve(__dirname, '../..');
const FOLDER = mkdtempSync(join(tmpdir(), 'campaigns-run-'));
afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

function run(...options: string[]): Report {
  const file = join(FOLDER, 'report.json');
  execFileSync(join(ROOT, 'node_modules', '.bin', 'tsx'), [
    join(ROOT, 'local', 'main.ts'), '--app', join(ROOT, 'test', 'local', 'apps', 'campaigns'), '--report', file, ...options,
  ], { cwd: FOLDER, stdio: 'pipe' });
  return JSON.parse(readFileSync(file, 'utf8')) as Report;
}

function written(name: string, items: readonly object[]): string {
  const file = join(FOLDER, name);
  writeFileSync(file, items.map((item) => JSON.stringify(item)).join('\n'));
  return file;
}

const told = ({ cdp }: Report): any[] => cdp.filter(({ status }) => status === 200).flatMap(({ body }) => (body as { batch: object[] }).batch);

test('users are found by their profiles, whatever BatchGetProfile answers at first; what cannot be read is kept; nothing goes in a circle', () => {
  const users = ['ana', 'ben'].map((userId) => ({ type: 'identify', userId, traits: { email: `${userId}@example.com` }, messageId: userId, timestamp: '2026-11-20T07:00:00Z' }));
  const event = { type: 'track', userId: 'ana', event: 'Order Completed', messageId: 'order', timestamp: '2026-11-20T07:00:01Z' };
  const of = (userId: string, name: keyof typeof records, more: object = {}) => ({ ...records[name], AssociatedProfileId: userId, ...more });
  const report = run(
    '--events', written('events.ndjson', [...users, event]),
    '--engagement', written('changes.ndjson', [
      of('ana', 'emailSend'), of('ben', 'emailBounce'), of('ana', 'emailClick'), of('ana', 'telephony'), of('f'.repeat(32), 'emailOpen'),
      of('ana', 'orchestration', { Object: { campaign_id: 'c' } }), records.profileCreated,
    ]),
    '--faults', 'BatchGetProfile:429x1,BatchGetProfile:500x1',
  );
  // Each of 3 objects and what it makes of a profile, and the profile of the file.
  expect(report.records['Campaigns/Feedback']).toEqual({ in: 3 * 2 + 7, done: 5, dropped: { FilterCriteria: 3 * 2 + 1 }, deadLettered: 1 });
  expect(report.deadLetters).toMatchObject([{ code: 'MissingEventType' }]);
  expect(report.denied).toEqual([]);
  expect(told(report).map((track) => [track.event, track.userId ?? track.anonymousId]).sort()).toEqual([
    ['Campaign-Telephony.Answered', 'ana'], ['Email Bounced', 'ben'], ['Email Link Clicked', 'ana'], ['Email Opened', 'f'.repeat(32)], ['Email Sent', 'ana'],
  ]);
  expect(report.customerProfiles['amazon-connect-shop']!.profiles).toHaveLength(2);
}, 180_000);

test('the built-in story', () => {
  const report = run();
  expect(report.records['Campaigns/Feedback']).toMatchObject({ done: 5, deadLettered: 0 });
  expect(told(report).map(({ userId }) => userId)).toEqual(expect.arrayContaining(['ana', 'ben', 'chi']));
}, 180_000);
