import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { PinpointContent, Report } from '../../local/report';

/** Lists of the example app, from the drop in S3 to the segment: the real template, workflow and functions. */
const ROOT = resolve(__dirname, '../..');
const FOLDER = mkdtempSync(join(tmpdir(), 'segment-lists-'));
afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

const HEADER = 'email,user_id,plan\n';
const ROWS = 'ann@example.com,ann,gold\nben@example.com,ben,free\n';

/** What the event says that ends an import. */
interface Ended {
  readonly segment: string;
  readonly status: string;
  readonly code?: string;
}

async function run(drops: Record<string, string | Buffer>, ...options: string[]) {
  const files = Object.entries(drops).map(([key, content], index) => {
    const file = join(FOLDER, `drop-${index}`);
    writeFileSync(file, content);
    // What follows a `#` only tells apart two drops of one key.
    return `segments/${key.split('#')[0]}=${file}`;
  });
  const reportFile = join(FOLDER, 'report.json');
  const args = [join(ROOT, 'local', 'main.ts'), '--report', reportFile, '--segment', ...files, ...options];
  const child = spawn(join(ROOT, 'node_modules', '.bin', 'tsx'), args, { cwd: FOLDER });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => { output += chunk.toString(); });
  const status = await new Promise<number | null>((done) => child.once('close', done));
  const report = JSON.parse(readFileSync(reportFile, 'utf8')) as Report;
  const events = report.cdp.map(({ body }) => (body as { Detail: Ended }).Detail);
  const ended = events.map(({ segment, status: how, code }) => [`${segment}: ${how}`, ...code === undefined ? [] : [code]].join(' ')).sort();
  const content = Object.values(report.pinpoint)[0] as PinpointContent;
  const segments = (content.segments as { name: string; version: number; size: number }[]).map(({ name, version, size }) => `${name} v${version}: ${size}`).sort();
  expect({ status, output }).toEqual({ status: 0, output: expect.not.stringContaining('problem') });
  expect(report.denied).toEqual([]);
  return { report, ended, segments, content };
}

test('lists of all kinds: each ends in the right report, and two drops of one name are one segment', async () => {
  const bad = (count: number) => Array.from({ length: count }, (_, index) => `not an address ${index},u${index},x\n`).join('');
  const { ended, segments, content } = await run({
    'Gold.csv#1': HEADER + ROWS,
    'VIP+list (März).csv': `\uFEFF${HEADER}${ROWS}`,
    'Packed.csv.gz': gzipSync(HEADER + ROWS),
    'Wrong.csv': 'mail,uid\nann@example.com,ann\n',
    'Empty.csv': '',
    'HeaderOnly.csv': HEADER,
    'Bad1000.csv': HEADER + ROWS + bad(1000),
    'Bad1001.csv': HEADER + ROWS + bad(1001),
    'Gold.csv#2': `${HEADER}${ROWS}chi@example.com,chi,free\n`,
  });
  expect(ended).toEqual(expect.arrayContaining([
    'Bad1000: imported with failures', 'Bad1001: failed TooManyRejectedRows', 'Empty: failed EmptyFile', 'Gold: imported', 'HeaderOnly: failed NoRows',
    'Packed: imported', 'VIP+list (März): imported', 'Wrong: failed UnknownColumn',
  ]));
  expect(ended).toHaveLength(9);
  // The first of two may have been overtaken; the newer one is what the segment holds, and there is one.
  expect(segments).toEqual(['Bad1000 v1: 2', expect.stringMatching(/^Gold v[12]: 3$/), 'Packed v1: 2', 'VIP+list (März) v1: 2']);
  expect(Object.keys(content.endpoints).sort()).toEqual(['ann:EMAIL', 'ben:EMAIL', 'chi:EMAIL']);
}, 180_000);

test('busy and failing calls are made again, and a notification that comes twice does no harm', async () => {
  const { ended, segments, content, report } = await run(
    { 'Gold.csv': HEADER + ROWS }, '--faults', 'CreateImportJob:429x3,GetImportJob:500x2,notification:duplicatex1');
  expect(ended).toEqual(['Gold: imported']);
  expect(report.executions.map(({ status }) => status)).toEqual(['SUCCEEDED', 'SUCCEEDED']);
  expect(segments).toEqual(['Gold v1: 2']);
  expect(content.importJobs).toHaveLength(1);
}, 120_000);

test('a service that has no room, or gives no answer, for longer than a call is tried again, is asked until it has', async () => {
  const { ended, content } = await run({ 'Gold.csv': HEADER + ROWS }, '--faults', 'CreateImportJob:429x12,GetImportJob:500x12');
  expect(ended).toEqual(['Gold: imported']);
  expect(content.importJobs).toHaveLength(1);
}, 120_000);

test.each([
  ['FAILED', 'failed JobFailed'], ['failures', 'imported with failures'], ['stuck', 'failed JobTimeout'],
])('a job that ends as %s is reported as %s', async (fault, status) => {
  const { ended } = await run({ 'Gold.csv': HEADER + ROWS }, '--faults', `importJob:${fault}x1`);
  expect(ended).toEqual([`Gold: ${status}`]);
}, 120_000);
