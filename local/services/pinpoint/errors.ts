import { randomUUID } from 'node:crypto';
import { ServiceResponse } from '../service';
import { MODEL } from './schema';

/** An error answer of the service; `status` decides which of its exceptions it is. */
export class PinpointError extends Error {
  public constructor(public readonly status: number, message: string) {
    super(message);
    this.name = MODEL.exceptions[status] ?? 'InternalServerErrorException';
  }
}

export class BadRequest extends PinpointError {
  public constructor(message: string) {
    super(400, message);
  }
}

export class NotFound extends PinpointError {
  public constructor(what: string) {
    super(404, `Resource not found: ${what}`);
  }
}

export function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): ServiceResponse {
  const content = { 'content-type': 'application/json', 'x-amzn-requestid': randomUUID() };
  return { status, headers: { ...content, ...headers }, body: JSON.stringify(body) };
}

export function errorResponse(code: string, status: number, message: string): ServiceResponse {
  return json(status, { Message: message, RequestID: randomUUID() }, { 'x-amzn-errortype': code });
}
