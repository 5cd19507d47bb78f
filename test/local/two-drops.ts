import { setTimeout as sleep } from 'node:timers/promises';
import { parseCommandLine } from '../../local/cli';
import { writeReport } from '../../local/report';
import { run } from '../../local/run';
import { drop, importerPlace, readSegmentFile } from '../../local/segment-files';

/** A run whose lists are dropped one after the other, each when the one before is imported: `two-drops.ts LATER... -- OPTIONS` */
const args = process.argv.slice(2);
const later = args.slice(0, args.indexOf('--'));
const options = parseCommandLine(args.slice(args.indexOf('--') + 1));

async function main(): Promise<void> {
  const { problems, report } = await run({
    options, say: () => undefined, signal: new AbortController().signal,
    onEnd: async (session, _result, refresh) => {
      for (const file of later) {
        const started = session.rules.machines.reduce((sum, { executions }) => sum + executions.length, 0);
        await drop(session.s3(), importerPlace(session.rules.specs), readSegmentFile(file));
        while (session.rules.machines.reduce((sum, { over }) => sum + over, 0) <= started) await sleep(50);
      }
      return refresh();
    },
  });
  writeReport(options.report!, report);
  process.stdout.write(problems.join('\n'));
  process.exitCode = problems.length === 0 ? 0 : 1;
}

void main();
