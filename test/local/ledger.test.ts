import { metricsIn } from '../../local/lambda/emf';
import { StreamRecord } from '../../local/lambda/esm/records';
import { EventSourceMapping } from '../../local/lambda/event-source-mapping';
import { Invocation } from '../../local/lambda/host';
import { Ledger, saidIn } from '../../local/ledger';

function line(values: Record<string, unknown>, dimensions: string[][]): string {
  const Metrics = Object.keys(values).filter((name) => name !== 'Reason').map((Name) => ({ Name, Unit: 'Count' }));
  const CloudWatchMetrics = [{ Namespace: 'N', Dimensions: dimensions, Metrics }];
  return JSON.stringify({ _aws: { Timestamp: 1, CloudWatchMetrics }, Instance: 'i', ...values });
}

const TOTALS = [['Instance']];
const BY_REASON = [['Instance', 'Reason']];
const mapping = { fn: { construct: 'Stack/Sync' } } as EventSourceMapping;
const records = (count: number) => Array.from({ length: count }, (_, index) => ({ shardId: 's', sequenceNumber: String(index) }) as StreamRecord);
const invocation = (...lines: string[]): Invocation => ({ requestId: 'r', throttled: false, metrics: lines.flatMap(metricsIn) });

test('log lines that are no metrics are left alone', () => {
  expect(['plain text', '{"level":"INFO"}', '{"_aws": cut', '{"_aws":{}}'].flatMap(metricsIn)).toEqual([]);
});

test('lists of values are summed up', () => {
  expect(metricsIn(line({ Requests: [1, 2, 3] }, TOTALS))).toEqual([{ name: 'Requests', value: 6, reason: undefined, isTotal: true }]);
});

test('totals and reasons are told apart, whether in one line or in two', () => {
  const two = [line({ Records: 5, MessagesAccepted: 2, MessagesDropped: 3 }, TOTALS), line({ MessagesDropped: 3, Reason: 'Anonymous' }, BY_REASON)];
  const one = [line({ Records: 5, MessagesAccepted: 2 }, TOTALS), line({ MessagesDropped: 3, Reason: 'Anonymous' }, [...TOTALS, ...BY_REASON])];
  const expected = { records: 5, accepted: 2, dropped: { Anonymous: 3 }, deadLettered: 0 };
  expect(saidIn(two.flatMap(metricsIn))).toEqual(expected);
  expect(saidIn(one.flatMap(metricsIn))).toEqual(expected);
});

test('a dead letter counts once, although it is told as a total and by its reason', () => {
  const byReason = (Reason: string) => line({ MessagesDeadLettered: 1, Reason }, BY_REASON);
  const lines = [line({ MessagesDeadLettered: 2 }, TOTALS), byReason('A'), byReason('B')];
  expect(saidIn(lines.flatMap(metricsIn))?.deadLettered).toBe(2);
});

test('two witnesses that agree are no problem', () => {
  const ledger = new Ledger();
  const said = [line({ Records: 3, MessagesAccepted: 2, MessagesDropped: 1 }, TOTALS), line({ MessagesDropped: 1, Reason: 'X' }, BY_REASON)];
  ledger.finished(mapping, records(3), invocation(...said));
  expect(ledger.problems).toEqual([]);
  expect(ledger.of('Stack/Sync')).toEqual({ done: 2, dropped: { X: 1 }, deadLettered: 0 });
});

test('a handler that counts records it asks for again is found out', () => {
  const ledger = new Ledger();
  ledger.finished(mapping, records(1), invocation(line({ Records: 3, MessagesAccepted: 3 }, TOTALS)));
  expect(ledger.problems).toEqual(['Stack/Sync: the handler counted 3 records as over, the mapping 1']);
});

test('a handler that loses a message is found out', () => {
  const ledger = new Ledger();
  ledger.finished(mapping, records(3), invocation(line({ Records: 3, MessagesAccepted: 2 }, TOTALS)));
  expect(ledger.problems).toEqual(['Stack/Sync: 3 records are over, but the handler told the outcome of only 2 messages']);
});

test('a function without these metrics is done with what it took', () => {
  const ledger = new Ledger();
  ledger.finished(mapping, records(3), invocation('hello'));
  expect(ledger.of('Stack/Sync').done).toBe(3);
});

test('discarded records are dead letters when they are kept, and a problem when not', () => {
  const ledger = new Ledger();
  ledger.discarded(mapping, { records: records(2), condition: 'RetryAttemptsExhausted', invokeCount: 3 }, true);
  ledger.discarded(mapping, { records: records(1), condition: 'RecordAgeExceeded', invokeCount: 0 }, false);
  expect(ledger.of('Stack/Sync').deadLettered).toBe(2);
  expect(ledger.problems).toEqual(['Stack/Sync: 1 records lost: RecordAgeExceeded, and the mapping has no on-failure destination']);
});

test.each<[string, Record<string, number>, number, string[]]>([
  ['all given', { OffersAssigned: 2, EndpointsRefused: 0 }, 2, []],
  ['some refused', { OffersAssigned: 1, EndpointsRefused: 2, MessagesDeadLettered: 2 }, 3, []],
  ['several in one letter', { OffersAssigned: 1, EndpointsRefused: 2, MessagesDeadLettered: 1 }, 3, []],
  ['one lost', { OffersAssigned: 1, EndpointsRefused: 1, MessagesDeadLettered: 1 }, 3,
    ['Stack/Offer: 3 endpoints, but 1 offers assigned, 1 refused and 1 dead-lettered']],
  ['one refused and not kept', { OffersAssigned: 1, EndpointsRefused: 1 }, 2, ['Stack/Offer: 2 endpoints, but 1 offers assigned, 1 refused and 0 dead-lettered']],
])('a custom channel: %s', (_, values, endpoints, problems) => {
  const ledger = new Ledger();
  ledger.answered('Stack/Offer', invocation(line(values, TOTALS)), endpoints);
  expect(ledger.problems).toEqual(problems);
  expect(ledger.of('Stack/Offer').deadLettered).toBe(values.MessagesDeadLettered ?? 0);
});
