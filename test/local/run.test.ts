import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Report } from '../../local/report';

/** The whole run, as a user starts it. */

const ROOT = resolve(__dirname, '../..');
const FOLDER = mkdtempSync(join(tmpdir(), 'local-run-'));

afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

interface Outcome {
  readonly status: number | null;
  readonly output: string;
  readonly report: Report;
}

async function run(...options: string[]): Promise<Outcome> {
  const file = join(FOLDER, `report-${options.length}.json`);
  const tsx = join(ROOT, 'node_modules', '.bin', 'tsx');
  const child = spawn(tsx, [join(ROOT, 'local', 'main.ts'), '--report', file, ...options], { cwd: FOLDER });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => { output += chunk.toString(); });
  const status = await new Promise<number | null>((done) => child.once('close', done));
  return { status, output, report: JSON.parse(readFileSync(file, 'utf8')) as Report };
}

test('the built-in story: a message of the CDP leads to a bounce that the CDP hears of', async () => {
  const { status, output, report } = await run();
  expect(output).toContain('None was lost.');
  expect(output).toContain('The address of ben does not exist: the CDP knows it now by the event "Email Bounced".');
  expect(status).toBe(0);
  expect(report).toMatchObject({ version: 1, app: 'examples/typescript/cdp-engagement', denied: [] });
  const [profiles, feedback, offer, lists] = ['Profiles', 'Feedback', 'TwentyOff', 'Lists']
    .map((name) => report.records[`CdpEngagementExample/${name}`]);
  expect(lists).toEqual({ in: 1, done: 1, dropped: {}, deadLettered: 0 });
  expect(Object.values(report.pinpoint)[0]!.segments).toMatchObject([{ name: 'spring-sale', version: 1, size: 2 }]);
  expect(profiles).toEqual({ in: 15, done: 11, dropped: { Anonymous: 1 }, deadLettered: 3 });
  expect(feedback).toMatchObject({ in: 12, deadLettered: 0 });
  const batches = report.cdp.filter(({ method }) => method === 'POST').map(({ body }) => (body as { batch: { event: string; userId: string; properties: object }[] }).batch);
  const bounce = batches.flat().find(({ event }) => event === 'Email Bounced');
  expect(bounce).toMatchObject({ userId: 'ben', context: { traits: { email: 'ben@example.com' } } });
  expect(offer).toEqual({ in: 2, done: 2, dropped: {}, deadLettered: 0 });
  const [given] = report.offers as { output: Record<string, { EventAttributes: Record<string, string> }> }[];
  expect(Object.keys(given!.output)).toEqual(['ana:EMAIL', 'ben:EMAIL']);
  const told = batches.flat().filter(({ event }) => event === 'Offer Assigned');
  expect(told).toMatchObject([
    { userId: 'ana', messageId: given!.output['ana:EMAIL']!.EventAttributes.offer_assignment_id, properties: { offer_id: '20_OFF', offer_store: 'Lisbon' } },
    { userId: 'ben', messageId: given!.output['ben:EMAIL']!.EventAttributes.offer_assignment_id },
  ]);
}, 120_000);

test('the first construct alone: every message has an outcome', async () => {
  const { status, output, report } = await run('--app', join(ROOT, 'examples', 'typescript', 'cdp-endpoint-sync'));
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

test('messages in a vocabulary of the app\'s own go through its function', async () => {
  const events = join(FOLDER, 'shop.ndjson');
  writeFileSync(events, '{"customer":"42","mail":"ann@example.com","news":true}\n{"mail":"nobody@example.com"}\n');
  const app = join(ROOT, 'examples', 'typescript', 'cdp-endpoint-sync');
  const { status, report } = await run('--app', app, '--format', 'function', '--events', events);
  expect(status).toBe(0);
  const [{ endpoints }] = Object.values(report.pinpoint);
  expect(endpoints).toMatchObject({ '42:EMAIL': { Address: 'ann@example.com', Attributes: { EmailPreference_Newsletter: ['Subscribed'] } } });
  expect(report.deadLetters).toMatchObject([{ code: 'RejectedByFunction', reason: 'MissingCustomer' }]);
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

const FEEDBACK = join(__dirname, 'apps', 'feedback');

test('an event stream, a secret, a bus and an archive, with a CDP that fails at first', async () => {
  const { status, report } = await run('--app', FEEDBACK, '--faults', 'cdp:503x1');
  expect(status).toBe(0);
  expect(report.denied).toEqual([]);
  // A test record first, then three records for each of two people, and two more for the one who reads.
  expect(report.records).toEqual({ 'Feedback/Handler': { in: 9, done: 9, dropped: {}, deadLettered: 0 } });
  const http = report.cdp.filter(({ method }) => method === 'POST');
  expect(http[0]).toMatchObject({ path: '/v1/batch', status: 503, messages: [] });
  const events = http.flatMap(({ messages }) => messages).map(({ id, outcome }) => `${id} ${outcome}`);
  expect(events).toEqual(expect.arrayContaining(['_test.event_streamtest accepted', '_email.hardbounceben:EMAIL accepted']));
  expect(report.cdp.filter(({ method, path }) => method === 'PutEvents' && path === 'bus')).toHaveLength(9);
  const calls = new Set(report.calls.map(({ construct, service, operation, status: answer }) => `${construct} ${service} ${operation} ${answer}`));
  expect([...calls]).toEqual(expect.arrayContaining([
    'Feedback/EventStream kinesis DescribeStream 200', 'Feedback/EventStream kinesis PutRecords 200', 'Feedback/Delivery s3 PutObject 200',
    'Feedback/Handler secrets_manager GetSecretValue 200', 'Feedback/Handler eventbridge PutEvents 200',
  ]));
}, 120_000);

test('engagement records of a file', async () => {
  const file = join(FOLDER, 'engagement.ndjson');
  writeFileSync(file, ['1', '2', '2'].map((id) => JSON.stringify({ event_type: '_email.open', client: { client_id: id } })).join('\n'));
  const { status, report } = await run('--app', FEEDBACK, '--engagement', file);
  expect(status).toBe(0);
  expect(report.records).toEqual({ 'Feedback/Handler': { in: 4, done: 4, dropped: {}, deadLettered: 0 } });
  const outcomes = report.cdp.filter(({ method }) => method === 'POST').flatMap(({ messages }) => messages.map(({ outcome }) => outcome));
  expect(outcomes.sort()).toEqual(['accepted', 'accepted', 'accepted', 'duplicate']);
}, 120_000);

test('a role of an event stream that may not write is named', async () => {
  const { status, output, report } = await run('--app', join(__dirname, 'apps', 'feedback-denied'));
  expect(status).toBe(1);
  expect(report.denied).toContainEqual({
    construct: 'Feedback/EventStream', action: 'kinesis:PutRecords', resource: expect.stringMatching(/^arn:aws:kinesis:us-east-1:123456789012:stream\/Stream/),
  });
  expect(output).toContain('Feedback/EventStream: 1 engagement records can\'t be written');
}, 120_000);

test('offers: invoked twice, a malformed endpoint among 50, a queue that is busy and a CDP that is down for a while', async () => {
  const endpoints = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`e${index}`, index === 7 ? 'broken' : { User: { UserId: `u${index}` } }]));
  const file = join(FOLDER, 'offers.json');
  writeFileSync(file, JSON.stringify({ CampaignId: 'c1', ActivityId: 'a1', Endpoints: endpoints }));
  const { status, output, report } = await run('--offer', file, file, '--faults', 'SendMessageBatch:429x2,cdp:503x2');
  expect(output).not.toContain('problem');
  expect(status).toBe(0);
  expect(Object.entries(report.records).find(([path]) => path.endsWith('TwentyOff'))![1]).toEqual({ in: 100, done: 98, dropped: {}, deadLettered: 2 });
  const accepted = report.cdp.flatMap(({ messages }) => messages).filter(({ outcome }) => outcome === 'accepted');
  expect(new Set(accepted.map(({ id }) => id)).size).toBe(49);
  expect(accepted).toHaveLength(49);
  expect(report.deadLetters.map(({ code }) => code)).toEqual(['InvalidEndpoint', 'InvalidEndpoint']);
  const offers = report.offers as { output: object; millis: number }[];
  expect(offers.map((offer) => Object.keys(offer.output).length)).toEqual([49, 49]);
  for (const { millis } of offers) expect(millis).toBeLessThan(15_000);
}, 120_000);
