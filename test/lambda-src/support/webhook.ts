import { createHmac } from 'node:crypto';
import type { PutRecordsRequestEntry } from '@aws-sdk/client-kinesis';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { createFormat } from '../../../lambda-src/formats';
import { DONE, Outcome } from '../../../lambda-src/model';
import { acceptedSecrets } from '../../../lambda-src/runtime/secrets';
import { Telemetry } from '../../../lambda-src/runtime/telemetry';
import { createWebhook } from '../../../lambda-src/webhook/core';
import type { PutRecords } from '../../../lambda-src/webhook/put';
import { createVerification } from '../../../lambda-src/webhook-verifications';
import { WebhookConfig, WebhookVerificationConfig } from '../../../src/contract/webhook';

export const SECRET = { secretArn: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:s' };
export const KEY = 'the shared secret';
export const BEARER: WebhookVerificationConfig = { kind: 'header', secret: SECRET, header: 'authorization', scheme: 'Bearer' };

export const hmac = (algorithm: string, key: string, ...parts: (string | Buffer)[]): string => {
  const hash = createHmac(algorithm, key);
  parts.forEach((part) => hash.update(part));
  return hash.digest('hex');
};

export interface Sent {
  readonly body?: string | Buffer;
  readonly headers?: Record<string, string>;
  readonly method?: string;
  readonly call?: string;
  readonly query?: Record<string, string>;
}

/** An event of the REST API's Lambda proxy integration, in the members that are read.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html */
export function eventOf({ body = '', headers = {}, method = 'POST', call = 'webhook', query }: Sent): APIGatewayProxyEvent {
  return {
    httpMethod: method, resource: `/${call}`, path: `/${call}`, headers, queryStringParameters: query ?? null, isBase64Encoded: true,
    body: Buffer.from(body).toString('base64'),
  } as unknown as APIGatewayProxyEvent;
}

export interface Given {
  readonly config?: Partial<WebhookConfig>;
  /** Values of the secret, the current one first; what a later fetch gives follows. */
  readonly versions?: string[][];
  /** What becomes of a record; all are taken unless told otherwise. */
  readonly outcomeOf?: (entry: PutRecordsRequestEntry, call: number) => Outcome;
}

export interface Received {
  readonly key: string;
  readonly text: string;
}

/** A webhook whose stream keeps what it took. */
export function givenWebhook({ config: given = {}, versions = [[KEY]], outcomeOf = () => DONE }: Given = {}) {
  const config: WebhookConfig = {
    version: 1, instance: 'Stack/Sync/Webhook', streamArn: 'arn:stream', verification: BEARER, format: { kind: 'segment' },
    maxBodyBytes: 4 * 1024 * 1024, responseSeconds: 4, ...given,
  };
  const stream: Received[] = [];
  const requests: Received[][] = [];
  const fetched: string[] = [];
  const errors: unknown[] = [];
  const telemetry = new Telemetry('x');
  const put: PutRecords = async (entries) => {
    requests.push(entries.map(({ PartitionKey, Data }) => ({ key: PartitionKey!, text: Buffer.from(Data!).toString('utf8') })));
    const outcomes = entries.map((entry) => outcomeOf(entry, requests.length));
    stream.push(...requests.at(-1)!.filter((_, index) => outcomes[index].status === 'done'));
    return { kind: 'each', outcomes };
  };
  const secrets = acceptedSecrets(async (arn) => {
    fetched.push(arn);
    return versions[Math.min(fetched.length, versions.length) - 1];
  });
  const take = createWebhook({
    config, format: createFormat(config.format), verification: createVerification(config.verification), secrets, put,
    logger: { error: (...args: unknown[]) => void errors.push(args) },
  });
  const send = async (sent: Sent): Promise<APIGatewayProxyResult & { json: any }> => {
    const answer = await take(eventOf(sent), telemetry);
    return { ...answer, json: JSON.parse(answer.body) };
  };
  /** With a valid bearer token. */
  const post = async (body: unknown, headers: Record<string, string> = {}, more: Partial<Sent> = {}) => send({
    body: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body), headers: { Authorization: `Bearer ${KEY}`, ...headers }, ...more,
  });
  return { send, post, stream, requests, fetched, errors, telemetry, take };
}

/** All messages on the stream, as the consumer will decode them, by key. */
export function messagesOn(stream: readonly Received[]): Record<string, unknown[]> {
  const found: Record<string, unknown[]> = {};
  for (const { key, text } of stream) (found[key] ??= []).push(...[JSON.parse(text)].flat());
  return found;
}
