import { retryAfterMillis, verdictOf } from './answers';
import type { HttpAnswer, SendHttp } from './http';
import type { SecretConfig } from '../../src/contract/cdp-destination';
import { ALL_DONE, Answer } from '../destinations/destination';
import { isObject } from '../mapping/values';
import { before } from '../runtime/deadline';
import { DeploymentError } from '../runtime/errors';
import type { Secrets } from '../runtime/secrets';

/** Headers that show who sends; may ask for secrets. */
export type Authorize = (secret: (secret: SecretConfig) => Promise<string>, body: string) => Promise<Record<string, string>>;

export interface ApiOptions {
  /** For messages. */
  readonly name: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly authorize: Authorize;
  /** Why an answer that looks like success is none. */
  readonly refusal?: (answer: { readonly headers: Headers; readonly json?: Record<string, unknown> }) => string | undefined;
}

export interface ApiDeps {
  readonly secrets: Secrets;
  readonly send: SendHttp;
}

/** As much of an answer as goes into a dead letter, to tell what was wrong. It never goes into a log. */
const MAX_REASON_LENGTH = 300;

/** An HTTP API that takes JSON. A refused secret is fetched anew once; when that does not help, the deployment is wrong. */
export function createApi(options: ApiOptions, { secrets, send }: ApiDeps): (body: string, deadline: number) => Promise<Answer> {
  const url = new URL(options.url).href;
  const attempt = async (body: string, deadline: number) => {
    const used = new Map<SecretConfig, string>();
    const secret = async (config: SecretConfig) => {
      const value = await secrets.get(config);
      used.set(config, value);
      return value;
    };
    const headers = { ...options.headers, ...await before(deadline, () => options.authorize(secret, body)) };
    return { used, answer: await send(url, headers, body, deadline) };
  };
  return async (body, deadline) => {
    try {
      const { used, answer } = await attempt(body, deadline);
      if (verdictOf(answer.status) !== 'auth' || used.size === 0) return judge(answer, options);
      await before(deadline, () => secrets.renew(used));
      return judge((await attempt(body, deadline)).answer, options);
    } catch (error) {
      return networkFailure(error, options.name);
    }
  };
}

function judge(answer: HttpAnswer, { name, refusal }: ApiOptions): Answer {
  const { status, headers, body } = answer;
  const verdict = verdictOf(status);
  if (verdict === 'done') {
    const code = refusal?.({ headers, json: jsonOf(body) });
    return code === undefined ? ALL_DONE : { kind: 'items', code, reason: (headers.get('x-error') ?? body).slice(0, MAX_REASON_LENGTH) };
  }
  if (verdict === 'items') return { kind: 'items', code: `Status${status}`, reason: body.slice(0, MAX_REASON_LENGTH) };
  if (verdict === 'retry') {
    return { kind: 'retry', code: `Status${status}`, afterMillis: retryAfterMillis(headers.get('retry-after'), Date.now()), throttled: status === 429 };
  }
  throw new DeploymentError(`${name} refuses this deployment: ${verdict === 'auth' ? 'the credentials' : 'the address'} (status ${status})`);
}

function jsonOf(body: string): Record<string, unknown> | undefined {
  if (!body.startsWith('{')) return undefined;
  try {
    const json: unknown = JSON.parse(body);
    return isObject(json) ? json : undefined;
  } catch {
    return undefined;
  }
}

/** No answer: whether the request arrived is not known, and since its items keep their ids, it can be sent again. */
function networkFailure(error: unknown, name: string): Answer {
  if (error instanceof DeploymentError) throw error;
  const { name: kind, cause } = error as { name: string; cause?: { code?: string } };
  // fetch() says so when it can't even make a request of it, for instance of a header.
  if (error instanceof TypeError && cause === undefined) throw new DeploymentError(`${name}: the request can't be made`);
  return { kind: 'retry', code: cause?.code ?? kind };
}

export function basic(user: string, password = ''): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

/** The API's own path after the given address, which may end with it already. */
export function urlOf(base: string, path: string): string {
  const trimmed = base.replace(/\/+$/, '');
  return trimmed.endsWith(path) ? trimmed : trimmed + path;
}
