import { IncomingMessage, ServerResponse } from 'node:http';
import { availableParallelism } from 'node:os';
import { Api, Method, Stage } from './apis';
import { proxyEvent, ProxyRequest } from './proxy-event';
import { ACCOUNT_ID, arn } from '../environment';
import { HttpServer } from '../http-server';
import { LambdaHost } from '../lambda/host';
import { mayInvoke, Permission } from '../lambda/permission';
import { Quota } from '../quota';
import { Recorder } from '../recorder';
import { isObject } from '../template/model';

export interface ApiServerOptions {
  readonly api: Api;
  readonly host: LambdaHost;
  readonly permissions: readonly Permission[];
  readonly recorder: Recorder;
  /** Whether the stage's rate and burst are enforced. */
  readonly throttled: boolean;
}

interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html */
const MAX_BODY = 10 * 1024 * 1024;
/** A synchronous invocation. @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MAX_EVENT = 6_000_000;
/** This machine has fewer cores than an account has execution environments: what is above waits outside, where no deadline of a function passes. */
const AT_ONCE = availableParallelism();

/** As calls without an answer are recorded. */
const GONE: Answered = { status: 0, headers: {}, body: '' };

/** The service's own statuses and texts of its answers; they fall back to the defaults, and the 413 can't be changed. @see https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html */
const OWN: Readonly<Record<string, readonly [number, string]>> = {
  MISSING_AUTHENTICATION_TOKEN: [403, 'Missing Authentication Token'],
  REQUEST_TOO_LARGE: [413, 'Request Too Long'],
  THROTTLED: [429, 'Too Many Requests'],
  INTEGRATION_FAILURE: [504, 'Internal server error'],
  DEFAULT_5XX: [502, 'Internal server error'],
};

/** One REST API with Lambda proxy integrations on a port of 127.0.0.1; the first step of the path is the stage, as with the service. */
export class ApiServer {
  public static async start(options: ApiServerOptions): Promise<ApiServer> {
    const server = new ApiServer(options);
    await server.http.listen();
    return server;
  }

  private readonly http = new HttpServer((request, response) => void this.serve(request, response));
  private readonly quotas: ReadonlyMap<string, Quota>;
  private readonly waiting: (() => void)[] = [];
  private running = 0;

  private constructor(private readonly options: ApiServerOptions) {
    this.quotas = new Map(options.throttled ? options.api.stages.map((stage) => [stage.name, quotaOf(stage)]) : []);
  }

  public get api(): Api {
    return this.options.api;
  }

  public get url(): string {
    return `http://127.0.0.1:${this.http.port}`;
  }

  public async close(): Promise<void> {
    await this.http.close();
  }

  private async serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { recorder, api } = this.options;
    const startMs = recorder.now();
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const { status, headers, body: text } = await this.answer(incoming, body, () => response.destroyed).catch((error: unknown) => {
      recorder.errors.push(error instanceof Error ? error : new Error(String(error)));
      return this.own('DEFAULT_5XX');
    });
    const operation = `${incoming.method} ${incoming.url?.split('?')[0]}`;
    const { construct } = api;
    recorder.calls.push({ construct, service: 'apigateway', operation, items: 1, bytes: body.length, status, startMs, endMs: recorder.now() });
    if (response.destroyed) return;
    response.writeHead(status, headers);
    response.end(text);
  }

  private async answer(incoming: IncomingMessage, body: Buffer, gone: () => boolean): Promise<Answered> {
    const url = new URL(incoming.url ?? '/', 'http://local');
    const [, stageName = '', ...steps] = url.pathname.split('/');
    const path = `/${steps.join('/')}`;
    const stage = this.api.stages.find(({ name }) => name === stageName);
    const method = this.api.methods.find((one) => one.path === path && one.httpMethod === incoming.method);
    if (!stage || !method) return this.own('MISSING_AUTHENTICATION_TOKEN');
    if (this.quotas.get(stage.name)?.take('any') === false) return this.own('THROTTLED');
    if (body.length > MAX_BODY) return this.own('REQUEST_TOO_LARGE');
    return this.integrate({ incoming, url, path, stage: stage.name, body, apiId: this.api.id }, method, gone);
  }

  private async integrate(request: ProxyRequest, { functionName, httpMethod, path }: Method, gone: () => boolean): Promise<Answered> {
    const sourceArn = arn('execute-api', `${this.api.id}/${request.stage}/${httpMethod}${path}`);
    const caller = { functionName, principal: 'apigateway.amazonaws.com', sourceAccount: ACCOUNT_ID, sourceArn };
    if (!mayInvoke(this.options.permissions, caller)) {
      this.options.recorder.denied.push({ construct: this.api.construct, action: 'lambda:InvokeFunction', resource: functionName });
      return this.own('DEFAULT_5XX');
    }
    const event = proxyEvent(request);
    if (JSON.stringify(event).length > MAX_EVENT) return this.own('INTEGRATION_FAILURE');
    const payload = await this.invoke(functionName, event, gone);
    return payload === undefined ? GONE : this.proxied(payload);
  }

  /**
   * Null for a function that failed or could not run; undefined for a client that has left by the time of its turn: it sends
   * again what it waited for, and if all of that were done, nobody's turn would ever come.
   */
  private async invoke(functionName: string, event: object, gone: () => boolean): Promise<unknown> {
    if (this.running >= AT_ONCE) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.running += 1;
    try {
      if (gone()) return undefined;
      const { error, payload } = await this.options.host.invoke(functionName, event);
      return error ? null : payload ?? null;
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.running -= 1;
    }
  }

  /** What a proxy integration must answer with; anything else is a 502. */
  private proxied(payload: unknown): Answered {
    if (!isObject(payload as never) || typeof (payload as { statusCode?: unknown }).statusCode !== 'number') return this.own('DEFAULT_5XX');
    const { statusCode, headers = {}, body = '' } = payload as { statusCode: number; headers?: Record<string, string>; body?: string };
    return { status: statusCode, headers, body };
  }

  private own(type: string): Answered {
    const [status, message] = OWN[type] ?? OWN.DEFAULT_5XX!;
    const { answers } = this.api;
    const given = type === 'REQUEST_TOO_LARGE' ? undefined : answers.get(type) ?? answers.get(status >= 500 ? 'DEFAULT_5XX' : 'DEFAULT_4XX');
    return {
      status: given?.status ?? status, headers: { 'content-type': 'application/json', ...given?.headers },
      body: given?.body ?? JSON.stringify({ message }),
    };
  }
}

function quotaOf({ ratePerSecond, burst }: Stage): Quota {
  // The account's quota stands behind a stage that states none.
  return new Quota({}, { perSecond: ratePerSecond ?? 10_000, burst: burst ?? 5_000 });
}
