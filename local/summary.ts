import Table from 'cli-table3';
import { CdpRequestRecord } from './cdp/inbox';
import { receivedBy } from './cdp/received';
import { DeadLetter } from './dead-letters';
import { total } from './ledger';
import { answersIn } from './offer-callers';
import { OfferRecord } from './offers';
import { PinpointContent, Report } from './report';
import { DomainContent } from './services/customer-profiles/customer-profiles';

/** Above this many rows a table tells nobody anything; the report has all. */
const ROWS = 20;
const CELL = 44;

type Lists = Readonly<Record<string, readonly string[]>>;
type Row = readonly (string | number)[];

interface Endpoint {
  readonly ChannelType?: string;
  readonly Address?: string;
  readonly OptOut?: string;
  readonly Attributes?: Lists;
  readonly User?: { readonly UserId?: string; readonly UserAttributes?: Lists };
}

interface Segment {
  readonly name: string;
  readonly version: number;
  readonly size: number;
}

/** What came in, what it became, what was rejected and why. */
export function summarize(report: Report): string {
  const parts = [recordsTable(report)];
  for (const [id, content] of Object.entries(report.pinpoint)) parts.push(...appTables(id, content));
  for (const [name, content] of Object.entries(report.customerProfiles)) parts.push(...domainTables(name, content));
  if (report.cdp.length > 0) parts.push(...cdpTables(report.cdp));
  parts.push(...segmentTables(report));
  if (report.offers.length > 0) parts.push(offersTable(report.offers as OfferRecord[]));
  if (report.deadLetters.length > 0) parts.push(deadLetterTable(report.deadLetters));
  return parts.join('\n\n');
}

function segmentTables({ pinpoint, customerProfiles }: Report): string[] {
  const inApps = Object.values(pinpoint).flatMap((app) => app.segments as readonly Segment[]);
  const imported = inApps.map(({ name, version, size }) => [name, version, size]);
  const defined = Object.values(customerProfiles).flatMap(({ segments }) => segments).map(({ name, members }) => [name, members.length]);
  return [
    ...imported.length > 0 ? [table('Segments', ['Name', 'Version', 'Endpoints'], imported)] : [],
    ...defined.length > 0 ? [table('Segments', ['Name', 'Members'], defined)] : [],
  ];
}

function recordsTable({ records }: Report): string {
  const rows = Object.entries(records).map(([construct, { in: came, done, dropped, deadLettered }]) => {
    const open = came - done - total(dropped) - deadLettered;
    return [construct, came, done, reasons(dropped), deadLettered, open];
  });
  const head = ['Construct', 'Messages in', 'Done', 'Dropped: why', 'Dead-lettered', 'Without an outcome'];
  // The last column is for runs that went wrong.
  const columns = rows.some((row) => Number(row[5]) > 0) ? 6 : 5;
  return table('Messages', head.slice(0, columns), rows.map((row) => row.slice(0, columns)));
}

function reasons(dropped: Readonly<Record<string, number>>): string {
  return Object.entries(dropped).map(([reason, count]) => `${count}: ${reason}`).join('\n') || '0';
}

function appTables(id: string, { endpoints, events }: PinpointContent): string[] {
  const all = (Object.entries(endpoints) as [string, Endpoint][]).sort(([, a], [, b]) => userOf(a).localeCompare(userOf(b)));
  const title = `Amazon Pinpoint application ${id}: ${all.length} endpoints, ${events.length} events`;
  if (all.length === 0 && events.length === 0) return [title];
  return [
    table(`${title}\n\nEndpoints`, ['User', 'Channel', 'Address', 'Opted out of', 'Endpoint attributes', 'User attributes'], endpointRows(all)),
    table('Events', ['Event', 'Endpoint', 'Times'], eventRows(events)),
  ];
}

function endpointRows(endpoints: readonly [string, Endpoint][]): Row[] {
  return endpoints.map(([id, endpoint], index) => {
    // All endpoints of a user share the user's attributes: shown once.
    const first = index === 0 || userOf(endpoints[index - 1]![1]) !== userOf(endpoint) || userOf(endpoint) === '';
    const { ChannelType = '', Address, OptOut, Attributes, User } = endpoint;
    const [user, userAttributes] = first ? [userOf(endpoint), attributes(User?.UserAttributes)] : ['', ''];
    return [user, ChannelType, short(Address ?? id, 26), OptOut === 'ALL' ? 'ALL' : '', attributes(Attributes), userAttributes];
  });
}

function domainTables(name: string, { profiles, objects }: DomainContent): string[] {
  const title = `Domain ${name} of Customer Profiles: ${profiles.length} profiles`;
  const rows = profiles.map(({ AccountNumber = '', EmailAddress = '', PhoneNumber = '', Attributes = {} }) => {
    const facts = Object.entries(Attributes).filter(([key]) => !/^(EndpointId|EndpointStatus|ChannelType|OptOut)_|^cdpUserId$/.test(key));
    const optedOut = Object.entries(Attributes).flatMap(([key, value]) => key.startsWith('OptOut_') && value === 'ALL' ? key.slice(7) : []);
    return [AccountNumber, short(EmailAddress, 26), PhoneNumber, optedOut.length > 3 ? `ALL (${optedOut.length} fields)` : optedOut.join('\n'),
      facts.map(([key, value]) => `${key}: ${value}`).join('\n')];
  });
  const counts = Object.entries(objects).map(([type, list]) => [type, list.length]);
  return [
    table(`${title}\n\nProfiles`, ['User', 'E-mail', 'Phone', 'Opted out of', 'Attributes'], rows.sort(([a], [b]) => String(a).localeCompare(String(b)))),
    table('Objects', ['Type', 'Objects'], counts),
  ];
}

function userOf({ User }: Endpoint): string {
  return User?.UserId ?? '';
}

function eventRows(events: PinpointContent['events']): Row[] {
  const counts = new Map<string, number>();
  for (const { endpointId, event } of events) {
    const key = JSON.stringify(['EventType' in event ? event.EventType : '', endpointId]);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].map(([key, count]) => [...JSON.parse(key) as string[], count]);
}

/** What the CDP knows now: a message that came twice is one row. */
function cdpTables(requests: readonly CdpRequestRecord[]): string[] {
  const statuses = new Map<string, number>();
  for (const { status } of requests) add(statuses, status === 0 ? 'no answer' : String(status));
  const answers = [...statuses].map(([status, count]) => `${count} × ${status}`).join(', ');
  const duplicates = requests.reduce((sum, { messages }) => sum + messages.filter(({ outcome }) => outcome === 'duplicate').length, 0);
  const known = duplicates === 0 ? '' : `; ${duplicates} messages came again and were recognized`;
  const counts = new Map<string, number>();
  for (const { user, event, about } of receivedBy(requests)) add(counts, JSON.stringify([event, user, about]));
  const rows = [...counts].map(([key, count]) => [...JSON.parse(key) as string[], count]);
  return [table(`What the CDP was told: ${requests.length} requests, answered ${answers}${known}`, ['Event', 'User', 'About', 'Times'], rows)];
}

/** What the campaign or journey was answered. */
function offersTable(offers: readonly OfferRecord[]): string {
  const rows = offers.flatMap(({ input, output, millis }) => answersIn(input, output).map(([recipient, told]) =>
    [recipient, told ? Object.entries(told).map(([name, value]) => `${name}: ${String(value)}`).join('\n') : 'no offer', millis]));
  return table('Offers: what the channel answered', ['Recipient', 'Answer', 'After ms'], rows);
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** Names whose values were cleared are left out. */
function attributes(values: Lists = {}): string {
  return Object.entries(values).filter(([, list]) => list.length > 0).map(([name, list]) => `${name}: ${list.join(', ')}`).join('\n');
}

function deadLetterTable(letters: readonly DeadLetter[]): string {
  const rows = letters.map(({ code, reason, record }) => [code, reason, typeof record === 'string' ? record : JSON.stringify(record)]);
  return table('Rejected: kept in the dead-letter bucket', ['Code', 'Why', 'Message'], rows, [CELL, 2 * CELL, CELL]);
}

function table(title: string, head: string[], rows: readonly Row[], widths: readonly number[] = []): string {
  const result = new Table({ head, style: { head: [], border: [], compact: true } });
  result.push(...rows.slice(0, ROWS).map((row) => row.map((cell, column) => short(String(cell), widths[column] ?? CELL))));
  const more = rows.length > ROWS ? `\n… and ${rows.length - ROWS} more: --report FILE writes all of them` : '';
  return `${title}\n${result.toString()}${more}`;
}

/** Each line of a cell, cut to a width that fits beside the others. */
function short(cell: string, width: number): string {
  return cell.split('\n').map((line) => line.length > width ? `${line.slice(0, width - 1)}…` : line).join('\n');
}
