import { ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { signatureOf } from '../../lambda-src/transports/signature';
import { Report } from '../../local/report';

/** Webhooks, and a function that translates, through the whole run: real bundles, real clients, a real HTTP client in front. */

const ROOT = resolve(__dirname, '../..');
const FOLDER = mkdtempSync(join(tmpdir(), 'webhook-run-'));
const REPORT = join(FOLDER, 'report.json');
let child: ChildProcess;
let output = '';
const urls: Record<string, string> = {};

beforeAll(async () => {
  const events = join(FOLDER, 'events.json');
  writeFileSync(events, JSON.stringify([{ who: 'cy', mail: 'cy@example.com' }]));
  const options = ['--app', join(__dirname, 'apps/webhook'), '--events', events, '--report', REPORT, '--keep', '--quota'];
  child = spawn(process.execPath, ['--import', 'tsx', join(ROOT, 'local/main.ts'), ...options], { cwd: ROOT });
  for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (chunk: Buffer) => { output += chunk.toString(); });
  for (const id of ['Signed', 'Sdk', 'Rotated']) {
    urls[id] = await until(() => new RegExp(`Webhook of Hooks/Sync/${id}: (http\\S+)`).exec(output)?.[1]);
  }
}, 120_000);

afterAll(async () => {
  child.kill('SIGKILL');
  rmSync(FOLDER, { recursive: true, force: true });
});

async function until<T>(find: () => T | undefined): Promise<T> {
  for (;;) {
    const found = find();
    if (found !== undefined) return found;
    if (child.exitCode !== null) throw new Error(`the run ended: ${output}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}

async function post(url: string, body: string | Buffer, headers: Record<string, string>): Promise<[number, unknown]> {
  const response = await fetch(url, { method: 'POST', body, headers });
  return [response.status, await response.json()];
}

test('while a secret is rotated, its old value and its new one are valid', async () => {
  const [endpoint] = /http\S+/.exec(/AWS_ENDPOINT_URL_SECRETS_MANAGER=\S+/.exec(output)![0])!;
  const [accessKeyId, secretAccessKey] = ['ACCESS_KEY_ID', 'SECRET_ACCESS_KEY'].map((name) => new RegExp(`AWS_${name}=(\\S+)`).exec(output)![1]!);
  const client = new SecretsManagerClient({ endpoint, region: 'us-east-1', credentials: { accessKeyId, secretAccessKey } });
  const call = async (key: string) => post(`${urls.Rotated}/v1/webhook`, JSON.stringify({ who: 'eve', mail: 'eve@example.com' }), { authorization: `Bearer ${key}` });
  await client.send(new PutSecretValueCommand({ SecretId: 'Shared', SecretString: 'another' }));
  expect((await Promise.all(['secret of Shared', 'another', 'a third'].map(call))).map(([status]) => status)).toEqual([200, 200, 401]);
}, 60_000);

test('what is signed and what an SDK sends arrives, and nothing else', async () => {
  const signed = JSON.stringify([{ who: 'ana', mail: 'ana@example.com' }, { who: 'ben', mail: 'ben@example.com' }]);
  const now = Date.now();
  const signature = (key: string, at = now) => ({ 'x-cdp-signature': signatureOf(signed, key, at) });
  const hook = `${urls.Signed}/v1/webhook`;
  expect(await post(hook, signed, signature('secret of A'))).toEqual([200, { success: true, messages: 2 }]);
  expect(await post(hook, signed, signature('forged'))).toMatchObject([401, { error: 'Unauthenticated' }]);
  expect(await post(hook, signed, signature('secret of A', now - 301_000))).toMatchObject([401, { error: 'OutsideWindow' }]);
  expect(await post(hook, Buffer.alloc(4 * 1024 * 1024 + 1, 'x'), {})).toMatchObject([413, { error: 'BodyTooLarge' }]);
  expect(await post(hook, Buffer.alloc(10 * 1024 * 1024 + 1, 'x'), {})).toEqual([413, { message: 'Request Too Long' }]);
  expect(await post(hook, Buffer.alloc(5 * 1024 * 1024, 'x'), {})).toMatchObject([503, { error: 'Unavailable' }]);
  expect(await post(`${urls.Signed}/v1/batch`, signed, {})).toMatchObject([404, { error: 'NotFound' }]);

  const authorization = `Basic ${Buffer.from('secret of B:').toString('base64')}`;
  // As RudderStack's SDK sends it, media type and all.
  const headers = { authorization, 'content-encoding': 'gzip', 'content-type': 'application/x-www-form-urlencoded' };
  const batch = { batch: [{ type: 'identify', userId: 'dora', traits: { email: 'dora@example.com' } }, { type: 'track', userId: 'dora', event: 'Seen', messageId: 'm1' }] };
  expect(await post(`${urls.Sdk}/v1/batch`, gzipSync(JSON.stringify(batch.batch)), headers)).toEqual([200, { success: true, messages: 2 }]);
  expect(await post(`${urls.Sdk}/v1/batch`, gzipSync(JSON.stringify(batch.batch)).subarray(0, 40), headers)).toMatchObject([400, { error: 'InvalidEncoding' }]);
  const answers = await Promise.all(Array.from({ length: 20 }, async () => post(`${urls.Sdk}/v1/track`, '{}', { authorization: 'Basic eDo=' })));
  expect(answers).toEqual(expect.arrayContaining([[401, expect.anything()], [429, { error: 'TooManyRequests', message: expect.any(String) }]]));

  child.kill('SIGTERM');
  await new Promise((done) => child.once('close', done));
  const report = JSON.parse(readFileSync(REPORT, 'utf8')) as Report;
  const [application] = Object.values(report.pinpoint);
  expect(Object.keys(application!.endpoints).sort()).toEqual(['ana:EMAIL', 'ben:EMAIL', 'cy:EMAIL', 'dora:EMAIL', 'eve:EMAIL']);
  expect(application!.events).toMatchObject([{ endpointId: 'dora:EMAIL', eventId: 'm1' }]);
  expect(report).toMatchObject({ denied: [], deadLetters: [] });
}, 120_000);
