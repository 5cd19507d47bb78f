import { MetricValue } from './lambda/emf';
import { Discard } from './lambda/esm/batch';
import { StreamRecord } from './lambda/esm/records';
import { EventSourceMapping, MappingObserver } from './lambda/event-source-mapping';
import { Invocation } from './lambda/host';
import { QueueMapping, QueueObserver } from './lambda/queue-mapping';
import { EndpointSyncMetric } from '../src/contract/cdp-endpoint-sync';
import { OfferMetric } from '../src/contract/offer-custom-channel';

/** What became of the messages of one construct. */
export interface Tally {
  done: number;
  readonly dropped: Record<string, number>;
  deadLettered: number;
}

/** What a handler said about one invocation. */
export interface Said {
  /** Undefined when it counts no records. */
  readonly records?: number;
  readonly accepted: number;
  readonly dropped: Readonly<Record<string, number>>;
  readonly deadLettered: number;
}

const { RECORDS, MESSAGES_ACCEPTED, MESSAGES_DROPPED, MESSAGES_DEAD_LETTERED } = EndpointSyncMetric;

/** Lambda's own errors begin with the time and the id of the request, which say nothing to a reader of the report. */
const REQUEST = /^(RequestId: \S+ Error: |\S+Z [\da-f-]{36} )/;

/** Reason of a record that no filter of its mapping lets through. */
const FILTERED = 'FilterCriteria';

/**
 * Counts outcomes so that nothing counts twice and nothing is taken on trust alone.
 *
 * Two witnesses must agree. The poller knows which records are over: each record is told to this ledger exactly once, when it is
 * checkpointed, filtered or discarded; a record that comes again after a failure was not over before. The handler says by its
 * embedded metrics what became of the messages in them; those metrics are about records that leave the stream in that very
 * invocation, so those of an invocation that failed are not counted, and the metric Records must be equal to the number of
 * records that the poller checkpoints for it. A difference is a problem, and a run with a problem does not end with 0.
 * A record can hold several messages, hence outcomes are counted in messages; a record that no handler took to its end
 * (discarded by the mapping) counts as one.
 */
export class Ledger implements MappingObserver, QueueObserver {
  public readonly tallies = new Map<string, Tally>();
  public readonly problems: string[] = [];
  /** Last error of the function for each record that its mapping gave up, by event id. */
  public readonly failures = new Map<string, string>();

  private readonly contents = new Map<string, Set<string>>();

  /** Messages that must have been delivered at least: a handler may leave out what comes twice. */
  public deliveredAtLeast(construct: string): number {
    const { dropped: { [FILTERED]: _, ...dropped }, deadLettered } = this.of(construct);
    return (this.contents.get(construct)?.size ?? 0) - total(dropped) - deadLettered;
  }

  public of(construct: string): Tally {
    const tally = this.tallies.get(construct) ?? { done: 0, dropped: {}, deadLettered: 0 };
    this.tallies.set(construct, tally);
    return tally;
  }

  public finished({ fn }: EventSourceMapping, records: readonly StreamRecord[], invocation: Invocation): void {
    this.count(fn.construct, records.map(({ data, sequenceNumber }) => data?.toString('base64') ?? sequenceNumber), invocation);
  }

  public settled({ fn }: QueueMapping, bodies: readonly string[], invocation: Invocation): void {
    this.count(fn.construct, bodies.map(identityOf), invocation);
  }

  /** A custom channel has answered: what it gave is on its queue, and is counted when it leaves it. */
  public answered(construct: string, { error, metrics }: Invocation, endpoints: number): void {
    if (error) this.problems.push(`${construct}: the channel failed: ${error.errorType}: ${error.errorMessage.replace(REQUEST, '')}`);
    const deadLettered = saidIn(metrics)?.deadLettered ?? 0;
    const assigned = sum(metrics, OfferMetric.OFFERS_ASSIGNED) ?? 0;
    const refused = sum(metrics, OfferMetric.ENDPOINTS_REFUSED) ?? 0;
    if (!error && (assigned + refused !== endpoints || (refused > 0 && deadLettered === 0))) {
      this.problems.push(`${construct}: ${endpoints} endpoints, but ${assigned} offers assigned, ${refused} refused and ${deadLettered} dead-lettered`);
    }
    this.of(construct).deadLettered += deadLettered;
  }

  private count(construct: string, messages: readonly string[], invocation: Invocation): void {
    const tally = this.of(construct);
    const contents = this.contents.get(construct) ?? new Set<string>();
    this.contents.set(construct, contents);
    messages.forEach((message) => contents.add(message));
    const said = saidIn(invocation.metrics);
    if (!said) {
      // A function without these metrics: what it took without an error is done.
      tally.done += messages.length;
      return;
    }
    this.compare(construct, messages.length, said);
    tally.done += said.accepted;
    tally.deadLettered += said.deadLettered;
    for (const [reason, count] of Object.entries(said.dropped)) add(tally, reason, count);
  }

  public filtered({ fn }: EventSourceMapping, records: readonly StreamRecord[]): void {
    add(this.of(fn.construct), FILTERED, records.length);
  }

  public discarded({ fn }: EventSourceMapping, { records, condition, invocation }: Discard, kept: boolean): void {
    const error = invocation?.error;
    for (const { shardId, sequenceNumber } of records) {
      if (error) this.failures.set(`${shardId}:${sequenceNumber}`, `${error.errorType}: ${error.errorMessage.replace(REQUEST, '')}`);
    }
    if (kept) this.of(fn.construct).deadLettered += records.length;
    else this.problems.push(`${fn.construct}: ${records.length} records lost: ${condition}, and the mapping has no on-failure destination`);
  }

  private compare(construct: string, records: number, said: Said): void {
    const messages = said.accepted + said.deadLettered + total(said.dropped);
    if (said.records !== undefined && said.records !== records) {
      this.problems.push(`${construct}: the handler counted ${said.records} records as over, the mapping ${records}`);
    }
    if (messages < records) this.problems.push(`${construct}: ${records} records are over, but the handler told the outcome of only ${messages} messages`);
  }
}

/** Two assignments of one offer to one endpoint are one message to the CDP. */
function identityOf(body: string): string {
  try {
    const { event } = JSON.parse(body) as { event?: { id?: string } };
    return event?.id ?? body;
  } catch {
    return body;
  }
}

/** Undefined when none of the metrics is about outcomes. */
export function saidIn(metrics: readonly MetricValue[]): Said | undefined {
  const outcomes: readonly string[] = [MESSAGES_ACCEPTED, MESSAGES_DROPPED, MESSAGES_DEAD_LETTERED];
  if (!metrics.some(({ name }) => outcomes.includes(name))) return undefined;
  const dropped = byReason(metrics, MESSAGES_DROPPED);
  const withoutReason = (sum(metrics, MESSAGES_DROPPED) ?? 0) - total(dropped);
  if (withoutReason > 0) dropped.unknown = withoutReason;
  const deadLettered = sum(metrics, MESSAGES_DEAD_LETTERED) ?? total(byReason(metrics, MESSAGES_DEAD_LETTERED));
  return { records: sum(metrics, RECORDS), accepted: sum(metrics, MESSAGES_ACCEPTED) ?? 0, dropped, deadLettered };
}

/** Of the lines that carry totals; a line for one reason alone is a part of them. */
function sum(metrics: readonly MetricValue[], name: string): number | undefined {
  const values = metrics.filter((metric) => metric.name === name && metric.isTotal);
  return values.length === 0 ? undefined : values.reduce((all, { value }) => all + value, 0);
}

function byReason(metrics: readonly MetricValue[], name: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const metric of metrics) {
    if (metric.name === name && metric.reason !== undefined) counts[metric.reason] = (counts[metric.reason] ?? 0) + metric.value;
  }
  return counts;
}

export function total(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((all, one) => all + one, 0);
}

function add(tally: Tally, reason: string, count: number): void {
  tally.dropped[reason] = (tally.dropped[reason] ?? 0) + count;
}
