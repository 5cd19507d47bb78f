import { IncomingMessage, ServerResponse } from 'node:http';
import { Admission, AdmissionOptions, Answer, Outcome } from './admission';
import { HttpServer } from './http-server';
import { Keys } from './iam/keys';
import { ServiceRequest, ServiceResponse } from './services/service';

export interface GatewayOptions extends AdmissionOptions {
  readonly keys: Keys;
}

/** The HTTP front of one emulated service: who calls, may they, what is recorded. */
export class Gateway {
  public static async start(options: GatewayOptions): Promise<Gateway> {
    const gateway = new Gateway(options);
    await gateway.server.listen();
    return gateway;
  }

  /** How many calls are held back by an injected timeout right now. */
  public held = 0;
  private readonly server: HttpServer;
  private readonly admission: Admission;

  private constructor(private readonly options: GatewayOptions) {
    this.admission = new Admission(options);
    this.server = new HttpServer((request, response) => void this.serve(request, response));
  }

  /** `http://127.0.0.1:<port>`, for `AWS_ENDPOINT_URL_<SERVICE>`. */
  public get url(): string {
    return `http://127.0.0.1:${this.server.port}`;
  }

  /** Also ends calls that are held back by an injected timeout. */
  public async close(): Promise<void> {
    await this.server.close();
    await this.options.service.close?.();
  }

  private async serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { recorder, service } = this.options;
    const startMs = recorder.now();
    const body = await collect(incoming).catch(() => undefined);
    if (body === undefined) return;
    const { answer, construct, operation, items } = await this.decide(incoming, body);
    const record = (status: number) => recorder.calls.push(
      { construct, service: service.name, operation, items, bytes: body.length, status, startMs, endMs: recorder.now() });
    if (isResponse(answer)) {
      record(answer.status);
      send(response, answer);
    } else {
      this.withhold(response, answer, () => record(0));
    }
  }

  private withhold(response: ServerResponse, answer: 'hold' | 'reset', record: () => void): void {
    this.held += 1;
    response.once('close', () => {
      this.held -= 1;
      record();
    });
    if (answer === 'reset') response.destroy();
  }

  private async decide(incoming: IncomingMessage, body: Buffer): Promise<Outcome> {
    const request = readRequest(incoming, body);
    if (!request) return this.admission.malformed();
    const caller = this.options.keys.callerOf(request.headers, request.query);
    return caller ? this.admission.outcome({ ...request, caller }) : this.admission.unknownCaller(request);
  }
}

function isResponse(answer: Answer): answer is ServiceResponse {
  return typeof answer === 'object';
}

function send(response: ServerResponse, { status, headers, body }: ServiceResponse): void {
  response.writeHead(status, headers);
  response.end(body);
}

async function collect(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function readRequest(incoming: IncomingMessage, body: Buffer): Omit<ServiceRequest, 'caller'> | undefined {
  const [rawPath = '/', search = ''] = (incoming.url ?? '/').split(/\?(.*)/s);
  const headers = Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value ?? '')]));
  try {
    return { method: incoming.method ?? 'GET', rawPath, path: decodeURIComponent(rawPath), query: new URLSearchParams(search), headers, body };
  } catch {
    return undefined; // A path that is not valid percent-encoding.
  }
}
