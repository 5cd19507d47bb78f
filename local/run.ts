import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CdpServer } from './cdp/server';
import { endAll } from './children';
import { Options } from './cli';
import { readDeadLetters } from './dead-letters';
import { drain } from './drain';
import { giveEngagement } from './engagement';
import { messageOf } from './errors';
import { FaultPlan, parseFaults } from './faults';
import { FeedRecord, feed } from './feed';
import { Inputs, readInputs } from './inputs';
import { Ledger } from './ledger';
import { invokeChannels } from './offers';
import { pendingOf, problemsOfExecutions, stallMs, stateOf } from './pending';
import { Progress } from './progress';
import { redriveAll } from './redrive';
import { Report, ReportSources, buildReport, problemsOf } from './report';
import { drop, findImporter, importerPlace } from './segment-files';
import { profilesQuota } from './services/customer-profiles/customer-profiles';
import { pinpointQuota } from './services/pinpoint/quotas';
import { Session } from './session';
import { STORY_LIST } from './story';
import { journeySteps } from './story/journey';
import { SENDINGS } from './story/sendings';
import { DEFAULT_APP, appName, checkApp, synth } from './synth';
import {
  accountsOf, deadLetterPlaces, engagementKinds, engagementStreams, eventStreams, hasEndpointSync, hasEngagementStream, hasOfferChannel,
} from './targets';
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

/** How long what is on its way may take when Ctrl-C was pressed. */
const SETTLE_MS = 20_000;

export async function run(runOptions: RunOptions): Promise<RunResult> {
  const { options } = runOptions;
  // All that can be wrong with the input is found before anything starts.
  const inputs = readInputs(options);
  const app = options.app ?? DEFAULT_APP;
  checkApp(app);
  const folder = mkdtempSync(join(tmpdir(), 'cdk-cdp-engagement-'));
  let success = false;
  try {
    const result = await new LocalRun(runOptions, app, folder).run(inputs);
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

  public async run(inputs: Inputs): Promise<RunResult> {
    // First of all, for the app is told its address.
    const cdp = await CdpServer.start(this.faults);
    try {
      return await this.runWith(cdp, inputs);
    } finally {
      await cdp.close();
    }
  }

  private async runWith(cdp: CdpServer, inputs: Inputs): Promise<RunResult> {
    const { say, options, onEnd } = this.runOptions;
    const outdir = join(this.folder, 'cdk.out');
    say(`synthesizing ${appName(this.app)}`);
    // The services take as long to start as the app to synthesize.
    const [session] = await Promise.all([this.startSession(cdp), synth({ app: this.app, format: options.format, cdpUrl: cdp.url, outdir })]);
    try {
      await session.deploy(loadStacks(outdir));
      const feeds = this.feedsFor(session, inputs);
      const place = inputs.segments.length > 0 ? importerPlace(session.rules.specs) : undefined;
      await this.feedAndDrain(session, feeds, inputs, place).catch((error: unknown) => this.cutShort(error));
      for (const unused of this.faults.unused()) say(`--faults: not used: ${unused}`);
      const result = await this.result(session);
      return await onEnd?.(session, result, async () => this.settled(session)) ?? result;
    } finally {
      await session.close();
    }
  }

  private async startSession(cdp: CdpServer): Promise<Session> {
    return Session.start({
      folder: this.folder,
      cdp,
      faults: this.faults,
      quotas: this.runOptions.options.quota ? { pinpoint: pinpointQuota(), customer_profiles: profilesQuota() } : {},
      throttled: this.runOptions.options.quota,
      observer: this.ledger,
      failed: (error) => this.abort.abort(error),
    });
  }

  /** Which stream gets what. The story goes without its first part in an app that only reads an event stream. */
  private feedsFor({ mappings }: Session, { events, engagement, story }: Inputs): Feed[] {
    const feeds: Feed[] = [];
    const { format } = this.runOptions.options;
    const onlyFeedback = story && !hasEndpointSync(mappings) && hasEngagementStream(mappings);
    if (events.length > 0 && !onlyFeedback) feeds.push({ what: 'messages', streams: eventStreams(mappings, format, '--events'), records: events });
    // Found out before anything is fed.
    if (engagement.length > 0) engagementStreams(mappings, '--engagement');
    return feeds;
  }

  private async feedAndDrain(
    session: Session, feeds: readonly Feed[], { story, engagement, offers, segments }: Inputs, place?: ReturnType<typeof importerPlace>,
  ): Promise<void> {
    const { say } = this.runOptions;
    for (const { what, streams, records } of feeds) {
      say(`feeding ${records.length} ${what} to ${streams.join(', ')}`);
      await this.whileShowing(session, async () => {
        for (const stream of streams) await feed(session.kinesis(), stream, records, this.abort.signal);
      });
    }
    // Whom they are of is asked of profiles, which the messages make.
    if (engagement.length > 0 && engagementKinds(session.mappings).has('customerProfiles')) await this.drained(session);
    if (engagement.length > 0) {
      say(`giving ${engagement.length} engagement records to the services that tell of them`);
      await this.whileShowing(session, async () => giveEngagement(session, engagement, this.abort.signal));
      const { unpublished } = session.messaging.mail;
      if (unpublished > 0) say(`${unpublished} of them are of types that no event destination of the app has: they are not published`);
    }
    if (offers.length > 0) {
      say(`invoking the custom channel ${offers.length} times`);
      await invokeChannels(session, offers, this.ledger);
    }
    if (place) {
      say(`dropping ${segments.length} lists into ${place.bucket}`);
      for (const file of segments) await drop(session.s3(), place, file);
    }
    await this.drained(session);
    if (story) await this.tell(session);
    if (this.runOptions.options.redrive) await this.redrive(session);
  }

  private async redrive(session: Session): Promise<void> {
    const { say } = this.runOptions;
    for (const unused of this.faults.unused()) say(`--faults: ended before the redrive: ${unused}`);
    this.faults.end();
    say('what went wrong is mended: the redrive functions put dead letters back');
    await redriveAll(session, this.ledger);
    await this.drained(session);
  }

  /** What happens in the story once the CDP's messages have become endpoints. */
  private async tell(session: Session): Promise<void> {
    const { say } = this.runOptions;
    for (const kind of engagementKinds(session.mappings)) {
      say(`${SENDINGS[kind].what}: something comes back`);
      await SENDINGS[kind].send(session, this.abort.signal);
    }
    const importer = findImporter(session.rules.specs);
    if (importer) {
      say('the CDP drops a list into the bucket');
      await drop(session.s3(), importer, { file: STORY_LIST });
    }
    if (hasOfferChannel(session.host.specs)) {
      say('a step of a journey gives two users an offer');
      await invokeChannels(session, journeySteps(session), this.ledger);
    }
    await this.drained(session);
  }

  private async drained(session: Session): Promise<void> {
    await this.whileShowing(session, async (show) => {
      await drain({ pending: () => pendingOf(session), stallMs: () => stallMs(session), progress: show, signal: this.abort.signal });
    });
    for (const delivery of session.deliveries) await delivery.flush();
  }

  /** The result when what came in the meantime is over, or a moment later: by then Ctrl-C was pressed. */
  private async settled(session: Session): Promise<RunResult> {
    const signal = AbortSignal.timeout(SETTLE_MS);
    await drain({ pending: () => pendingOf(session), stallMs: () => SETTLE_MS, progress: () => undefined, signal }).catch(() => undefined);
    return this.result(session);
  }

  private async whileShowing(session: Session, work: (show: () => void) => Promise<void>): Promise<void> {
    const progress = new Progress();
    const show = () => progress.show(stateOf(session));
    const timer = setInterval(show, 200);
    try {
      await work(show);
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
    const { recorder, services, mappings, host, cdp } = session;
    const deadLetters = await readDeadLetters(session.s3(), deadLetterPlaces(host.specs, mappings), this.ledger.failures);
    const executions = session.rules.machines.flatMap((machine) => machine.executions);
    const sources: ReportSources = {
      executions,
      executionProblems: session.rules.machines.flatMap(problemsOfExecutions),
      app: appName(this.app),
      durationMs: performance.now() - this.startedAt,
      ledger: this.ledger,
      state: stateOf(session),
      pinpoint: services.pinpoint,
      customerProfiles: services.customerProfiles,
      recorder,
      deadLetters,
      inbox: cdp.inbox,
      delivering: accountsOf(host.specs),
      offers: session.offers,
      redrives: session.redrives,
      lost: [...session.eventStreams, ...session.profileStreams, ...session.streamTargets, session.messaging.mail, services.customerProfiles]
        .flatMap(({ problems }) => problems),
    };
    return { report: buildReport(sources), problems: [...this.problems, ...problemsOf(sources)], interrupted: this.interrupted };
  }
}

interface Feed {
  readonly what: string;
  readonly streams: readonly string[];
  readonly records: readonly FeedRecord[];
}
