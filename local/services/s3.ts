import { S3Route, routeS3 } from './s3-routes';
import { EmulatedService, ServiceCall, ServiceRequest, ServiceResponse } from './service';
import { CreatedObject } from '../events/object-created';

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
  /** Told of every new object in a bucket that sends its events to EventBridge. */
  public onCreated?: (created: CreatedObject) => void;
  private readonly made: string[] = [];
  private readonly notifying = new Set<string>();
  /** Writes of one object one after the other, so that a condition holds until the write is done. */
  private readonly writes = new Map<string, Promise<unknown>>();

  private constructor(private readonly upstream: Upstream) {}

  public async createBucket(name: string, notifies = false): Promise<void> {
    if (notifies) this.notifying.add(name);
    const { statusCode, rawPayload } = await this.upstream.inject({ method: 'PUT', url: `/${name}`, headers: {} });
    if (statusCode !== 200) throw new Error(`the bucket ${name} can't be made: ${statusCode} ${rawPayload.toString()}`);
    this.made.push(name);
  }

  public get buckets(): readonly string[] {
    return this.made;
  }

  public route(request: ServiceRequest): ServiceCall | undefined {
    const route: S3Route | undefined = routeS3(request);
    return route && { ...route, handle: async () => this.carryOut(route, request) };
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

  private async carryOut(route: S3Route, request: ServiceRequest): Promise<ServiceResponse> {
    const { operation } = route;
    if (operation !== 'PutObject' && operation !== 'CopyObject' && operation !== 'CompleteMultipartUpload') return this.forward(request);
    const before = this.writes.get(request.rawPath) ?? Promise.resolve();
    const write = before.then(async () => {
      const refused = await this.checkCondition(request);
      if (refused) return refused;
      const answer = await this.forward(request);
      if (answer.status === 200) await this.tell(operation, request);
      return answer;
    });
    this.writes.set(request.rawPath, write.catch(() => undefined));
    return write;
  }

  /** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html */
  private async checkCondition({ rawPath, headers }: ServiceRequest): Promise<ServiceResponse | undefined> {
    const [match, noneMatch] = [headers['if-match'], headers['if-none-match']];
    if (match === undefined && noneMatch === undefined) return undefined;
    if (noneMatch !== undefined && noneMatch !== '*') return this.error('NotImplemented', 501, 'If-None-Match: only * is supported for a write');
    const { statusCode, headers: found } = await this.upstream.inject({ method: 'HEAD', url: rawPath, headers: {} });
    const etag = statusCode === 200 ? unquoted(found.etag) : undefined;
    if (match !== undefined && etag === undefined) return this.error('NoSuchKey', 404, 'The specified key does not exist.');
    if (match === undefined ? etag === undefined : unquoted(match) === etag) return undefined;
    return this.error('PreconditionFailed', 412, 'At least one of the pre-conditions you specified did not hold');
  }

  private async tell(reason: CreatedObject['reason'], { path, rawPath }: ServiceRequest): Promise<void> {
    const [, bucket = '', key = ''] = /^\/([^/]*)\/(.*)$/s.exec(path) ?? [];
    if (!this.onCreated || !this.notifying.has(bucket)) return;
    const { headers } = await this.upstream.inject({ method: 'HEAD', url: rawPath, headers: {} });
    this.onCreated({ bucket, key, size: Number(headers['content-length']), etag: unquoted(headers.etag), reason });
  }

  private async forward(request: ServiceRequest): Promise<ServiceResponse> {
    const query = request.query.size > 0 ? `?${request.query.toString()}` : '';
    // Conditions are evaluated here; fauxqs does not know them for writes.
    const headers = plain(request.headers);
    if (request.method === 'PUT') ['if-match', 'if-none-match'].forEach((name) => delete headers[name]);
    const answer = await this.upstream.inject({ method: request.method, url: `${request.rawPath}${query}`, headers, payload: request.body });
    return { status: answer.statusCode, headers: plain(answer.headers), body: answer.rawPayload };
  }
}

function unquoted(etag: unknown): string {
  return String(etag).replace(/"/g, '');
}

function plain(headers: UpstreamAnswer['headers']): Record<string, string> {
  const own = Object.entries(headers).filter(([name, value]) => value !== undefined && !HOP_BY_HOP.test(name));
  return Object.fromEntries(own.map(([name, value]) => [name, String(value)]));
}

function escapeXml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
