import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Report } from '../../local/report';
import mails from '../fixtures/ses/events.json';
import texts from '../fixtures/sms/events.json';

/** The whole run of the example on the services that live on, as a user starts it. */

const ROOT = resolve(__dirname, '../..');
const APP = join(ROOT, 'examples', 'typescript', 'cdp-engagement-connect');
const FOLDER = mkdtempSync(join(tmpdir(), 'local-run-'));

afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

async function run(...options: string[]) {
  const file = join(FOLDER, 'report.json');
  rmSync(file, { force: true });
  const tsx = join(ROOT, 'node_modules', '.bin', 'tsx');
  const child = spawn(tsx, [join(ROOT, 'local', 'main.ts'), '--report', file, '--app', APP, ...options], { cwd: FOLDER });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => { output += chunk.toString(); });
  const status = await new Promise<number | null>((done) => child.once('close', done));
  return { status, output, report: JSON.parse(readFileSync(file, 'utf8')) as Report };
}

function written(name: string, content: unknown): string {
  const file = join(FOLDER, name);
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

const told = ({ cdp }: Report): any[] => cdp.filter(({ status }) => status === 200).flatMap(({ body }) => (body as { batch: object[] }).batch);
const recordsOf = ({ records }: Report, name: string) => records[`CdpEngagementConnectExample/${name}`];

test('the built-in story: e-mails, text messages and a custom action', async () => {
  const { status, output, report } = await run();
  expect(output).toContain('The address of ben does not exist: the CDP knows it now by the event "Email Bounced".');
  expect(output).toContain('None was lost.');
  expect(status).toBe(0);
  expect(report.denied).toEqual([]);
}, 180_000);

const profile = (ProfileId: string, CustomerData: string) => ({ ProfileId, CustomerData, IdempotencyToken: `token-${ProfileId}` });
const ACTION = {
  InvocationMetadata: { CampaignContext: { CampaignId: 'c1', RunId: 'c1#2026-11-27T10-00-00Z', ActionId: 'Give', CampaignName: 'Welcome' } },
  Items: {
    CustomerProfiles: [
      profile('known', '{"attributes":{"cdpUserId":"user-97980"}}'), profile('unknown', '{"email":"ben@example.com"}'), profile('broken', '{'),
    ],
  },
};

test('events last first, twice, of several recipients and of users whom no tag names; a CDP that fails; a profile that nobody knows: nothing is lost', async () => {
  const [mail, text] = [
    written('mails.ndjson', Object.values(mails).reverse().map((event) => JSON.stringify(event)).join('\n')), written('texts.json', Object.values(texts).reverse()),
  ];
  const { status, output, report } = await run(
    '--engagement', mail, text, '--offer', written('action.json', ACTION), '--faults', 'cdp:503x4,notification:duplicatex2',
  );
  expect(output).toContain('1 of them are of types that no event destination of the app has: they are not published');
  expect(status).toBe(0);
  expect(recordsOf(report, 'Feedback')).toEqual({ in: 20, done: 19, dropped: { NotWanted: 1 }, deadLettered: 0 });
  expect(recordsOf(report, 'TextFeedback')).toEqual({ in: 8, done: 6, dropped: { FilterCriteria: 2 }, deadLettered: 0 });
  expect(recordsOf(report, 'TwentyOff')).toEqual({ in: 3, done: 2, dropped: {}, deadLettered: 1 });
  expect(report.deadLetters).toMatchObject([{ code: 'InvalidProfile' }]);
  const once = [...new Map(told(report).map((track) => [track.messageId, track])).values()];
  expect(once).toHaveLength(17 + 6 + 2);
  const bounced = once.filter(({ event }) => event === 'Email Bounced').map(({ context }) => context.traits.email);
  expect(bounced.sort()).toEqual(['ana@example.com', 'ana@example.com', 'ana@example.com', 'ana@example.com', 'ben@example.com']);
  const anonymous = once.filter(({ userId }) => userId === undefined).map(({ anonymousId, context }) => [anonymousId, context.traits]);
  expect(anonymous).toEqual(expect.arrayContaining([
    [expect.stringMatching(/^[0-9a-f]{32}$/), { email: 'Ana@Example.com' }],
    [expect.stringMatching(/^[0-9a-f]{32}$/), { phone: '+14255550199' }],
    ['unknown', { email: 'ben@example.com' }],
  ]));
  const [{ output: answer }] = report.offers as { output: any }[];
  expect(answer.Items.CustomerProfiles).toEqual([
    { Id: 'known', ResultData: expect.objectContaining({ offer_id: '20_OFF' }) },
    { Id: 'unknown', ResultData: expect.objectContaining({ offer_id: '20_OFF' }) },
    { Id: 'broken', ResultData: { errorCode: 'InvalidProfile' } },
  ]);
}, 180_000);

test('events of a service that the app does not read are refused', async () => {
  const record = { event_type: '_email.open', client: { client_id: 'e1' }, event_timestamp: 1 };
  const { status, output } = await run('--engagement', written('pinpoint.json', record));
  expect(output).toContain('the app reads events of Amazon SES and AWS End User Messaging, and some of these are of Amazon Pinpoint');
  expect(status).toBe(1);
}, 120_000);
