import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { receivedBy } from '../cdp/received';
import { UsageError } from '../errors';
import { total } from '../ledger';
import { Message, readMessages } from '../messages';
import { OfferRecord } from '../offers';
import { RecordCounts, Report } from '../report';

const SEGMENT = join(__dirname, 'segment.ndjson');
/** A list of users whom the first construct knows, and one whose address is none. */
export const STORY_LIST = join(__dirname, 'spring-sale.csv');
/** A record that is no JSON, as a producer that was cut off would write it. */
const POISON = join(__dirname, 'poison.txt');

/** The sample data that is run when no input is given. */
export function storyMessages(format: string): Message[] {
  if (format !== 'segment') throw new UsageError(`--format ${format}: the built-in story is in the Segment spec; give --events FILE`);
  return [...readMessages(SEGMENT), { source: POISON, data: readFileSync(POISON, 'utf8').trimEnd() }];
}

/** The last words of the story: its numbers as sentences. `delivering` names the constructs that tell the CDP something. */
export function tellStory(report: Report, success: boolean, delivering: readonly string[]): string {
  const counts = Object.entries(report.records);
  const importing = new Set(report.executions.map(({ construct }) => construct));
  const there = counts.filter(([construct]) => !delivering.includes(construct) && !importing.has(construct)).map(([, one]) => one);
  const giving = new Set((report.offers as OfferRecord[]).map(({ construct }) => construct));
  const back = counts.filter(([construct]) => delivering.includes(construct) && !giving.has(construct)).map(([, one]) => one);
  const given = counts.filter(([construct]) => giving.has(construct)).map(([, one]) => one);
  const told = [
    ...there.length > 0 ? [toService(report, there)] : [],
    ...back.length > 0 ? [toCdp(report, back)] : [],
    ...report.executions.length > 0 ? [ofLists(report)] : [],
    ...given.length > 0 ? [ofOffers(given)] : [],
  ];
  const invitation = 'Try your own: npm run local -- --events FILE --engagement FILE --segment FILE --offer FILE --report out.json';
  return [...told, ...success ? ['None was lost.'] : [], invitation].join('\n');
}

function toService(report: Report, counts: readonly RecordCounts[]): string {
  const { came, done, dropped, dead } = sums(counts);
  return `${came} messages of a CDP went onto the stream. ${done} were taken: they are ${becameOf(report)} now.\n`
    + `${dropped} dropped for a stated reason, ${dead} in the dead-letter bucket with theirs.`;
}

function becameOf({ pinpoint, customerProfiles }: Report): string {
  const [apps, domains] = [Object.values(pinpoint), Object.values(customerProfiles)];
  const sumOf = <T>(all: readonly T[], of: (one: T) => number): number => all.reduce((sum, one) => sum + of(one), 0);
  const inApps = `${sumOf(apps, ({ endpoints }) => Object.keys(endpoints).length)} endpoints and ${sumOf(apps, ({ events }) => events.length)} events`;
  const inDomains = `${sumOf(domains, ({ profiles }) => profiles.length)} profiles with `
    + `${sumOf(domains.flatMap(({ objects }) => Object.values(objects)), (objects) => objects.length)} objects of users and events`;
  return [...apps.length > 0 ? [inApps] : [], ...domains.length > 0 ? [inDomains] : []].join(', and ');
}

function toCdp(report: Report, counts: readonly RecordCounts[]): string {
  const { came, done, dropped, dead } = sums(counts);
  const bounce = receivedBy(report.cdp).find(({ event }) => /bounce/i.test(event));
  const lines = [
    `Messages were sent. ${came} events came back.`,
    `Of ${done} of them the CDP was told, ${dropped} dropped for a stated reason, ${dead} in the dead-letter bucket with theirs.`,
    ...bounce ? [`The address of ${bounce.user} does not exist: the CDP knows it now by the event "${bounce.event}".`] : [],
  ];
  return lines.join('\n');
}

function ofLists(report: Report): string {
  const imported = Object.values(report.pinpoint).flatMap((app) => app.segments as readonly { name: string; size: number }[]);
  const defined = Object.values(report.customerProfiles).flatMap(({ segments }) => segments);
  return [...imported.map(({ name, size }) => [name, `${size} endpoints`]), ...defined.map(({ name, members }) => [name, `${members.length} users`])]
    .map(([name, size]) => `The CDP dropped a list: it is the segment "${name}" of ${size} now; rows that can't be used are in its report.`).join('\n');
}

function ofOffers(counts: readonly RecordCounts[]): string {
  const { came, done } = sums(counts);
  return `At last a step of a journey gave ${came} users an offer: of ${done} of them the CDP was told.`;
}

function sums(counts: readonly RecordCounts[]) {
  const sum = (of: (one: RecordCounts) => number) => counts.reduce((all, one) => all + of(one), 0);
  const [came, done, dead] = [sum((one) => one.in), sum((one) => one.done), sum((one) => one.deadLettered)];
  return { came, done, dropped: sum((one) => total(one.dropped)), dead };
}
