import { S3Route, routeS3 } from './s3-routes';
import { EmulatedService, ServiceCall, ServiceRequest, ServiceResponse } from './service';

/** What we use of fauxqs's server: a Fastify instance, asked in this process, so that no port goes past the gateway. */
interface Upstream {
  inject(request: { method: string; url: string; headers: Record<string, string>; payload?: Buffer }): Promise<UpstreamAnswer>;
  close(): PromiseLike<unknown>;
}
interface UpstreamAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string | string[] | number | undefined>>;
  readonly rawPayload: Buffer;
}

/** Headers about one connection, and those of HTTP/2 that are no headers. */
const HOP_BY_HOP = /^(:.*|connection|expect|host|keep-alive|transfer-encoding)$/;

/** Amazon S3: fauxqs behind our gateway. It ignores what it lacks, so only what it has is let through. */
export class S3 implements EmulatedService {
  public static async start(): Promise<S3> {
    // An ES module: loaded only when a run starts, so that tests of other parts need no ES module support.
    const { buildApp } = await import('fauxqs');
    const app = buildApp({ logger: false });
    await app.ready();
    return new S3(app as unknown as Upstream);
  }

  public readonly name = 's3';
  public readonly codes = { 400: 'InvalidRequest', 404: 'NoSuchKey', 429: 'SlowDown', 500: 'InternalError', 503: 'SlowDown' };
  private readonly made: string[] = [];

  private constructor(private readonly upstream: Upstream) {}

  public async createBucket(name: string): Promise<void> {
    const { statusCode, rawPayload } = await this.upstream.inject({ method: 'PUT', url: `/${name}`, headers: {} });
    if (statusCode !== 200) throw new Error(`the bucket ${name} can't be made: ${statusCode} ${rawPayload.toString()}`);
    this.made.push(name);
  }

  public get buckets(): readonly string[] {
    return this.made;
  }

  public route(request: ServiceRequest): ServiceCall | undefined {
    const route: S3Route | undefined = routeS3(request);
    return route && { ...route, handle: async () => this.forward(request) };
  }

  public operationOf({ method, path, query }: ServiceRequest): string {
    const parameters = [...query.keys()].filter((key) => key !== 'x-id');
    return query.get('x-id') ?? `${method} ${path}${parameters.length > 0 ? `?${parameters.join('&')}` : ''}`;
  }

  public error(code: string, status: number, message: string): ServiceResponse {
    const name = code === 'AccessDeniedException' ? 'AccessDenied' : code;
    const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${name}</Code><Message>${escapeXml(message)}</Message></Error>`;
    return { status, headers: { 'content-type': 'application/xml' }, body };
  }

  public async close(): Promise<void> {
    await this.upstream.close();
  }

  private async forward(request: ServiceRequest): Promise<ServiceResponse> {
    const query = request.query.size > 0 ? `?${request.query.toString()}` : '';
    const headers = plain(request.headers);
    const answer = await this.upstream.inject({ method: request.method, url: `${request.rawPath}${query}`, headers, payload: request.body });
    return { status: answer.statusCode, headers: plain(answer.headers), body: answer.rawPayload };
  }
}

function plain(headers: UpstreamAnswer['headers']): Record<string, string> {
  const own = Object.entries(headers).filter(([name, value]) => value !== undefined && !HOP_BY_HOP.test(name));
  return Object.fromEntries(own.map(([name, value]) => [name, String(value)]));
}

function escapeXml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
