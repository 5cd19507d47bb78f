import { writeFileSync } from 'node:fs';
import { CdpRequestRecord, Inbox } from './cdp/inbox';
import { DeadLetter, DeadLetters } from './dead-letters';
import { Drainable } from './drain';
import { Ledger, Tally, total } from './ledger';
import { answersIn } from './offer-callers';
import { OfferRecord } from './offers';
import { Denial, RecordedCall, Recorder } from './recorder';
import { RedriveRecord } from './redrive';
import { CustomerProfiles, DomainContent } from './services/customer-profiles/customer-profiles';
import { Pinpoint } from './services/pinpoint/pinpoint';
import { Execution } from './stepfunctions/machine';

export interface RecordCounts {
  readonly in: number;
  readonly done: number;
  readonly dropped: Readonly<Record<string, number>>;
  readonly deadLettered: number;
}

export interface PinpointContent {
  readonly endpoints: Readonly<Record<string, object>>;
  readonly events: readonly { readonly endpointId: string; readonly eventId: string; readonly event: object }[];
  readonly segments: readonly object[];
  readonly importJobs: readonly object[];
}

/** Stable: other tools read it. */
export interface Report {
  readonly version: 1;
  readonly app: string;
  readonly durationMs: number;
  readonly records: Readonly<Record<string, RecordCounts>>;
  readonly pinpoint: Readonly<Record<string, PinpointContent>>;
  /** Domains of Amazon Connect Customer Profiles, by name. */
  readonly customerProfiles: Readonly<Record<string, DomainContent>>;
  readonly calls: readonly RecordedCall[];
  /** Every request that the emulated CDP got, with what it made of each message in it. */
  readonly cdp: readonly CdpRequestRecord[];
  /** Invocations of custom channels, and what they answered. */
  readonly offers: readonly object[];
  /** What redrive functions answered. */
  readonly redrives: readonly RedriveRecord[];
  /** Of the state machines: how each ended. */
  readonly executions: readonly Execution[];
  /** Those that lie there at the end: none that was put back. */
  readonly deadLetters: readonly DeadLetter[];
  readonly denied: readonly Denial[];
}

/** The polling of event source mappings: not a call of the construct's own. */
const POLLING: readonly string[] = [
  'DescribeStreamSummary', 'GetRecords', 'GetShardIterator', 'ListShards', 'DeleteMessageBatch', 'GetQueueAttributes', 'ReceiveMessage',
];

export interface ReportSources {
  readonly app: string;
  readonly durationMs: number;
  readonly ledger: Ledger;
  readonly executions: readonly Execution[];
  readonly executionProblems: readonly string[];
  readonly state: readonly Drainable[];
  readonly pinpoint: Pinpoint;
  readonly customerProfiles: CustomerProfiles;
  readonly recorder: Recorder;
  readonly deadLetters: DeadLetters;
  readonly inbox: Inbox;
  /** Constructs whose destination tells what it has taken; those that share one are a group. */
  readonly delivering: readonly (readonly string[])[];
  readonly offers: readonly OfferRecord[];
  readonly redrives: readonly RedriveRecord[];
  /** Of the event streams, and of domains of Customer Profiles. */
  readonly lost: readonly string[];
}

export function buildReport(sources: ReportSources): Report {
  const { app, durationMs, ledger, state, pinpoint, customerProfiles, recorder, deadLetters, inbox, offers, redrives, executions } = sources;
  return {
    version: 1,
    app,
    durationMs: Math.round(durationMs),
    records: Object.fromEntries(state.map(({ construct }) =>
      [construct, counts(construct, withExecutions(construct, ledger.of(construct), executions), state)])),
    pinpoint: Object.fromEntries([...pinpoint.apps].map(([id, { endpoints, events, imports }]) =>
      [id, { endpoints, events: [...events], segments: imports.segments, importJobs: imports.responses }])),
    customerProfiles: customerProfiles.content(),
    calls: recorder.calls.filter(({ construct, operation }) => construct !== 'local' && !POLLING.includes(operation)),
    cdp: inbox.requests,
    offers,
    redrives,
    executions,
    deadLetters: deadLetters.waiting,
    denied: recorder.denied,
  };
}

/** An execution counts as one record: done, or dropped with the error that it ended with. */
function withExecutions(construct: string, tally: Tally, executions: readonly Execution[]): Tally {
  const own = executions.filter((one) => one.construct === construct);
  const dropped = { ...tally.dropped };
  for (const { status, error } of own) if (status === 'FAILED') dropped[error!] = (dropped[error!] ?? 0) + 1;
  return { ...tally, done: tally.done + own.filter(({ status }) => status === 'SUCCEEDED').length, dropped };
}

/** `in` is what came: the messages with an outcome, and the records that have none. */
function counts(construct: string, tally: Tally, state: readonly Drainable[]): RecordCounts {
  const { done, dropped, deadLettered } = tally;
  return { in: done + total(dropped) + deadLettered + unfinished(state.filter((one) => one.construct === construct)), done, dropped, deadLettered };
}

export function unfinished(state: readonly Drainable[]): number {
  return state.reduce((sum, { over, taken }) => sum + Math.max(0, taken - over), 0);
}

export function writeReport(file: string, report: Report): void {
  writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
}

/** Why a run is no success; none when it is one. */
export function problemsOf(sources: ReportSources): string[] {
  const { ledger, state, recorder, deadLetters, inbox, delivering, lost, executionProblems } = sources;
  const problems = [...ledger.problems, ...unique(inbox.problems), ...lost, ...executionProblems, ...countDelivered(ledger, inbox, delivering)];
  for (const { label, over, taken } of state) if (over < taken) problems.push(`${label}: ${taken - over} records have no outcome`);
  problems.push(...countDeadLetters(ledger, deadLetters), ...missingOffers(sources));
  for (const { construct, action, resource } of unique(recorder.denied)) problems.push(`${construct}: access denied: ${action} on ${resource}`);
  for (const { construct, service, operation } of unique(recorder.refused)) problems.push(`${construct}: ${service} ${operation} is not emulated`);
  return [...problems, ...recorder.errors.map((error) => error.message)];
}

/** What was said to be dead-lettered must lie in the bucket, with its payload. */
function countDeadLetters(ledger: Ledger, { waiting, redriven }: DeadLetters): string[] {
  const letters = [...waiting, ...redriven];
  return [...ledger.tallies].flatMap(([construct, { deadLettered }]) => {
    const found = letters.filter((letter) => letter.construct === construct && letter.record !== null && letter.record !== '').length;
    return found === deadLettered ? [] : [`${construct}: ${deadLettered} messages dead-lettered, but ${found} lie in its bucket`];
  });
}

/** What was said to be delivered must have been taken; more is no fault, since an answer may get lost. */
function countDelivered(ledger: Ledger, inbox: Inbox, delivering: ReportSources['delivering']): string[] {
  return delivering.flatMap((group) => {
    const sum = (of: (construct: string) => number) => group.reduce((all, construct) => all + of(construct), 0);
    const [done, taken] = [sum((one) => ledger.deliveredAtLeast(one)), sum((one) => inbox.takenFrom(one))];
    return taken >= done ? [] : [`${group.join(', ')}: at least ${done} different messages delivered, but the CDP took only ${taken}`];
  });
}

/** What a channel named in its answer, the CDP has heard of, or it is a dead letter. */
function missingOffers({ offers, inbox, delivering, deadLetters, ledger }: ReportSources): string[] {
  const known = JSON.stringify([inbox.accepted, deadLetters.waiting]);
  return offers.flatMap(({ construct, input, output }) => {
    if (!delivering.flat().includes(construct) || total(ledger.of(construct).dropped) > 0) return [];
    return answersIn(input, output).flatMap(([recipient, told]) => {
      const id = told?.offer_assignment_id;
      return typeof id !== 'string' || known.includes(id) ? [] : [`${construct}: the CDP never heard of the offer to ${recipient}`];
    });
  });
}

function unique<T>(items: readonly T[]): T[] {
  return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];
}
