import { lazy } from './dead-letters';
import { DeploymentError } from './errors';
import { serviceFailure } from './service-failure';
import type { SecretConfig } from '../../src/contract/cdp-destination';
import { isObject } from '../mapping/values';

/** How long a value is used before it is asked for again: a rotated secret is in use within that time. */
export const SECRET_TTL_MILLIS = 5 * 60_000;

export interface Secrets {
  get(secret: SecretConfig): Promise<string>;
  /** After values were refused: fetches their secrets, each once, unless that has happened since. */
  renew(refused: ReadonlyMap<SecretConfig, string>): Promise<void>;
}

/** The current value of a secret by its ARN. */
export type FetchSecret = (secretArn: string) => Promise<string>;

/** The value before the current one too, where there is one. */
export type FetchVersions = (secretArn: string) => Promise<readonly string[]>;

/** How old a value has to be before somebody who was refused may have it fetched again: forgers must not cost a request each. */
export const MIN_AGE_MILLIS = 10_000;

/** How long a question that failed stands for those after it: neither forgers nor senders must add to an outage. */
const FAILED_MILLIS = 1_000;

export interface AcceptedSecrets {
  /** Every value that is valid now, the current one first. */
  get(secret: SecretConfig): Promise<readonly string[]>;
  /**
   * After all of them were refused: fetched again, unless that was done a moment ago. Undefined: nothing is new. What was valid stays so
   * if it fails.
   */
  renew(secret: SecretConfig): Promise<readonly string[] | undefined>;
}

/** For who is to accept a secret: while it is rotated, senders use the old value and the new. */
export function acceptedSecrets(fetchVersions: FetchVersions = secretVersions()): AcceptedSecrets {
  const held = new Map<string, { readonly values: readonly string[]; readonly until: number }>();
  const asked = new Map<string, { readonly values: Promise<readonly string[]>; until: number }>();
  const ask = async (secretArn: string): Promise<readonly string[]> => {
    const now = Date.now();
    const last = asked.get(secretArn);
    if (last && now < last.until) return last.values;
    const question = { values: fetchVersions(secretArn), until: now + MIN_AGE_MILLIS };
    asked.set(secretArn, question);
    question.values.then(
      (values) => held.set(secretArn, { values, until: now + SECRET_TTL_MILLIS }),
      () => { question.until = Date.now() + FAILED_MILLIS; },
    );
    return question.values;
  };
  return {
    get: async (secret) => {
      const found = held.get(secret.secretArn);
      return fieldsOf(secret, found && Date.now() < found.until ? found.values : await ask(secret.secretArn));
    },
    renew: async (secret) => {
      const known = held.get(secret.secretArn)?.values;
      const values = await ask(secret.secretArn);
      return values === known ? undefined : fieldsOf(secret, values);
    },
  };
}

/** The current value must have the field; one from before may have had another form. */
function fieldsOf(secret: SecretConfig, [current, ...previous]: readonly string[]): string[] {
  const old = previous.flatMap((value) => secret.field === undefined ? [value] : parse(value)?.[secret.field] ?? []);
  return [fieldOf(secret, current), ...old.filter((value): value is string => typeof value === 'string')].filter((value) => value !== '');
}

/** Values are kept in memory only, and fetched when they are first needed. */
export function createSecrets(fetchSecret: FetchSecret = secretsManager()): Secrets {
  const cache = new Map<string, { readonly value: Promise<string>; readonly until: number }>();
  const fetchAnew = (secretArn: string): Promise<string> => {
    const value = fetchSecret(secretArn);
    cache.set(secretArn, { value, until: Date.now() + SECRET_TTL_MILLIS });
    value.catch(() => cache.delete(secretArn));
    return value;
  };
  const current = (secretArn: string): Promise<string> => {
    const cached = cache.get(secretArn);
    return cached && cached.until > Date.now() ? cached.value : fetchAnew(secretArn);
  };
  return {
    get: async (secret) => fieldOf(secret, await current(secret.secretArn)),
    renew: async (refused) => {
      await Promise.all([...new Set([...refused.keys()].map(({ secretArn }) => secretArn))].map(async (secretArn) => {
        const value = await current(secretArn);
        const isSame = [...refused].every(([secret, was]) => secret.secretArn !== secretArn || fieldOf(secret, value) === was);
        if (isSame) await fetchAnew(secretArn);
      }));
    },
  };
}

/** Nobody's key is a JSON object, and that is what the console of Secrets Manager makes: used whole it would be refused without a word. */
function fieldOf({ secretArn, field }: SecretConfig, value: string): string {
  if (field === undefined && parse(value)) throw new DeploymentError(`the secret ${secretArn} is a JSON object: secretField has to say which field is meant`);
  if (field === undefined) return value;
  const found = parse(value)?.[field];
  if (typeof found === 'string' && found !== '') return found;
  throw new DeploymentError(`the secret ${secretArn} is no JSON object with the text field '${field}'`);
}

function parse(value: string): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(value);
    return isObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

type LoadSecretsManager = () => Promise<Pick<typeof import('@aws-sdk/client-secrets-manager'), 'GetSecretValueCommand' | 'SecretsManagerClient'>>;
const loadSecretsManager: LoadSecretsManager = () => import('@aws-sdk/client-secrets-manager');

/** A service that can't be reached, such as from a VPC without a way to it, costs seconds. */
const REQUEST_TIMES = { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true };

/** The client is loaded with the first secret. What it refuses is the deployment's fault; it answers 400 to that too. */
export function secretsManager(load: LoadSecretsManager = loadSecretsManager): FetchSecret {
  const fetch = versionFetcher(load);
  return async (secretArn) => fetch(secretArn).catch((error: unknown) => refuse(error));
}

/** `AWSPREVIOUS` is there after a rotation only. */
export function secretVersions(load: LoadSecretsManager = loadSecretsManager): FetchVersions {
  const fetch = versionFetcher(load);
  const isMissing = (error: unknown): boolean => (error as Error).name === 'ResourceNotFoundException';
  return async (secretArn) => {
    const [current, previous] = await Promise.all([
      fetch(secretArn).catch((error: unknown) => refuse(error)),
      fetch(secretArn, 'AWSPREVIOUS').catch((error: unknown) => isMissing(error) ? undefined : refuse(error)),
    ]);
    return previous === undefined ? [current] : [current, previous];
  };
}

function versionFetcher(load: LoadSecretsManager) {
  const start = lazy(async () => {
    const { GetSecretValueCommand, SecretsManagerClient } = await load();
    return { client: new SecretsManagerClient({ maxAttempts: 5, requestHandler: REQUEST_TIMES }), GetSecretValueCommand };
  });
  return async (SecretId: string, VersionStage?: string): Promise<string> => {
    const { client, GetSecretValueCommand } = await start();
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId, VersionStage }));
    if (SecretString === undefined) throw new DeploymentError(`the secret ${SecretId} is binary`);
    return SecretString;
  };
}

function refuse(error: unknown): never {
  if (error instanceof DeploymentError) throw error;
  const failure = serviceFailure(error, 'AWS Secrets Manager');
  if (failure.kind === 'items') throw new DeploymentError(`AWS Secrets Manager refuses the secret: ${failure.code}`);
  throw error;
}
