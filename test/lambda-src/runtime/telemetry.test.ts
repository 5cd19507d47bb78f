import { Telemetry } from '../../../lambda-src/runtime/telemetry';

let lines: Record<string, any>[];
beforeEach(() => {
  lines = [];
  // Makes Powertools write to the global console.
  Object.assign(process.env, { POWERTOOLS_DEV: 'true', POWERTOOLS_METRICS_DISABLED: 'false' });
  jest.spyOn(console, 'warn').mockImplementation();
  jest.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(JSON.parse(line)));
});
afterEach(() => {
  delete process.env.POWERTOOLS_DEV;
  delete process.env.POWERTOOLS_METRICS_DISABLED;
  jest.restoreAllMocks();
});

/** Each metric that CloudWatch makes of the lines: its dimensions' names, its unit, its value. */
function published(): unknown[] {
  return lines.flatMap((line) => line._aws.CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }: any) =>
    Metrics.map(({ Name, Unit }: any) => ({ Namespace, Dimensions, values: Dimensions.flat().map((name: string) => line[name]), Name, Unit, value: line[Name] }))));
}

const one = (Name: string, value: number, dimensions: Record<string, string>, Unit = 'Count') => ({
  Namespace: 'CdkCdpEngagement', Dimensions: [Object.keys(dimensions)], values: Object.values(dimensions), Name, Unit, value,
});

test('counts have the dimension Instance, reasons have Reason as well, and there are no others', () => {
  process.env.POWERTOOLS_SERVICE_NAME = 'a service of somebody';
  const telemetry = new Telemetry('Stack/Sync');
  telemetry.count('Records', 3);
  telemetry.count('Records');
  telemetry.countReason('MessagesDropped', 'Anonymous');
  telemetry.countReason('MessagesDropped', 'DuplicateEvent', 2);
  telemetry.duration('Lag', 1500);
  telemetry.publish();
  delete process.env.POWERTOOLS_SERVICE_NAME;
  const Instance = 'Stack/Sync';
  expect(published()).toEqual([
    one('Records', 4, { Instance }), one('MessagesDropped', 3, { Instance }), one('Lag', 1500, { Instance }, 'Milliseconds'),
    one('MessagesDropped', 1, { Instance, Reason: 'Anonymous' }), one('MessagesDropped', 2, { Instance, Reason: 'DuplicateEvent' }),
  ]);
});

test('two instances don\'t share anything', () => {
  for (const instance of ['A', 'B']) {
    const telemetry = new Telemetry(instance);
    telemetry.count('Records');
    telemetry.publish();
  }
  expect(published()).toEqual([one('Records', 1, { Instance: 'A' }), one('Records', 1, { Instance: 'B' })]);
});

test('without counts nothing is written', () => {
  new Telemetry('A').publish();
  expect(published()).toEqual([]);
});

test('the summary for the log has the counts, not the reasons', () => {
  const telemetry = new Telemetry('A');
  telemetry.countReason('MessagesDropped', 'Anonymous', 2);
  telemetry.duration('Lag', 5);
  telemetry.note('retryCode', 'TooManyRequestsException');
  expect(telemetry.summary()).toEqual({ MessagesDropped: 2, Lag: 5 });
  expect(telemetry.line()).toEqual({ MessagesDropped: 2, Lag: 5, retryCode: 'TooManyRequestsException' });
});

test('a reason that is no code is counted as another: it may name somebody, and each would be a metric of its own', () => {
  const telemetry = new Telemetry('Stack/Sync');
  for (const reason of ['ann@example.com opted out', '', '+14255550199', 'x'.repeat(65), 'Zoë']) telemetry.countReason('MessagesDropped', reason);
  telemetry.countReason('MessagesDropped', 'x'.repeat(64));
  telemetry.publish();
  const Instance = 'Stack/Sync';
  expect(published()).toEqual([
    one('MessagesDropped', 6, { Instance }), one('MessagesDropped', 5, { Instance, Reason: 'Other' }),
    one('MessagesDropped', 1, { Instance, Reason: 'x'.repeat(64) }),
  ]);
});
