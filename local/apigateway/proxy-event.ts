import { randomUUID } from 'node:crypto';
import { IncomingMessage } from 'node:http';
import { ACCOUNT_ID } from '../environment';

export interface ProxyRequest {
  readonly incoming: IncomingMessage;
  readonly url: URL;
  /** Below the stage. */
  readonly path: string;
  readonly stage: string;
  readonly apiId: string;
  readonly body: Buffer;
}

/** What a REST API hands a function, where every media type is binary.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html#api-gateway-simple-proxy-for-lambda-input-format */
export function proxyEvent({ incoming, url, path, stage, apiId, body }: ProxyRequest): object {
  const multiValueHeaders: Record<string, string[]> = {};
  const { rawHeaders } = incoming;
  for (let at = 0; at < rawHeaders.length; at += 2) (multiValueHeaders[rawHeaders[at]!] ??= []).push(rawHeaders[at + 1]!);
  const query: Record<string, string[]> = {};
  for (const [name, value] of url.searchParams) (query[name] ??= []).push(value);
  const hasQuery = Object.keys(query).length > 0;
  return {
    resource: path,
    path,
    httpMethod: incoming.method,
    headers: lastOf(multiValueHeaders),
    multiValueHeaders,
    queryStringParameters: hasQuery ? lastOf(query) : null,
    multiValueQueryStringParameters: hasQuery ? query : null,
    pathParameters: null,
    stageVariables: null,
    requestContext: {
      accountId: ACCOUNT_ID, apiId, httpMethod: incoming.method, path: url.pathname, protocol: 'HTTP/1.1', requestId: randomUUID(),
      resourcePath: path, stage, requestTimeEpoch: Date.now(), identity: { sourceIp: '127.0.0.1' },
    },
    body: body.length > 0 ? body.toString('base64') : null,
    isBase64Encoded: body.length > 0,
  };
}

function lastOf(values: Readonly<Record<string, readonly string[]>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, list]) => [name, list.at(-1)!]));
}
