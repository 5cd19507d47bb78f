import { killAll } from './children';
import { USAGE, parseCommandLine } from './cli';
import { UsageError, messageOf } from './errors';
import { isStory } from './inputs';
import { keepUp } from './keep';
import { writeReport } from './report';
import { run } from './run';
import { tellStory } from './story';
import { summarize } from './summary';
import { deliveringConstructs } from './targets';

const FAILED = 1;
const USAGE_STATUS = 2;
/** 128 + SIGINT, as shells count. */
const INTERRUPTED = 130;

class Interrupted extends Error {}

async function main(argv: readonly string[], signal: AbortSignal): Promise<number> {
  const options = parseCommandLine(argv);
  const say = (line: string) => console.log(line);
  if (options.help) {
    say(USAGE);
    return 0;
  }
  const { report, problems, interrupted } = await run({
    options,
    say,
    signal,
    onEnd: async (session, result, refresh) => {
      if (options.report !== undefined) writeReport(options.report, result.report);
      say(`\n${summarize(result.report)}\n`);
      if (isStory(options)) say(tellStory(result.report, result.problems.length === 0, deliveringConstructs(session.host.specs)));
      return options.keep && !result.interrupted ? keepUp({ session, say, signal, refresh, report: options.report }) : result;
    },
  });
  problems.forEach((problem) => console.error(`problem: ${problem}`));
  say(`${problems.length === 0 ? 'ok' : 'failed'} after ${(report.durationMs / 1000).toFixed(1)} s`);
  if (interrupted) return INTERRUPTED;
  return problems.length === 0 ? 0 : FAILED;
}

const controller = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => {
    // The second time nothing is waited for any more.
    if (controller.signal.aborted) process.exit(INTERRUPTED);
    controller.abort(new Interrupted('interrupted'));
  });
}
process.on('exit', killAll);
// Of no use to who only wants to see the library work; CI runs on a newer Node.js too.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

main(process.argv.slice(2), controller.signal).then((status) => process.exit(status), (error: unknown) => {
  console.error(error instanceof UsageError || error instanceof Interrupted ? messageOf(error) : `error: ${messageOf(error)}`);
  process.exit(error instanceof UsageError ? USAGE_STATUS : error instanceof Interrupted ? INTERRUPTED : FAILED);
});
