import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Report } from '../../local/report';

const ROOT = resolve(__dirname, '../..');
const FOLDER = mkdtempSync(join(tmpdir(), 'local-redrive-'));
const OFFERS = join(FOLDER, 'offers.json');
// In the shape of https://docs.aws.amazon.com/pinpoint/latest/developerguide/channels-custom.html
const endpoint = (user: string) => ({ ChannelType: 'EMAIL', Address: `${user}@example.com`, User: { UserId: user } });
writeFileSync(OFFERS, JSON.stringify({
  CampaignId: 'campaign1', ActivityId: 'activity1', Endpoints: { 'ann:EMAIL': endpoint('ann'), 'broken': { User: 'x' }, 'ben:EMAIL': endpoint('ben') },
}));

afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

async function run(faults: string): Promise<{ status: number | null; report: Report }> {
  const file = join(FOLDER, 'report.json');
  const options = ['--offer', OFFERS, '--faults', faults, '--redrive', '--report', file];
  const child = spawn(join(ROOT, 'node_modules', '.bin', 'tsx'), [join(ROOT, 'local', 'main.ts'), ...options], { cwd: FOLDER, stdio: 'ignore' });
  const status = await new Promise<number | null>((done) => child.once('close', done));
  return { status, report: JSON.parse(readFileSync(file, 'utf8')) as Report };
}

/** What failed, who is answered an offer, and how many letters are put back: that of the malformed endpoint each time, which comes again. */
test.each([
  ['a CDP that refuses all', 'cdp:400x100', ['ann:EMAIL', 'ben:EMAIL']],
  ['a queue that is down', 'SendMessageBatch:503x1000', []],
])('%s: once it is mended, a redrive tells the CDP of every offer', async (_, faults, answered) => {
  const { status, report } = await run(faults);
  expect(status).toBe(0);
  expect(report.offers.map(({ output }: { output?: object }) => Object.keys(output!))).toEqual([answered]);
  const users = report.cdp.filter(({ status: answer }) => answer === 200)
    .flatMap(({ body }) => (body as { batch: { event: string; userId: string }[] }).batch.map(({ event, userId }) => `${event} ${userId}`));
  expect(users.sort()).toEqual(['Offer Assigned ann', 'Offer Assigned ben']);
  expect(report.redrives.find(({ construct }) => construct.endsWith('TwentyOff'))!.answer).toEqual({
    objects: expect.any(Number), records: 3, unreadable: 0, left: [], complete: true,
  });
  expect(report.deadLetters.map(({ code }) => code)).toEqual(['InvalidEndpoint']);
  expect(report.denied).toEqual([]);
}, 120_000);
