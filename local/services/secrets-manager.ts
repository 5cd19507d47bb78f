import { randomUUID } from 'node:crypto';
import { arn } from '../environment';
import { Input, answer, failure, inputOf, operationIn } from './json-rpc';
import { EmulatedService, ServiceCall, ServiceRequest, ServiceResponse } from './service';

interface Stored {
  readonly arn: string;
  readonly name: string;
  value: string;
  versionId: string;
  /** What `AWSPREVIOUS` names, after the value was changed. */
  previous?: { readonly value: string; readonly versionId: string };
}

/** An ARN without the six characters that the service adds, as `Secret.fromSecretNameV2` writes it. */
const PARTIAL_ARN = /^arn:[^:]+:secretsmanager:[^:]+:[^:]+:secret:(.+)$/;
const COMPLETE = /-[A-Za-z0-9]{6}$/;
/** What the service adds to the name; the same in every run. */
const SUFFIX = '-LocaLx';
const STAGES: readonly string[] = ['AWSCURRENT', 'AWSPREVIOUS'];

/** AWS Secrets Manager, as far as functions read secrets and an operator changes them. */
export class SecretsManager implements EmulatedService {
  /** As in `AWS_ENDPOINT_URL_SECRETS_MANAGER`. */
  public readonly name = 'secrets_manager';
  public readonly codes = { 400: 'InvalidRequestException', 429: 'ThrottlingException', 500: 'InternalServiceError' };
  private readonly secrets: Stored[] = [];

  /** Returns the secret's ARN. */
  public create(name: string, value: string): string {
    const secret = { arn: arn('secretsmanager', `secret:${name}${SUFFIX}`), name, value, versionId: randomUUID() };
    this.secrets.push(secret);
    return secret.arn;
  }

  /** A secret that is not made by the app; only its ARN is known, perhaps without the characters that the service adds. */
  public adopt(id: string, value: string): void {
    const named = PARTIAL_ARN.exec(id)?.[1] ?? id;
    const full = COMPLETE.test(named) ? id : `${id}${SUFFIX}`;
    this.secrets.push({ arn: full, name: named.replace(COMPLETE, ''), value, versionId: randomUUID() });
  }

  /** By ARN, with or without its suffix, or by name. */
  public valueOf(id: string): string | undefined {
    return this.find(id)?.value;
  }

  public route(request: ServiceRequest): ServiceCall | undefined {
    const operation = operationIn(request);
    if (operation !== 'GetSecretValue' && operation !== 'PutSecretValue') return undefined;
    const input = inputOf(request);
    const stage = String(input.VersionStage ?? 'AWSCURRENT');
    if (!STAGES.includes(stage) || input.VersionId !== undefined || operation === 'PutSecretValue' && stage !== 'AWSCURRENT') return undefined;
    const id = String(input.SecretId);
    const resource = this.find(id)?.arn ?? (id.startsWith('arn:') ? id : arn('secretsmanager', `secret:${id}`));
    const context = { 'secretsmanager:SecretId': resource, 'secretsmanager:VersionStage': stage };
    return {
      operation,
      permissions: [{ action: `secretsmanager:${operation}`, resource, context }],
      items: 1,
      handle: async () => this.answer(operation, id, input),
    };
  }

  public operationOf(request: ServiceRequest): string | undefined {
    return operationIn(request);
  }

  public error(code: string, status: number, message: string): ServiceResponse {
    return failure(code, status, message);
  }

  private answer(operation: 'GetSecretValue' | 'PutSecretValue', id: string, input: Input): ServiceResponse {
    const secret = this.find(id);
    if (!secret) return failure('ResourceNotFoundException', 400, 'Secrets Manager can\'t find the specified secret.');
    const stage = String(input.VersionStage ?? 'AWSCURRENT');
    const head = { ARN: secret.arn, Name: secret.name, VersionStages: [stage] };
    const version = stage === 'AWSPREVIOUS' ? secret.previous : secret;
    if (!version) {
      return failure('ResourceNotFoundException', 400, `Secrets Manager can't find the specified secret value for staging label: ${stage}`);
    }
    if (operation === 'GetSecretValue') return answer({ ...head, VersionId: version.versionId, SecretString: version.value });
    if (typeof input.SecretString !== 'string') return failure('InvalidParameterException', 400, 'SecretString must be a text');
    secret.previous = { value: secret.value, versionId: secret.versionId };
    secret.value = input.SecretString;
    secret.versionId = randomUUID();
    return answer({ ...head, VersionId: secret.versionId });
  }

  private find(id: string): Stored | undefined {
    const partial = PARTIAL_ARN.exec(id)?.[1];
    return this.secrets.find((one) => one.arn === id || one.name === id || one.name === partial);
  }
}
