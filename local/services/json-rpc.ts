import { randomUUID } from 'node:crypto';
import { ServiceRequest, ServiceResponse } from './service';

/** The wire format that Secrets Manager, EventBridge and Firehose share: the operation in a header, JSON 1.1 in the body. */

export type Input = Readonly<Record<string, unknown>>;

const CONTENT_TYPE = 'application/x-amz-json-1.1';

/** `secretsmanager.GetSecretValue` → `GetSecretValue` */
export function operationIn({ headers }: ServiceRequest): string | undefined {
  return /^\w+\.(\w+)$/.exec(headers['x-amz-target'] ?? '')?.[1];
}

export function inputOf({ body }: ServiceRequest): Input {
  return JSON.parse(body.toString() || '{}') as Input;
}

export function answer(body: object): ServiceResponse {
  return { status: 200, headers: jsonHeaders(), body: JSON.stringify(body) };
}

/** These services know no 403 and no 429: their clients look at the type. */
export function failure(code: string, status: number, message: string): ServiceResponse {
  const body = JSON.stringify({ __type: code, message });
  return { status: status < 500 ? 400 : status, headers: { ...jsonHeaders(), 'x-amzn-errortype': code }, body };
}

function jsonHeaders(): Record<string, string> {
  return { 'content-type': CONTENT_TYPE, 'x-amzn-requestid': randomUUID() };
}
