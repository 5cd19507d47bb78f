import { CdpMessage } from './inbox';
import { CdpDestinationConfig, SecretConfig } from '../../src/contract/cdp-destination';

/** Destinations that are reached by HTTP. */
export type HttpDestination = Extract<CdpDestinationConfig, { readonly url: string }>;

/** A destination of the app, and what the CDP knows of it. */
export interface CdpAccount<Config extends HttpDestination = HttpDestination> {
  readonly construct: string;
  readonly config: Config;
  /** The current value of a secret, its field picked. */
  readonly secretOf: (secret: SecretConfig) => string | undefined;
}

export interface CdpRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
  /** The body as JSON; undefined when it is none. */
  readonly json: unknown;
}

export interface CdpAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Empty when the request is refused whole. */
  readonly messages: readonly CdpMessage[];
}

/** One CDP's ingestion API: as strict as its documentation. */
export interface CdpApi<Config extends HttpDestination = HttpDestination> {
  /** Whether it serves this path. */
  serves(request: CdpRequest, account: CdpAccount<Config>): boolean;
  authorized(request: CdpRequest, account: CdpAccount<Config>): boolean;
  take(request: CdpRequest, account: CdpAccount<Config>): CdpAnswer;
}

export function refused(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): CdpAnswer {
  return { status, body, headers, messages: [] };
}

/** `<user>:<password>` of Basic authentication. Not split: a secret that Secrets Manager makes may have a colon in it. */
export function basicOf({ headers }: CdpRequest): string | undefined {
  const encoded = /^Basic (\S+)$/i.exec(headers.authorization ?? '')?.[1];
  return encoded === undefined ? undefined : Buffer.from(encoded, 'base64').toString();
}

export function isJsonType({ headers }: CdpRequest): boolean {
  return /^application\/json\b/i.test(headers['content-type'] ?? '');
}

export function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

export function textAt(value: unknown, key: string): string | undefined {
  const found = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
  return typeof found === 'string' && found !== '' ? found : undefined;
}
