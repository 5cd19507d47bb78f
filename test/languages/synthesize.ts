import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';

/** Runs a CDK app as the CDK CLI would, without the CLI: the context of its cdk.json, and an output folder. Returns that folder. */
export function synthesize(folder: string, [command, ...args]: readonly string[], outdir: string): string {
  const cdkJson = path.join(folder, 'cdk.json');
  const context = fs.existsSync(cdkJson) ? JSON.parse(fs.readFileSync(cdkJson, 'utf8')).context ?? {} : {};
  const { error, status, stdout, stderr } = spawnSync(command, args, {
    cwd: folder,
    encoding: 'utf8',
    env: {
      ...process.env,
      CDK_OUTDIR: outdir,
      CDK_CONTEXT_JSON: JSON.stringify(context),
      CDK_DEFAULT_REGION: 'eu-west-1',
      CDK_VALIDATION: 'false',
      PYTHONDONTWRITEBYTECODE: '1',
    },
  });
  if (error || status !== 0) throw new Error(`${folder}: ${error?.message ?? `exit code ${status}`}\n${stdout ?? ''}${stderr ?? ''}`);
  return outdir;
}
