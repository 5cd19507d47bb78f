import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { builtinModules } from 'node:module';
import * as os from 'node:os';
import * as path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, Metafile } from 'esbuild';
import { CdpEndpointSyncConfig } from '../src/contract/cdp-endpoint-sync';
import { EngagementStreamToCdpConfig } from '../src/contract/engagement-stream-to-cdp';
import { CONFIG_VARIABLE, CONTRACT_VERSION } from '../src/contract/env';
import { OfferCustomChannelConfig, OfferDeliveryConfig } from '../src/contract/offer-custom-channel';
import { RedriveConfig } from '../src/contract/redrive';
import { SegmentImportControlConfig } from '../src/contract/segment-import-control';
import { SegmentMembersConfig } from '../src/contract/segment-members';
import { SegmentPrepareConfig } from '../src/contract/segment-prepare';
import { WebhookConfig } from '../src/contract/webhook';

/** The functions as they are shipped: loaded by a process that has nothing but Node.js and the bundle. */
const ROOT = path.resolve(__dirname, '..');
const ASSETS = path.join(ROOT, 'assets');

const deadLetters = { bucketName: 'letters', prefix: 'dead' };
const work = { bucketName: 'work', prefix: 'w' };
const target = { kind: 'pinpoint', applicationId: 'app', importRoleArn: 'arn:aws:iam::111122223333:role/r', registerEndpoints: true, defineSegment: true } as const;

const segment = {
  kind: 'segment', url: 'https://api.segment.io', writeKey: { secretArn: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:s' },
} as const;

const channel: OfferCustomChannelConfig = {
  version: CONTRACT_VERSION,
  instance: 'Stack/Offer',
  caller: { kind: 'pinpoint', applicationId: 'app', budgetSeconds: 15 },
  rules: { offer: { offerId: '20_OFF' }, eventName: 'Offer Assigned', dataFields: [], withoutUserId: 'anonymousId' },
  queueUrl: 'https://sqs.eu-west-1.amazonaws.com/111122223333/q',
  deadLetters,
};

interface Expected {
  readonly config: object;
  /** What a cold start reads: index.mjs and the chunks that it imports statically. Raise it with a reason, not with a shrug. */
  readonly coldStartKb: number;
  /** What only the chunk holds that is loaded lazily for this configuration, at the cold start too. */
  readonly client?: string;
  /** A part of the configuration that names a bucket. */
  readonly incomplete?: string;
  /** What is said when that part is empty. */
  readonly problem?: string;
}

/** What only the client of the service has in it. */
const PINPOINT = '"mobiletargeting"';
const CUSTOMER_PROFILES = '"Customer Profiles"';

const HANDLERS: Record<string, Expected> = {
  'cdp-endpoint-sync': {
    config: {
      version: CONTRACT_VERSION,
      instance: 'Stack/Sync',
      format: { kind: 'segment' },
      mapping: { rules: [], unmapped: 'userAttributes', endpointId: '{userId}-{channel}', eventChannels: ['EMAIL'] },
      target: {
        kind: 'pinpoint',
        applicationId: 'app',
        endpointWrites: 'batch',
        lookUpEndpoints: true,
        requestsPerSecond: { updateEndpointsBatch: 1, putEvents: 1, userEndpoints: 1 },
      },
      deadLetters,
    } satisfies CdpEndpointSyncConfig,
    coldStartKb: 480,
    client: PINPOINT,
  },
  'engagement-stream-to-cdp': {
    config: {
      version: CONTRACT_VERSION,
      instance: 'Stack/Feedback',
      source: { kind: 'pinpoint', applicationId: 'app', lookUpEndpoints: false, getEndpointPerSecond: 10 },
      destination: segment,
      deadLetters,
    } satisfies EngagementStreamToCdpConfig,
    coldStartKb: 180,
  },
  'offer-custom-channel': { config: channel, coldStartKb: 400 },
  'offer-delivery': {
    config: { ...channel, destination: segment, maxDeliverySeconds: 259_200 } satisfies OfferDeliveryConfig,
    coldStartKb: 420,
  },
  'redrive': {
    config: {
      version: CONTRACT_VERSION,
      instance: 'Stack/Sync',
      deadLetters,
      abandonedBatchesPrefix: 'aws/lambda',
      sink: { kind: 'stream', streamArn: 'arn:aws:kinesis:eu-west-1:111122223333:stream/s' },
    } satisfies RedriveConfig,
    coldStartKb: 420,
  },
  'segment-import-control': {
    config: {
      version: CONTRACT_VERSION, instance: 'Stack/Lists', inbox: { bucketName: 'lists', prefix: 'segments' }, work, eventBusName: 'default',
      maxConcurrentJobs: 2, jobTimeoutSeconds: 7200,
      waitTimeoutSeconds: 86_400, target,
    } satisfies SegmentImportControlConfig,
    coldStartKb: 460,
    incomplete: 'work',
  },
  'segment-members': {
    config: {
      version: CONTRACT_VERSION, instance: 'Stack/Lists', work, maxFailures: 1000,
      target: { kind: 'customerProfiles', domainName: 'd', objectType: 't', segments: ['VIP'], maxMembers: 1, requestsPerSecond: 50 },
    } satisfies SegmentMembersConfig,
    coldStartKb: 500,
    incomplete: 'work',
  },
  'segment-prepare': {
    config: {
      version: CONTRACT_VERSION, instance: 'Stack/Lists', inbox: { bucketName: 'lists', prefix: 'segments' }, work,
      rows: { columns: {}, ignoredColumns: [], endpointId: '{userId}-{channel}', maxRejectedRows: 1000 }, target,
    } satisfies SegmentPrepareConfig,
    coldStartKb: 620,
    incomplete: 'work',
  },
  'webhook': {
    config: {
      version: CONTRACT_VERSION, instance: 'Stack/Sync/Webhook', streamArn: 'arn:aws:kinesis:eu-west-1:111122223333:stream/s', format: { kind: 'segment' },
      verification: { kind: 'writeKey', secret: segment.writeKey }, maxBodyBytes: 4_194_304, responseSeconds: 4,
    } satisfies WebhookConfig,
    coldStartKb: 200,
    incomplete: 'verification',
    problem: 'kind: expected one of segmentSignature, hmacSha256, header, writeKey, cloudEvents, got nothing',
  },
};

test('every handler is bundled and known here', () => {
  const sources = fs.readdirSync(path.join(ROOT, 'lambda-src'), { withFileTypes: true }).filter((item) => item.isDirectory());
  const handlers = sources.map(({ name }) => name)
    .filter((name) => fs.readdirSync(path.join(ROOT, 'lambda-src', name)).some((file) => file.endsWith('.lambda.ts')));
  expect(fs.readdirSync(ASSETS).sort()).toEqual(handlers.sort());
  expect(Object.keys(HANDLERS).sort()).toEqual(handlers.sort());
});

describe.each(Object.entries(HANDLERS))('%s', (name, {
  config, coldStartKb, client, incomplete = 'deadLetters', problem = 'bucketName: expected a non-empty string, got nothing',
}) => {
  let files: Metafile['inputs'];
  let copy: string;

  beforeAll(async () => {
    copy = fs.mkdtempSync(path.join(os.tmpdir(), 'bundle-')); // no node_modules above it
    fs.cpSync(path.join(ASSETS, name), copy, { recursive: true });
    files = await importsOf(path.join(ASSETS, name));
  });
  afterAll(() => fs.rmSync(copy, { recursive: true }));

  test('imports nothing but Node.js and its own chunks', () => {
    const external = Object.values(files).flatMap((file) => file.imports).filter((item) => item.external).map((item) => item.path);
    expect(external.map((item) => item.replace(/^node:/, '')).filter((item) => !builtinModules.includes(item))).toEqual([]);
  });

  test(`loads at most ${coldStartKb} KB at a cold start`, () => {
    expect(loadedBytes(name, files, client) / 1024).toBeLessThanOrEqual(coldStartKb);
  });

  test('starts', () => {
    expect(load(copy, JSON.stringify(config))).toEqual({ status: 0, output: expect.stringContaining('handler is a function') });
  });

  test('fails when the configuration is missing', () => {
    expect(load(copy, undefined)).toEqual({ status: 1, output: expect.stringContaining('ConfigError: CDP_CONFIG: the variable is not set') });
  });

  test('fails when the configuration is not JSON', () => {
    expect(load(copy, '{')).toEqual({ status: 1, output: expect.stringContaining('CDP_CONFIG: not JSON') });
  });

  test.each([
    ['of another version', { version: 0 }, `CDP_CONFIG.version: expected one of ${CONTRACT_VERSION}, got 0`],
    ['incomplete', { [incomplete]: {} }, `CDP_CONFIG.${incomplete}.${problem}`],
    ['of a future construct', { surprise: 1 }, 'CDP_CONFIG.surprise: unknown key'],
  ])('fails and names the key when the configuration is %s', (_, wrong, message) => {
    expect(load(copy, JSON.stringify({ ...config, ...wrong }))).toEqual({ status: 1, output: expect.stringContaining(message) });
  });
});

test('a function that writes to one service loads no client of another', async () => {
  const files = await importsOf(path.join(ASSETS, 'cdp-endpoint-sync'));
  const clientsIn = (client: string) => [PINPOINT, CUSTOMER_PROFILES].filter((other) =>
    [...filesFor('cdp-endpoint-sync', files, client)].some((file) => holds('cdp-endpoint-sync', file, other)));
  expect(clientsIn(PINPOINT)).toEqual([PINPOINT]);
  expect(clientsIn(CUSTOMER_PROFILES)).toEqual([CUSTOMER_PROFILES]);
  expect(loadedBytes('cdp-endpoint-sync', files, CUSTOMER_PROFILES) / 1024).toBeLessThanOrEqual(460);
});

/** Like the Lambda run time, it reports the error itself: Node.js would print the one long line of the bundle before it. */
const LOAD = `
  try {
    console.log('handler is a ' + typeof (await import(process.argv[1])).handler);
  } catch (error) {
    console.log(String(error));
    process.exitCode = 1;
  }`;

function load(folder: string, config: string | undefined): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--input-type=module', '--eval', LOAD, pathToFileURL(path.join(folder, 'index.mjs')).href],
    {
      cwd: folder,
      encoding: 'utf8',
      env: { AWS_REGION: 'eu-west-1', AWS_LAMBDA_FUNCTION_NAME: 'f', ...(config === undefined ? {} : { [CONFIG_VARIABLE]: config }) },
    },
  );
  return { status, output: stdout + stderr };
}

/** What each file of a bundle imports, as esbuild reads it; nothing is written. */
async function importsOf(folder: string): Promise<Metafile['inputs']> {
  const options = { bundle: true, format: 'esm', platform: 'node', packages: 'external', metafile: true, write: false } as const;
  return (await build({ ...options, absWorkingDir: folder, entryPoints: ['index.mjs'] })).metafile.inputs;
}

const holds = (name: string, file: string, text: string): boolean => fs.readFileSync(path.join(ASSETS, name, file), 'utf8').includes(text);

/** What an import brings along, itself included. */
function closure(files: Metafile['inputs'], file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  files[file].imports.filter((item) => item.kind === 'import-statement' && !item.external).forEach((item) => closure(files, item.path, seen));
  return seen;
}

/** What is loaded statically, and lazily for the one client. */
function filesFor(name: string, files: Metafile['inputs'], client?: string): Set<string> {
  const eager = closure(files, 'index.mjs');
  if (client === undefined) return eager;
  const lazy = files['index.mjs'].imports.filter((item) => item.kind === 'dynamic-import' && !item.external).map((item) => closure(files, item.path));
  const found = lazy.filter((chunk) => [...chunk].some((file) => !eager.has(file) && holds(name, file, client)));
  if (found.length !== 1) throw new Error(`${found.length} lazy chunks of ${name} hold ${client}`);
  return new Set([...eager, ...found[0]]);
}

function loadedBytes(name: string, files: Metafile['inputs'], client?: string): number {
  return [...filesFor(name, files, client)].reduce((sum, file) => sum + files[file].bytes, 0);
}
