import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Report } from '../../local/report';

/** The whole run, as a user starts it. */

const ROOT = resolve(__dirname, '../..');
const FOLDER = mkdtempSync(join(tmpdir(), 'local-run-'));

afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

async function run(...options: string[]): Promise<{ status: number | null; output: string; report: Report }> {
  const file = join(FOLDER, `report-${options.length}.json`);
  const tsx = join(ROOT, 'node_modules', '.bin', 'tsx');
  const child = spawn(tsx, [join(ROOT, 'local', 'main.ts'), '--report', file, ...options], { cwd: FOLDER });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => { output += chunk.toString(); });
  const status = await new Promise<number | null>((done) => child.once('close', done));
  return { status, output, report: JSON.parse(readFileSync(file, 'utf8')) as Report };
}

test('the built-in story: every message has an outcome', async () => {
  const { status, output, report } = await run();
  expect(output).toContain('None was lost.');
  expect(status).toBe(0);
  expect(report).toMatchObject({ version: 1, app: 'examples/typescript/cdp-endpoint-sync', cdp: [], offers: [], denied: [] });
  expect(Object.values(report.records)).toEqual([{ in: 15, done: 11, dropped: { Anonymous: 1 }, deadLettered: 3 }]);
  const [app] = Object.values(report.pinpoint);
  const addresses = Object.values(app!.endpoints as Record<string, { Address?: string }>).map(({ Address }) => Address).sort();
  expect(addresses).toEqual(expect.arrayContaining(['+12025550143', '+12025550178', 'ana.silva@example.com', 'ben@example.com']));
  expect(addresses).not.toContain('dan@example.com');
  expect(app!.events.map(({ eventId }) => eventId).sort()).toEqual(['story-04', 'story-05', 'story-09']);
  expect(report.deadLetters.map(({ code }) => code).sort()).toEqual(['AliasNotSupported', 'MissingUserId', 'NotJson']);
  expect(report.calls.every(({ construct }) => construct === Object.keys(report.records)[0])).toBe(true);
}, 120_000);

test('a function that throws, ends, hangs or reports failures blocks nothing and loses nothing', async () => {
  const acts = ['', 'throw', '', 'exit', '', 'hang', '', 'leave', 'fail'];
  const events = join(FOLDER, 'acts.ndjson');
  writeFileSync(events, [...acts.map((act) => ({ userId: 'u', act })), { userId: 'u', skip: true }].map((one) => JSON.stringify(one)).join('\n'));
  const { status, report } = await run('--app', join(__dirname, 'apps', 'failing'), '--events', events);
  expect(report.records).toEqual({ 'Failing/Handler': { in: 10, done: 5, dropped: { FilterCriteria: 1 }, deadLettered: 4 } });
  const letters = report.deadLetters.map(({ record, reason }) => [(record as { act: string }).act, reason.replace(/^given up after \d+ invocations(: )?/, '')]);
  expect(Object.fromEntries(letters)).toEqual({
    throw: 'TypeError: boom',
    exit: 'Runtime.ExitError: Runtime exited (exit status 3)',
    hang: 'Sandbox.Timedout: Task timed out after 1.00 seconds',
    fail: '',
  });
  expect(report.denied).toEqual([]);
  expect(status).toBe(0);
}, 120_000);
