import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

/** Newer versions of aws-cdk-lib check each template against CloudFormation's schemas; the other tests switch that off, as it takes a second each. */
const ROOT = path.resolve(__dirname, '..');

/** AWS's own notice that the service shuts down: the one finding that we know of and can't remove. */
const END_OF_SUPPORT = 'W3696';

const EXAMPLES = fs.readdirSync(path.join(ROOT, 'examples/typescript')).filter((name) => !name.endsWith('.ts'));

test.each(EXAMPLES)('the example %s passes the validation of its templates', (example) => {
  const outdir = fs.mkdtempSync(path.join(os.tmpdir(), 'validation-'));
  const { CDK_VALIDATION, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(path.join(ROOT, 'node_modules/.bin/tsx'), ['app.ts'], {
    cwd: path.join(ROOT, 'examples/typescript', example), env: { ...env, CDK_OUTDIR: outdir }, encoding: 'utf8',
  });
  const findings = [...`${stdout}${stderr}`.matchAll(/CloudFormation-Validate::(\w+)/g)].map(([, id]) => id);
  expect(findings.filter((id) => id !== END_OF_SUPPORT)).toEqual([]);
  expect({ status, stderr }).toMatchObject({ status: 0 });
}, 60_000);
