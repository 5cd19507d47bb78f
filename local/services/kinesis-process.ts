import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { adopt } from '../children';
import { ACCOUNT_ID, REGION } from '../environment';
import { messageOf } from '../errors';
import { freePorts } from '../ports';

const READY_TIMEOUT_MS = 30_000;
const POLL_MS = 50;

/** The mock takes the account from the access key and checks no signature; callers are checked at our gateway. */
export const KINESIS_AUTHORIZATION =
  `AWS4-HMAC-SHA256 Credential=${ACCOUNT_ID}/20000101/${REGION}/kinesis/aws4_request, SignedHeaders=host, Signature=local`;

/** Starts kinesis-local in a process of its own and waits until it answers; returns its URL. */
export async function startKinesisLocal(): Promise<string> {
  const main = require.resolve('kinesis-local');
  const [tls, plain] = await freePorts(2);
  const child = adopt(spawn(process.execPath, [main], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      PATH: process.env.PATH,
      AWS_ACCOUNT_ID: ACCOUNT_ID,
      AWS_REGION: REGION,
      KINESIS_MOCK_CERT_PATH: join(dirname(main), 'server.json'),
      KINESIS_MOCK_PLAIN_PORT: String(plain),
      KINESIS_MOCK_TLS_PORT: String(tls),
      CREATE_STREAM_DURATION: '10ms',
      LOG_LEVEL: 'ERROR',
    },
  }));
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => { errors = `${errors}${chunk.toString()}`.slice(-2000); });
  const url = `http://127.0.0.1:${plain}`;
  await untilReady(url, () => (child.exitCode === null ? undefined : `it ended with ${child.exitCode}: ${errors}`));
  return url;
}

async function untilReady(url: string, problem: () => string | undefined): Promise<void> {
  const deadline = performance.now() + READY_TIMEOUT_MS;
  for (;;) {
    try {
      await callKinesis(url, 'ListStreams', {});
      return;
    } catch (error) {
      const reason = problem() ?? (performance.now() > deadline ? messageOf(error) : undefined);
      if (reason !== undefined) throw new Error(`kinesis-local does not start: ${reason}`);
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** A call of the run itself, past the gateway. */
export async function callKinesis(url: string, operation: string, input: object): Promise<Record<string, unknown>> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `Kinesis_20131202.${operation}`,
      'x-amz-date': '20000101T000000Z',
      'authorization': KINESIS_AUTHORIZATION,
    },
    body: JSON.stringify(input),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${operation}: ${response.status} ${text}`);
  return text === '' ? {} : JSON.parse(text) as Record<string, unknown>;
}
