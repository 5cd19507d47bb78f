import { parseCommandLine } from '../../local/cli';
import { UsageError } from '../../local/errors';

test('without options the built-in story is run', () => {
  expect(parseCommandLine([])).toMatchObject({ events: [], format: 'segment', quota: false, redrive: false, keep: false });
});

test('--events takes several files after one flag, and the flag several times', () => {
  const options = parseCommandLine(['--events', 'a.json', 'b.json', '--quota', '--events', 'c.json', '--report', 'out.json']);
  expect(options).toMatchObject({ events: ['a.json', 'b.json', 'c.json'], quota: true, report: 'out.json' });
});

test('--engagement takes files too', () => {
  expect(parseCommandLine(['--engagement', 'a.json', 'b.json'])).toMatchObject({ events: [], engagement: ['a.json', 'b.json'] });
});

test('a file list ends at the next option', () => {
  expect(() => parseCommandLine(['--events', 'a.json', '--quota', 'b.json'])).toThrow(UsageError);
});

test.each([
  [['--format', 'xml'], /unknown format "xml", expected one of segment, rudderstack, mparticle, tealium, cloudevents, pinpoint, auto, function/],
  [['--faults', 'PutEvents'], /--faults: PutEvents/],
  [['--faults', 'PutEvent:500'], /--faults: PutEvent:500: unknown operation PutEvent, expected one of cdp, .*PutEvents, /],
  [['--report', 'no-such-folder/report.json'], /^--report no-such-folder\/report\.json: there is no folder /],
  [['--report', 'test/local/cli.test.ts/report.json'], /there is no folder /],
  [['--report', 'test'], /^--report test: is a folder$/],
  [['--nonsense'], /'--nonsense'/],
  [['file.json'], /'file.json'/],
  [['--app'], /'--app/],
])('%j is refused in one line', (argv, message) => {
  expect(() => parseCommandLine(argv)).toThrow(UsageError);
  expect(() => parseCommandLine(argv)).toThrow(message);
  try {
    parseCommandLine(argv);
  } catch (error) {
    expect((error as Error).message).not.toContain('\n');
  }
});
