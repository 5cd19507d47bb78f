import { createServer, IncomingHttpHeaders, Server, ServerResponse } from 'node:http';
import { AddressInfo } from 'node:net';

export interface Seen {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly json: any;
  readonly status: number;
}

export interface Reply {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  /** The socket is closed, or never answered. */
  readonly fault?: 'reset' | 'silence';
}

/** A CDP as far as a test needs one: the test says what it answers. */
export class CdpServer {
  public readonly seen: Seen[] = [];
  private readonly server: Server;
  private reply?: (request: Omit<Seen, 'status'>) => Reply;

  public constructor() {
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
        const body = Buffer.concat(chunks).toString('utf8');
        this.respond({ path: request.url!, headers: request.headers, body, json: JSON.parse(body) }, response);
      });
    });
  }

  public set answer(reply: (request: Omit<Seen, 'status'>) => Reply) {
    this.reply = reply;
  }

  public get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  public stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private respond(request: Omit<Seen, 'status'>, response: ServerResponse): void {
    const { status, headers = {}, body = '', fault } = this.reply?.(request) ?? { status: 200 };
    this.seen.push({ ...request, status: fault ? 0 : status });
    if (fault === 'reset') response.destroy();
    else if (!fault) response.writeHead(status, headers).end(body);
  }
}
