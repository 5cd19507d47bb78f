import { IncomingMessage, ServerResponse } from 'node:http';
import { CdpAccounts, OpenAccount } from './accounts';
import { CdpAnswer, CdpRequest, refused } from './api';
import { Inbox } from './inbox';
import { Fault, FaultPlan } from '../faults';
import { HttpServer } from '../http-server';

/** Name of the CDP in `--faults`. */
export const CDP_FAULT = 'cdp';
/** Seconds. Real CDPs say more; nobody wants to wait in a local run. */
const RETRY_AFTER = '1';
const UNKNOWN = 'unknown';

/** The emulated CDP: one HTTP server that speaks the ingestion API of each destination, as strict as its documentation. */
export class CdpServer {
  public static async start(faults: FaultPlan): Promise<CdpServer> {
    const cdp = new CdpServer(faults);
    await cdp.server.listen();
    return cdp;
  }

  public readonly inbox = new Inbox();
  public readonly accounts = new CdpAccounts();
  private readonly server = new HttpServer((request, response) => void this.serve(request, response));
  private timeouts = 0;

  private constructor(private readonly faults: FaultPlan) {}

  /** What the app gets under the context key `cdpUrl`. */
  public get url(): string {
    return `http://127.0.0.1:${this.server.port}`;
  }

  public async close(): Promise<void> {
    await this.server.close();
  }

  private async serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await read(incoming).catch(() => undefined);
    if (!request) return;
    const account = this.accounts.find(request);
    const fault = this.faults.take(CDP_FAULT);
    const answer = this.answerOf(request, account, fault);
    const silent = fault?.kind === 'timeout' || fault?.kind === 'reset';
    const head = { construct: account?.construct ?? UNKNOWN, method: request.method, path: request.path, status: silent ? 0 : answer.status };
    this.inbox.receive({ ...head, body: bodyOf(request) }, answer.messages);
    if (fault?.kind === 'reset') response.destroy();
    if (silent) return;
    response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
    response.end(answer.body === undefined ? undefined : JSON.stringify(answer.body));
  }

  private answerOf(request: CdpRequest, account: OpenAccount | undefined, fault: Fault | undefined): CdpAnswer {
    if (fault?.kind === 'status') return injected(fault.status);
    // An answer may get lost before or after the work is done: every second time it is after.
    if (fault?.kind === 'timeout' || fault?.kind === 'reset') {
      this.timeouts += 1;
      if (this.timeouts % 2 === 1) return refused(0, undefined);
    }
    if (fault?.kind === 'empty') return refused(200, undefined);
    if (!account) return refused(404, { message: `no destination of the app is at ${request.path}` });
    if (!account.authorized(request)) return refused(401, { message: 'unauthorized' });
    return account.take(request);
  }
}

function injected(status: number): CdpAnswer {
  return refused(status, { message: 'injected by --faults' }, status === 429 ? { 'retry-after': RETRY_AFTER } : {});
}

async function read(incoming: IncomingMessage): Promise<CdpRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const headers = Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, value && String(value)]));
  const [path = '/'] = (incoming.url ?? '/').split('?');
  return { method: incoming.method ?? 'GET', path, headers, body, json: jsonIn(body) };
}

function jsonIn(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString()) as unknown;
  } catch {
    return undefined;
  }
}

function bodyOf({ json, body }: CdpRequest): unknown {
  return json ?? body.toString();
}
