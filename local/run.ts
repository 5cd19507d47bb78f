import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endAll } from './children';
import { Options } from './cli';
import { readDeadLetters } from './dead-letters';
import { Drainable, drain } from './drain';
import { messageOf } from './errors';
import { FaultPlan, parseFaults } from './faults';
import { FeedRecord, feed, feedRecords } from './feed';
import { Ledger } from './ledger';
import { Message, readMessages } from './messages';
import { Progress } from './progress';
import { Report, ReportSources, buildReport, problemsOf } from './report';
import { pinpointQuota } from './services/pinpoint/quotas';
import { Session } from './session';
import { storyMessages } from './story';
import { DEFAULT_APP, appName, checkApp, synth } from './synth';
import { deadLetterPlaces, eventStreams } from './targets';
import { loadStacks } from './template/load';

export interface RunResult {
  readonly report: Report;
  /** Why the run is no success; none when it is one. */
  readonly problems: readonly string[];
  /** It was ended before all records were over. */
  readonly interrupted: boolean;
}

export interface RunOptions {
  readonly options: Options;
  readonly say: (line: string) => void;
  /** Ends the run early. */
  readonly signal: AbortSignal;
  /** Called with the running session before it is closed: `--keep` waits here. Its result is that of the run. */
  readonly onEnd?: (session: Session, result: RunResult, refresh: () => Promise<RunResult>) => Promise<RunResult>;
}

/** A function may use up its time several times before its record is given up. */
const STALL_TIMEOUTS = 4;
const STALL_MS = 60_000;
const HOPELESS_MS = 5_000;

export async function run(runOptions: RunOptions): Promise<RunResult> {
  const { options } = runOptions;
  // All that can be wrong with the input is found before anything starts.
  const messages = options.events.length > 0 ? options.events.flatMap(readMessages) : storyMessages(options.format);
  const records = feedRecords(messages, options.format);
  const app = options.app ?? DEFAULT_APP;
  checkApp(app);
  const folder = mkdtempSync(join(tmpdir(), 'cdk-cdp-engagement-'));
  let success = false;
  try {
    const result = await new LocalRun(runOptions, app, folder).run(messages, records);
    success = result.problems.length === 0;
    return result;
  } finally {
    await endAll();
    // The logs of the functions tell what went wrong; after a success nobody reads them.
    if (success || !existsSync(join(folder, 'logs'))) rmSync(folder, { recursive: true, force: true });
    else runOptions.say(`the logs of the functions are in ${join(folder, 'logs')}`);
  }
}

class LocalRun {
  private readonly ledger = new Ledger();
  private readonly faults: FaultPlan;
  private readonly abort = new AbortController();
  private readonly problems: string[] = [];
  private readonly startedAt = performance.now();
  private interrupted = false;

  public constructor(private readonly runOptions: RunOptions, private readonly app: string, private readonly folder: string) {
    this.faults = parseFaults(runOptions.options.faults ?? '');
    runOptions.signal.addEventListener('abort', () => this.abort.abort(runOptions.signal.reason), { once: true });
  }

  public async run(messages: readonly Message[], records: readonly FeedRecord[]): Promise<RunResult> {
    const { say, options, onEnd } = this.runOptions;
    const outdir = join(this.folder, 'cdk.out');
    say(`synthesizing ${appName(this.app)}`);
    // The services take as long to start as the app to synthesize.
    const [session] = await Promise.all([this.startSession(), synth({ app: this.app, format: options.format, outdir })]);
    try {
      await session.deploy(loadStacks(outdir));
      const streams = eventStreams(session.mappings, options.format, '--events');
      say(`feeding ${messages.length} messages to ${streams.join(', ')}`);
      await this.feedAndDrain(session, streams, records).catch((error: unknown) => this.cutShort(error));
      for (const unused of this.faults.unused()) say(`--faults: not used: ${unused}`);
      const result = await this.result(session);
      return await onEnd?.(session, result, async () => this.result(session)) ?? result;
    } finally {
      await session.close();
    }
  }

  private async startSession(): Promise<Session> {
    return Session.start({
      folder: this.folder,
      faults: this.faults,
      quotas: this.runOptions.options.quota ? { pinpoint: pinpointQuota() } : {},
      observer: this.ledger,
      failed: (error) => this.abort.abort(error),
    });
  }

  private async feedAndDrain(session: Session, streams: readonly string[], records: readonly FeedRecord[]): Promise<void> {
    const progress = new Progress();
    const show = () => progress.show(stateOf(session));
    const timer = setInterval(show, 200);
    try {
      for (const stream of streams) await feed(session.kinesis(), stream, records, this.abort.signal);
      clearInterval(timer);
      const pending = () => stateOf(session);
      await drain({ pending, stallMs: () => stallMs(session), progress: (state) => progress.show(state), signal: this.abort.signal });
    } finally {
      clearInterval(timer);
      progress.stop();
    }
  }

  /** What ended the run early is a part of its result: the report tells what was done until then. */
  private cutShort(error: unknown): void {
    this.problems.push(messageOf(error));
    this.interrupted = this.runOptions.signal.aborted;
  }

  private async result(session: Session): Promise<RunResult> {
    const { recorder, services, mappings, host } = session;
    const deadLetters = await readDeadLetters(session.s3(), deadLetterPlaces(host.specs, mappings), this.ledger.failures);
    const sources: ReportSources = {
      app: appName(this.app),
      durationMs: performance.now() - this.startedAt,
      ledger: this.ledger,
      state: stateOf(session),
      pinpoint: services.pinpoint,
      recorder,
      deadLetters,
    };
    return { report: buildReport(sources), problems: [...this.problems, ...problemsOf(sources)], interrupted: this.interrupted };
  }
}

function stallMs({ hopeless, mappings }: Session): number {
  if (hopeless) return HOPELESS_MS;
  return Math.max(STALL_MS, ...mappings.map(({ fn }) => STALL_TIMEOUTS * fn.timeoutSeconds * 1000));
}

function stateOf({ mappings, services }: Session): Drainable[] {
  return mappings.map(({ spec, fn, over }) =>
    ({ label: spec.path, construct: fn.construct, over, taken: services.kinesis.recordsTaken(spec.streamName) }));
}
