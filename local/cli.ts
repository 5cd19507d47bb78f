import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { UsageError, messageOf } from './errors';
import { FAULT_NAMES } from './fault-names';
import { parseFaults } from './faults';

/** The vocabularies that `--format` knows, by the names that the examples take from the context. */
const FORMATS: readonly string[] = ['segment', 'rudderstack', 'mparticle', 'tealium', 'cloudevents', 'pinpoint', 'auto', 'function'];

export interface Options {
  /** Folder of a CDK app; undefined for the example that ships with the repository. */
  readonly app?: string;
  readonly events: readonly string[];
  readonly engagement: readonly string[];
  readonly offer: readonly string[];
  /** `FILE` or `KEY=FILE`. */
  readonly segment: readonly string[];
  readonly format: string;
  readonly faults?: string;
  readonly quota: boolean;
  readonly redrive: boolean;
  readonly report?: string;
  readonly keep: boolean;
  readonly help: boolean;
}

export const USAGE = `npm run local [-- OPTIONS]

  --app DIR          a CDK app (its app.ts); default: the example that ships with the repository
  --events FILE...   CDP messages: a JSON object, a JSON array or NDJSON
  --format NAME      their vocabulary: segment (default), rudderstack, mparticle, tealium, cloudevents, pinpoint, auto
                     or function (one of the app's own)
  --segment FILE...  lists dropped into CdpSegmentImporter's bucket; KEY=FILE gives the object key
  --engagement FILE...  events as their services publish them (records of an event stream, of EventBridge about e-mails, of text messages), in the
                     same forms of file; without any input the built-in story is run
  --offer FILE...    payloads of a custom channel or of a custom action, or lists of endpoints, in the same forms of file
  --faults SPEC      e.g. UpdateEndpointsBatch:429x5,PutEvents:item400x3,cdp:503x10,cdp:timeoutx2,cdp:401x1
  --quota            enforce the published request rates: 429 above them
  --redrive          when all is over, faults end and the redrive functions put dead letters back, as after a cause is mended
  --report FILE      write the report as JSON
  --keep             stay up and print the endpoints until Ctrl-C
  --help             this text

Exit status: 0 every record ended as done, dropped with a reason, or dead-lettered with its payload; 1 otherwise; 2 wrong usage.
`;

const OPTIONS = {
  app: { type: 'string' },
  events: { type: 'string', multiple: true },
  format: { type: 'string' },
  segment: { type: 'string', multiple: true },
  engagement: { type: 'string', multiple: true },
  offer: { type: 'string', multiple: true },
  faults: { type: 'string' },
  quota: { type: 'boolean' },
  redrive: { type: 'boolean' },
  report: { type: 'string' },
  keep: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

const FILE_LISTS: readonly string[] = ['--events', '--segment', '--engagement', '--offer'];

export function parseCommandLine(argv: readonly string[]): Options {
  const { values } = parse(spread(argv));
  checkFaults(values.faults);
  checkReport(values.report);
  return {
    app: values.app,
    events: values.events ?? [],
    engagement: values.engagement ?? [],
    offer: values.offer ?? [],
    segment: values.segment ?? [],
    format: checkFormat(values.format ?? 'segment'),
    faults: values.faults,
    quota: values.quota ?? false,
    redrive: values.redrive ?? false,
    report: values.report,
    keep: values.keep ?? false,
    help: values.help ?? false,
  };
}

/** `--events a b` becomes `--events a --events b`, which is what node:util understands. */
function spread(argv: readonly string[]): string[] {
  let list: string | undefined;
  return argv.flatMap((argument, index) => {
    if (argument.startsWith('--')) {
      list = FILE_LISTS.includes(argument) ? argument : undefined;
      return [argument];
    }
    return list !== undefined && argv[index - 1] !== list ? [list, argument] : [argument];
  });
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options: OPTIONS, strict: true, allowPositionals: false });
  } catch (error) {
    // Node adds a hint about `--` that does not help here.
    throw new UsageError((messageOf(error).split(/\. |\n/)[0] ?? '').replace(/\.$/, ''));
  }
}

function checkFormat(format: string): string {
  if (!FORMATS.includes(format)) throw new UsageError(`--format: unknown format "${format}", expected one of ${FORMATS.join(', ')}`);
  return format;
}

/** Parsed here only to fail early; the run parses it again. */
function checkFaults(spec: string | undefined): void {
  if (spec === undefined) return;
  try {
    parseFaults(spec, FAULT_NAMES);
  } catch (error) {
    throw new UsageError(messageOf(error));
  }
}

/** It is written when all is done: too late to find out that it can't be. */
function checkReport(file: string | undefined): void {
  if (file === undefined) return;
  const folder = dirname(resolve(file));
  if (!isFolder(folder)) throw new UsageError(`--report ${file}: there is no folder ${folder}`);
  if (isFolder(resolve(file))) throw new UsageError(`--report ${file}: is a folder`);
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
