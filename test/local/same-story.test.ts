import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Report } from '../../local/report';

/** The built-in story with both example apps: what goes in is the same, and so is what comes out, in the words of each service. */

const ROOT = resolve(__dirname, '../..');
const FOLDER = mkdtempSync(join(tmpdir(), 'same-story-'));
const [FIRST, SECOND] = ['cdp-engagement', 'cdp-engagement-connect'];
const reports: Record<string, Report> = {};

async function run(app: string): Promise<Report> {
  const file = join(FOLDER, `${app}.json`);
  const options = ['--report', file, '--app', join(ROOT, 'examples', 'typescript', app)];
  const child = spawn(join(ROOT, 'node_modules', '.bin', 'tsx'), [join(ROOT, 'local', 'main.ts'), ...options], { cwd: FOLDER, stdio: 'ignore' });
  expect(await new Promise<number | null>((done) => child.once('close', done))).toBe(0);
  return JSON.parse(readFileSync(file, 'utf8')) as Report;
}

beforeAll(async () => {
  for (const app of [FIRST, SECOND]) reports[app] = await run(app);
}, 240_000);

afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

/** What both services know of a user, in neither's words. */
interface User {
  readonly name: (string | undefined)[];
  readonly addresses: string[];
  readonly optedOut: string[];
  readonly values: Record<string, string>;
}

const NAMES = ['plan', 'GroupId', 'Group_name', 'Group_industry', 'EmailPreference_Newsletter', 'EmailPreference_DailyDeals', 'LifetimeValue'];
const named = (all: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(NAMES.flatMap((name) => all[name] === undefined ? [] : [[name, String(all[name])]]));

function pinpointUsers({ pinpoint }: Report): Record<string, User> {
  const users: Record<string, User> = {};
  for (const { Address, OptOut, Attributes, Metrics, User } of Object.values(Object.values(pinpoint)[0]!.endpoints) as any[]) {
    const { UserId, UserAttributes: { FirstName, LastName, ...attributes } } = User;
    const before = users[UserId] ?? { name: [], addresses: [], optedOut: [], values: {} };
    // A cleared attribute has no value.
    const set = Object.entries<string[]>({ ...attributes, ...Attributes }).filter(([, [value]]) => value);
    users[UserId] = {
      name: [FirstName?.[0], LastName?.[0]],
      addresses: [...before.addresses, Address].sort(),
      optedOut: OptOut === 'ALL' ? [...before.optedOut, Address] : before.optedOut,
      values: { ...before.values, ...named(Object.fromEntries(set)), ...named(Metrics ?? {}) },
    };
  }
  return users;
}

function profileUsers({ customerProfiles }: Report): Record<string, User> {
  const { profiles } = Object.values(customerProfiles)[0]!;
  return Object.fromEntries((profiles as any[]).map(({ AccountNumber, FirstName, LastName, Attributes = {}, ...fields }) => {
    const places = ['EmailAddress', 'PhoneNumber', 'DeviceToken_1'].filter((place) => (fields[place] ?? Attributes[place]) !== undefined);
    const addressOf = (place: string): string => fields[place] ?? Attributes[place];
    const values = { ...Attributes, LifetimeValue: Attributes.Metrics_LifetimeValue };
    return [AccountNumber, {
      name: [FirstName, LastName],
      addresses: places.map(addressOf).sort(),
      optedOut: places.filter((place) => Attributes[`OptOut_${place}`] === 'ALL').map(addressOf),
      // A cleared attribute has the value "-".
      values: named(Object.fromEntries(Object.entries(values).filter(([, value]) => value !== '-'))),
    }];
  }));
}

test('the same messages have the same outcomes', () => {
  const [first, second] = [FIRST, SECOND].map((app) => Object.entries(reports[app].records).find(([name]) => name.endsWith('/Profiles'))![1]);
  expect(second).toEqual(first);
  const letters = [FIRST, SECOND].map((app) => reports[app].deadLetters.map(({ code, reason, record }) => ({ code, reason, record })));
  expect(letters[0]).toHaveLength(3);
  expect(letters[1]).toEqual(expect.arrayContaining(letters[0]));
  expect(letters[1]).toHaveLength(3);
});

test('equivalent users; one whose address in a list is none is a member of the segment in Customer Profiles alone', () => {
  const [before, { eve, ...after }] = [pinpointUsers(reports[FIRST]), profileUsers(reports[SECOND])];
  expect(Object.keys(before).sort()).toEqual(['ana', 'ben', 'chi']);
  expect(after).toEqual(before);
  expect(eve).toEqual({ name: [undefined, undefined], addresses: [], optedOut: [], values: {} });
});

test('the same events of users', () => {
  const before = Object.values(reports[FIRST].pinpoint)[0]!.events.map(({ eventId, event }: any) =>
    [eventId, event.EventType, event.Timestamp, event.Attributes, event.Metrics ?? {}]);
  const after = (Object.values(reports[SECOND].customerProfiles)[0]!.objects.CdpEvent as any[]).map(({ eventId, eventType, timestamp, attributes, metrics }) =>
    [eventId, eventType, timestamp, attributes, metrics]);
  expect(before).toHaveLength(3);
  expect(after.sort()).toEqual(before.sort());
});

test('the same segment', () => {
  const [{ name, size }] = Object.values(reports[FIRST].pinpoint)[0]!.segments as any[];
  const [{ profiles, segments: [segment] }] = Object.values(reports[SECOND].customerProfiles) as any[];
  const members = segment.members.map((id: string) => profiles.find(({ ProfileId }: any) => ProfileId === id)?.AccountNumber ?? id);
  expect({ name: segment.name, members: members.sort() }).toEqual({ name, members: ['ana', 'ben', 'eve'] });
  expect(size).toBe(2);
});

/** What the CDP heard by e-mail of users whom it knows. */
const heard = (report: Report) => report.cdp.flatMap(({ body }) => (body as any)?.batch ?? []);
const mails = (report: Report) => heard(report)
  .filter(({ userId, event, properties }) => userId !== undefined && properties.channel === 'EMAIL' && /^Email/.test(event))
  .map(({ userId, event, properties: { link_url, bounce_type, email_subject }, context: { traits } }) =>
    ({ userId, event, link_url, bounce_type, email_subject, email: traits.email }))
  .sort((a, b) => `${a.userId} ${a.event}`.localeCompare(`${b.userId} ${b.event}`));

test('the same feedback on e-mails, though it comes the last first', () => {
  const before = mails(reports[FIRST]);
  expect(before.map(({ userId, event }) => `${userId} ${event}`)).toEqual([
    'ana Email Delivered', 'ana Email Link Clicked', 'ana Email Opened', 'ana Email Sent', 'ben Email Bounced', 'ben Email Sent',
  ]);
  expect(mails(reports[SECOND])).toEqual(before);
});

test('the same offers', () => {
  const offers = (report: Report) => heard(report).filter(({ event }) => event === 'Offer Assigned')
    .map(({ userId, properties: { offer_id, offer_name, offer_discount } }) => ({ userId, offer_id, offer_name, offer_discount }));
  expect(offers(reports[FIRST]).map(({ userId }) => userId)).toEqual(['ana', 'ben']);
  expect(offers(reports[SECOND])).toEqual(offers(reports[FIRST]));
});
