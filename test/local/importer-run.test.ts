import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Report } from '../../local/report';

const ROOT = resolve(__dirname, '../..');
const FOLDER = mkdtempSync(join(tmpdir(), 'local-importer-'));
const LIST = join(FOLDER, 'VIP+list (März).csv');
writeFileSync(LIST, 'Id,ChannelType,Address,User.UserId\na1,EMAIL,a@example.com,u1\na2,SMS,+16045550182,u2\n');

afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

async function run(...options: string[]): Promise<{ status: number | null; output: string; report: Report }> {
  const file = join(FOLDER, 'report.json');
  const app = join(ROOT, 'test', 'local', 'apps', 'importer');
  const child = spawn(join(ROOT, 'node_modules', '.bin', 'tsx'), [join(ROOT, 'local', 'main.ts'), '--app', app, '--report', file, ...options], { cwd: FOLDER });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => { output += chunk.toString(); });
  const status = await new Promise<number | null>((done) => child.once('close', done));
  return { status, output, report: status === 2 ? {} as Report : JSON.parse(readFileSync(file, 'utf8')) as Report };
}

/** Faults, number of executions, how they ended, status and failures of each job. */
test.each([
  ['CreateImportJob:429x3,GetImportJob:500x2,notification:duplicatex1', { done: 2, dropped: {} }, 'clean', ['COMPLETED 0', 'COMPLETED 0']],
  ['importJob:failuresx1', { done: 1, dropped: {} }, 'with failures', ['COMPLETED 1']],
  ['importJob:FAILEDx1', { done: 0, dropped: { ImportFailed: 1 } }, undefined, ['FAILED 1']],
  ['importJob:stuckx1', { done: 0, dropped: { Late: 1 } }, undefined, ['CANCELLING undefined']],
])('a list with %s', async (faults, counts, answer, jobs) => {
  const { status, report } = await run('--segment', LIST, '--faults', faults);
  expect(report.records['Lists/Machine']).toMatchObject(counts);
  expect((report.executions[0]?.output as { status?: string } | undefined)?.status).toBe(answer);
  const { importJobs } = report.pinpoint.App!;
  expect((importJobs as { JobStatus: string; TotalFailures?: number }[]).map((job) => `${job.JobStatus} ${job.TotalFailures}`)).toEqual(jobs);
  expect(report.denied).toEqual([]);
  expect(status).toBe(0);
}, 60_000);

test('a file that is not there ends the run before it starts', async () => {
  const { status, output } = await run('--segment', `lists/a.csv=${join(FOLDER, 'none.csv')}`);
  expect(output).toContain('can\'t read');
  expect(status).toBe(2);
}, 60_000);
