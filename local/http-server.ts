import { createServer as createHttp1, IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createHttp2, ServerHttp2Session } from 'node:http2';
import { AddressInfo, createServer, Socket } from 'node:net';

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** Longer than any idle time in a run: a server that drops idle connections first makes clients fail with ECONNRESET. */
const KEEP_ALIVE_MS = 120_000;

/** The first bytes of an HTTP/2 connection. */
const HTTP2 = Buffer.from('PRI * HTTP/2');

/** HTTP/1.1 and HTTP/2 without TLS on one port: most SDK clients speak the first, the Kinesis client the second. */
export class HttpServer {
  private readonly http1;
  private readonly http2;
  private readonly tcp;
  private readonly sockets = new Set<Socket>();
  private readonly sessions = new Set<ServerHttp2Session>();

  public constructor(handler: Handler) {
    this.http1 = createHttp1({ keepAliveTimeout: KEEP_ALIVE_MS }, handler);
    // Node's compatibility classes have all that the handlers use of the HTTP/1.1 ones.
    this.http2 = createHttp2((request, response) => handler(request as unknown as IncomingMessage, response as unknown as ServerResponse));
    this.http2.on('session', (session) => {
      this.sessions.add(session);
      session.once('close', () => this.sessions.delete(session));
    });
    this.tcp = createServer((socket) => this.accept(socket));
  }

  public get port(): number {
    return (this.tcp.address() as AddressInfo).port;
  }

  public async listen(): Promise<void> {
    await new Promise<void>((resolve, reject) => this.tcp.once('error', reject).listen(0, '127.0.0.1', resolve));
  }

  /** Also ends what is open. */
  public async close(): Promise<void> {
    this.sessions.forEach((session) => session.destroy());
    this.sockets.forEach((socket) => socket.destroy());
    await new Promise<void>((resolve) => this.tcp.close(() => resolve()));
  }

  private accept(socket: Socket): void {
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
    // A client that leaves before it has said anything.
    socket.on('error', () => socket.destroy());
    socket.once('data', (chunk: Buffer) => {
      socket.pause();
      socket.unshift(chunk);
      const isHttp2 = chunk.subarray(0, HTTP2.length).equals(HTTP2.subarray(0, chunk.length));
      (isHttp2 ? this.http2 : this.http1).emit('connection', socket);
      if (!isHttp2) socket.resume();
    });
  }
}
