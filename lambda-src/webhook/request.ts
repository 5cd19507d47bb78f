import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';

/** A request as the gateway took it. */
export interface WebhookRequest {
  readonly method: string;
  /** Last step of the path: `webhook`, or a call of the tracking API. */
  readonly call: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string | undefined>>;
  /** Byte for byte. */
  readonly body: Buffer;
}

/** The request is not taken: status, code and message for its sender. */
export class Refusal extends Error {
  public constructor(public readonly status: 400 | 401 | 413 | 415, public readonly code: string, message: string) {
    super(message);
    this.name = 'Refusal';
  }
}

/** The messages are not all on the stream: the sender has to send them again. */
export class Unavailable extends Error {
  public constructor(public readonly code: string) {
    super(`not taken: ${code}`);
    this.name = 'Unavailable';
  }
}

/** Every header once: of several with one name the last, as HTTP servers do with those that must not be repeated. */
export function requestOf(event: APIGatewayProxyEvent): WebhookRequest {
  const headers = Object.fromEntries(Object.entries(event.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value ?? '']));
  return {
    method: event.httpMethod,
    call: event.resource.split('/').pop() ?? '',
    headers,
    query: event.queryStringParameters ?? {},
    body: Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8'),
  };
}

/** Seconds after which a sender may try again. */
const RETRY_AFTER = '5';

export function answer(status: number, body: object, headers: Readonly<Record<string, string>> = {}): APIGatewayProxyResult {
  return { statusCode: status, headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers }, body: JSON.stringify(body) };
}

export const refused = ({ status, code, message }: Refusal): APIGatewayProxyResult =>
  answer(status, { error: code, message });

export const unavailable = (): APIGatewayProxyResult =>
  answer(503, { error: 'Unavailable', message: 'the messages are not all taken; send them again' }, { 'retry-after': RETRY_AFTER });
