import * as path from 'node:path';
import { LegacyESLint } from 'eslint/use-at-your-own-risk';

const ROOT = path.resolve(__dirname, '..');

/** Rules that need type information would make this a whole type check; the fences need none. */
const eslint = new LegacyESLint({
  cwd: ROOT,
  overrideConfig: {
    parserOptions: { project: null },
    rules: { '@typescript-eslint/no-floating-promises': 'off', '@typescript-eslint/return-await': 'off' },
  } as object,
});

async function complaints(file: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath: path.join(ROOT, file) });
  return result.messages
    .filter(({ ruleId }) => ruleId === null || /no-restricted|no-extraneous-dependencies/.test(ruleId)) // null: could not be parsed
    .map(({ message }) => message);
}

test.each([
  ['a handler that imports a construct', 'lambda-src/x/core.ts', '../../src/index', /a handler sees only src\/contract/],
  ['a handler that imports the CDK', 'lambda-src/x/core.ts', 'aws-cdk-lib/aws-lambda', /a handler knows nothing of the CDK/],
  ['a handler that imports constructs', 'lambda-src/x/core.ts', 'constructs', /a handler knows nothing of the CDK/],
  ['a handler that imports a test', 'lambda-src/x/core.ts', '../../test/fences.test', /what is published never imports what is not/],
  ['a construct that imports run-time code', 'src/x.ts', '../lambda-src/model', /synth-time code never imports run-time code/],
  ['a construct that imports a dependency of the build', 'src/x.ts', 'esbuild', /should be listed in the project's dependencies/],
  ['a construct that imports a test', 'src/x.ts', '../test/fences.test', /what is published never imports what is not/],
  ['the contract, importing a construct', 'src/contract/x.ts', '../index', /the contract imports nothing outside itself/],
  ['the contract, importing the CDK', 'src/contract/x.ts', 'aws-cdk-lib', /the contract imports nothing outside itself/],
  ['the contract, importing a part of the CDK', 'src/contract/x.ts', 'aws-cdk-lib/aws-iam', /the contract imports nothing outside itself/],
  ['the contract, importing an SDK client', 'src/contract/x.ts', '@aws-sdk/client-pinpoint', /the contract imports nothing outside itself/],
  ['the contract, importing a module of Node', 'src/contract/x.ts', 'node:fs', /the contract imports nothing outside itself/],
])('fails: %s', async (_, file, imported, message) => {
  expect(await complaints(file, `import * as x from '${imported}';\nexport const y = x;\n`))
    .toEqual(expect.arrayContaining([expect.stringMatching(message)]));
});

test.each([
  ['a handler that imports the contract', 'lambda-src/x/core.ts', '../../src/contract/env'],
  ['a handler that imports an SDK client', 'lambda-src/x/core.ts', '@aws-sdk/client-pinpoint'],
  ['a construct that imports the contract', 'src/x.ts', './contract/env'],
  ['a construct that imports the CDK', 'src/x.ts', 'aws-cdk-lib'],
  ['the contract, importing itself', 'src/contract/x.ts', './env'],
])('passes: %s', async (_, file, imported) => {
  expect(await complaints(file, `import * as x from '${imported}';\nexport const y = x;\n`)).toEqual([]);
});
