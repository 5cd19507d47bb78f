import { awscdk, javascript, release, TextFile } from 'projen';
import { TypeScriptRunner } from 'projen/lib/typescript';
import { configureBundle } from './projenrc/bundle';
import { configureChecks } from './projenrc/checks';
import { configureFences } from './projenrc/fences';
import { configureLanguages } from './projenrc/languages';
import { configureLocal } from './projenrc/local';

const project = new awscdk.AwsCdkConstructLibrary({
  name: 'cdk-cdp-engagement',
  description: 'AWS CDK constructs that connect a Customer Data Platform (CDP) to AWS customer engagement',
  author: 'The cdk-cdp-engagement authors',
  authorAddress: 'cdk-cdp-engagement@users.noreply.github.com',
  authorOrganization: true,
  repositoryUrl: 'https://github.com/cdk-cdp-engagement/cdk-cdp-engagement.git',
  keywords: [
    'cdk', 'aws-cdk', 'cdp', 'customer-data-platform', 'customer-engagement', 'pinpoint', 'amazon-connect',
    'customer-profiles', 'ses', 'segment', 'rudderstack', 'mparticle', 'tealium',
  ],
  license: 'Apache-2.0',
  stability: 'experimental',
  defaultReleaseBranch: 'main',
  // A commit on main is not yet a version that customers should get.
  releaseTrigger: release.ReleaseTrigger.workflowDispatch(),
  majorVersion: 0,

  // The peer floor is also what we develop on; the newest release is a second leg of the tests.
  cdkVersion: '2.257.0',
  constructsVersion: '10.5.1',
  jsiiVersion: '~6.0.16',
  typescriptVersion: '~6.0.3',
  projenVersion: '0.103.25',
  minNodeVersion: '20.20.0',
  workflowNodeVersion: '24.x',
  packageManager: javascript.NodePackageManager.NPM,
  npmAccess: javascript.NpmAccess.PUBLIC,

  publishToPypi: { distName: 'cdk-cdp-engagement', module: 'cdk_cdp_engagement', trustedPublishing: true },
  publishToMaven: {
    javaPackage: 'io.github.cdkcdpengagement',
    mavenGroupId: 'io.github.cdkcdpengagement',
    mavenArtifactId: 'cdk-cdp-engagement',
  },
  publishToGo: { moduleName: 'github.com/cdk-cdp-engagement/cdk-cdp-engagement-go', packageName: 'cdkcdpengagement' },

  // Everything a handler uses is bundled, so all of it is a development dependency and the package needs only its peers.
  devDeps: [
    // in the handlers
    '@aws-lambda-powertools/logger@^2.36.0', // structured logs with Lambda's own fields; AWS maintained
    '@aws-lambda-powertools/metrics@^2.36.0', // embedded metric format, no API call; AWS maintained
    '@aws-sdk/client-customer-profiles@^3.1019.0', // the newest there is; all that is called is older
    '@aws-sdk/client-eventbridge@^3.1132.0',
    '@aws-sdk/client-kinesis@^3.1132.0',
    '@aws-sdk/client-lambda@^3.1132.0',
    '@aws-sdk/client-pinpoint@^3.1132.0',
    '@aws-sdk/client-s3@^3.1132.0',
    '@aws-sdk/client-secrets-manager@^3.1132.0',
    '@aws-sdk/client-sqs@^3.1132.0',
    '@aws-sdk/core@^3.981.2', // the SDK's JSON protocol, of which ours is a kind
    '@aws-sdk/lib-storage@^3.1132.0', // uploads of a length that is not known, in parts
    '@smithy/node-http-handler', // the SDK's own HTTP handler, to set its time-outs
    '@smithy/types', // types of the SDK's middleware
    'csv-parse@^7.0.3', // RFC 4180 as a stream, without dependencies; MIT
    'libphonenumber-js@^1.13.16', // E.164; Google's metadata, MIT, released monthly
    // to build and to test
    '@aws-cdk/integ-runner@2.197.10',
    '@aws-cdk/integ-tests-alpha@2.245.0-alpha.0',
    '@types/aws-lambda@^8.10.164',
    'aws-cdk@2.1148.1',
    'aws-sdk-client-mock@^4.1.0',
    'cdk-nag@2.38.2',
    'esbuild@0.28.2',
    'eslint-plugin-import',
    'fast-check@^4',
    'tsx@^4', // runs local/, bench/ and examples/ without a compile step
    // the local run's emulated services
    'aws-local-stepfunctions@3.0.0',
    'cli-progress@^3.12.0',
    '@types/cli-progress',
    'cli-table3@^0.6.5',
    'fauxqs@1.9.2',
    'kinesis-local@0.6.2',
    'local-aws-sqs@2.0.2',
  ],

  disableTsconfig: true,
  tsconfigDev: {
    include: ['lambda-src/**/*.ts', 'local/**/*.ts', 'bench/**/*.ts', 'examples/typescript/**/*.ts', 'projenrc/**/*.ts', '.projenrc.ts'],
    exclude: ['node_modules', '**/cdk.out'],
    compilerOptions: { rootDir: '.', lib: ['es2023'], esModuleInterop: true, skipLibCheck: true },
  },
  projenrcTs: true,
  projenrcTsOptions: { runner: TypeScriptRunner.tsNode({ tsconfig: 'tsconfig.dev.json' }) },
  sampleCode: false,
  copyrightOwner: 'The cdk-cdp-engagement authors',
  copyrightPeriod: '2026',

  jestOptions: {
    jestVersion: '^30',
    updateSnapshot: javascript.UpdateSnapshot.NEVER,
    jestConfig: {
      maxWorkers: 2,
      coverageProvider: 'babel',
      coverageReporters: ['lcov'],
      collectCoverage: false,
      roots: ['<rootDir>/test'],
      testPathIgnorePatterns: ['/node_modules/', '\\.snapshot/'],
      modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/lib', '\\.snapshot/', '/cdk\\.out/'],
      setupFiles: ['<rootDir>/test/support/setup.ts'],
      globalSetup: '<rootDir>/test/support/global-setup.ts',
      globalTeardown: '<rootDir>/test/support/global-teardown.ts',
    } as javascript.JestConfigOptions,
  },
  eslintOptions: {
    dirs: ['src'],
    devdirs: ['test', 'lambda-src', 'local', 'bench', 'examples/typescript', 'projenrc'],
    tsconfigPath: './tsconfig.dev.json',
    projectService: false,
    commandOptions: { fix: false },
  },

  buildWorkflowOptions: { mutableBuild: false },
  githubOptions: { mergify: false },
  depsUpgrade: false,
  release: true,
  bumpPackage: 'commit-and-tag-version@^12', // 13 needs Node 22 to install, and contributors may still have 20
  npmTrustedPublishing: true,
  pypiAutoDiscover: false,
  gitignore: [
    '/assets/', '.jsii.tabl.json', 'cdk-integ.out.*', 'cdk.out/', '/.local/', '__pycache__/', '*.pyc', '.venv/',
    'test/integ/**/*.snapshot/asset.*', 'test/integ/**/*.snapshot/tree.json', // 4 MB that verifying does without
  ],
} as awscdk.AwsCdkConstructLibraryOptions);

// unrs-resolver 1.13.0 names optional platform packages that cannot always be installed, and `npm ci` then fails.
project.package.addPackageResolutions('unrs-resolver@1.12.2');
// Its next minor version needs Node 22, and `npm ci` on Node 20 would say so each time; only the local run's S3 brings it in.
project.package.addPackageResolutions('light-my-request@6.6.0');
project.package.addField('allowScripts', { 'esbuild': true, '@parcel/watcher': false, 'unrs-resolver': false });
project.tryRemoveFile('projenrc/tsconfig.json');
// The package is lib/, assets/ and what describes them; everything else is for those who build it.
[
  '!/assets/', '!/.jsii.tabl.json', '/lambda-src/', '/local/', '/bench/', '/examples/', '/rosetta/', '/docs/', '/.ci/', '/.nvmrc',
  '/.local/', '/CONTRIBUTING.md', 'cdk.out', 'cdk-integ.out.*',
].forEach((pattern) => project.addPackageIgnore(pattern));
project.tasks.addEnvironment('JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION', '20');
project.tasks.addEnvironment('AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED', 'true');
new TextFile(project, '.nvmrc', { lines: ['24'] });

configureBundle(project);
configureChecks(project);
configureFences(project);
configureLanguages(project);
configureLocal(project);
// The publishing tool's own default is the public registry; the workflow needs no copy of its address.
project.github!.tryFindWorkflow('release')!.file!.addDeletionOverride('jobs.release_npm.steps.9.env.NPM_REGISTRY');
project.synth();
