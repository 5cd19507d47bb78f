import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { adopt } from './children';
import { UsageError } from './errors';
import { isObject } from './template/model';

/** The repository; the run works from any directory. */
export const ROOT = resolve(__dirname, '..');

/** The example with all constructs. */
export const DEFAULT_APP = join(ROOT, 'examples', 'typescript', 'cdp-engagement');

/** Context key by which an app can follow `--format`. */
export const FORMAT_CONTEXT = 'format';
/** Context key by which an app can take the address of the emulated CDP. */
export const CDP_URL_CONTEXT = 'cdpUrl';

export interface SynthOptions {
  /** Folder of the app. */
  readonly app: string;
  readonly format: string;
  readonly cdpUrl: string;
  /** Where the cloud assembly goes. */
  readonly outdir: string;
}

/** As the report names the app: relative to the repository where it lies in it, so that reports of two machines are alike. */
export function appName(app: string): string {
  const path = relative(ROOT, resolve(app));
  return path.startsWith('..') ? app : path || '.';
}

export function checkApp(app: string): void {
  if (!existsSync(join(app, 'app.ts'))) throw new UsageError(`--app: ${join(app, 'app.ts')} does not exist`);
}

/** Runs the app as the CDK's CLI would, without the CLI: the app writes its cloud assembly to CDK_OUTDIR. */
export async function synth({ app, format, cdpUrl, outdir }: SynthOptions): Promise<void> {
  const folder = resolve(app);
  const child = adopt(spawn(tsx(), ['app.ts'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      CDK_OUTDIR: outdir,
      CDK_CONTEXT_JSON: JSON.stringify({
        ...contextOf(folder), 'aws:cdk:enable-path-metadata': true, [FORMAT_CONTEXT]: format, [CDP_URL_CONTEXT]: cdpUrl,
      }),
      // The newest CDK checks each template with an engine that takes seconds to load; `cdk synth` still does.
      CDK_VALIDATION: 'false',
    },
  }));
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => { output = `${output}${chunk.toString()}`.slice(-10_000); });
  const code = await new Promise<number | null>((done, fail) => child.once('error', fail).once('close', done));
  if (code !== 0) throw new Error(`the app ${app} does not synthesize:\n${output}`);
  if (!existsSync(join(outdir, 'manifest.json'))) throw new Error(`the app ${app} wrote no cloud assembly: does it call synth()?`);
}

function tsx(): string {
  return join(dirname(require.resolve('tsx/package.json')), '..', '.bin', 'tsx');
}

/** The CLI would hand the context of cdk.json (feature flags) to the app; so do we. */
function contextOf(folder: string): Record<string, unknown> {
  const file = join(folder, 'cdk.json');
  if (!existsSync(file)) return {};
  const { context } = JSON.parse(readFileSync(file, 'utf8')) as { context?: unknown };
  return isObject(context) ? context : {};
}
