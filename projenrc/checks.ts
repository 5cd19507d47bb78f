import { awscdk } from 'projen';

/** Without a Region the runner asks the instance metadata service for one, for 8 seconds. */
const INTEG_ENV = { AWS_REGION: 'eu-west-1', CDK_VALIDATION: 'false' };
const INTEG = 'integ-runner --directory test/integ --language typescript --test-regex "integ\\..*\\.ts$" --app "tsx {filePath}"';

/** What `npm test` runs, in order of what fails fastest. */
export function configureChecks(project: awscdk.AwsCdkConstructLibrary): void {
  const bundle = project.tasks.tryFind('bundle')!;
  const typecheck = project.addTask('typecheck', {
    description: 'type-check everything (ts-jest, tsx and esbuild only transpile)',
    exec: 'tsc --noEmit -p tsconfig.dev.json',
  });
  const integ = project.addTask('integ', {
    description: 'verify the committed snapshots of the integration tests, offline',
    env: INTEG_ENV,
    exec: INTEG,
  });
  project.addTask('integ:update', {
    description: 'write the snapshots of the integration tests anew, without deploying',
    env: INTEG_ENV,
    exec: `${INTEG} --update-on-failed --dry-run`,
  });
  const rosetta = project.addTask('rosetta', {
    description: 'compile every snippet of the README and of the doc comments',
    exec: 'jsii-rosetta extract --strict .',
  });
  project.testTask.reset();
  project.testTask.spawn(bundle);
  project.testTask.spawn(typecheck);
  project.testTask.spawn(project.tasks.tryFind('eslint')!);
  project.testTask.exec('jest --passWithNoTests=false', { receiveArgs: true });
  project.testTask.spawn(integ);
  project.postCompileTask.spawn(rosetta);
}
