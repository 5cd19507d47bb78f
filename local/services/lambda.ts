import { randomUUID } from 'node:crypto';
import { arn } from '../environment';
import { EmulatedService, ServiceCall, ServiceRequest, ServiceResponse } from './service';
import { LambdaHost } from '../lambda/host';

const INVOKE = /^\/2015-03-31\/functions\/([^/]+)\/invocations\/?$/;

/** AWS Lambda's API, as far as functions and operators call it: synchronous invocation. */
export class LambdaApi implements EmulatedService {
  public readonly name = 'lambda';
  public readonly codes = { 400: 'InvalidParameterValueException', 429: 'TooManyRequestsException', 500: 'ServiceException' };
  private host?: LambdaHost;

  /** The host needs the gateways' addresses, so it comes after its own API. */
  public attach(host: LambdaHost): void {
    this.host = host;
  }

  public route({ method, path, headers, query, body }: ServiceRequest): ServiceCall | undefined {
    const named = INVOKE.exec(path)?.[1];
    const invocationType = headers['x-amz-invocation-type'] ?? 'RequestResponse';
    if (method !== 'POST' || named === undefined || query.has('Qualifier') || invocationType !== 'RequestResponse') return undefined;
    const name = named.split(':function:').pop() ?? named;
    return {
      operation: 'Invoke',
      permissions: [{ action: 'lambda:InvokeFunction', resource: arn('lambda', `function:${name}`) }],
      items: 1,
      handle: async () => this.invoke(name, body.toString() || '{}'),
    };
  }

  public operationOf({ method, path, headers }: ServiceRequest): string {
    return INVOKE.test(path) ? `Invoke (${headers['x-amz-invocation-type'] ?? 'with a qualifier'})` : `${method} ${path}`;
  }

  public error(code: string, status: number, message: string): ServiceResponse {
    return {
      status,
      headers: { 'content-type': 'application/json', 'x-amzn-errortype': code, 'x-amzn-requestid': randomUUID() },
      body: JSON.stringify({ Type: 'User', Message: message }),
    };
  }

  private async invoke(name: string, text: string): Promise<ServiceResponse> {
    if (!this.host?.specOf(name)) return this.error('ResourceNotFoundException', 404, `Function not found: ${arn('lambda', `function:${name}`)}`);
    let event: unknown;
    try {
      event = JSON.parse(text);
    } catch {
      return this.error('InvalidRequestContentException', 400, 'Could not parse request body into json');
    }
    const { throttled, error, payload, requestId } = await this.host.invoke(name, event);
    if (throttled) return this.error('TooManyRequestsException', 429, 'Rate Exceeded.');
    const headers = { 'content-type': 'application/json', 'x-amzn-requestid': requestId, 'x-amz-executed-version': '$LATEST' };
    if (!error) return { status: 200, headers, body: JSON.stringify(payload ?? null) };
    return { status: 200, headers: { ...headers, 'x-amz-function-error': 'Unhandled' }, body: JSON.stringify(error) };
  }
}
