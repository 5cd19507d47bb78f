import * as sdk from '@aws-sdk/client-secrets-manager';
import {
  acceptedSecrets, createSecrets, MIN_AGE_MILLIS, SECRET_TTL_MILLIS, secretsManager, secretVersions,
} from '../../../lambda-src/runtime/secrets';
import { withSilentService } from '../support/silent';

const SECRET = { secretArn: 'arn:a' };
beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

test('a value is fetched once, for everybody who asks at the same time, until its time is over', async () => {
  const fetchSecret = jest.fn(async () => 'one');
  const secrets = createSecrets(fetchSecret);
  expect(await Promise.all([secrets.get(SECRET), secrets.get(SECRET)])).toEqual(['one', 'one']);
  jest.advanceTimersByTime(SECRET_TTL_MILLIS - 1);
  await secrets.get(SECRET);
  expect(fetchSecret).toHaveBeenCalledTimes(1);
  jest.advanceTimersByTime(2);
  await secrets.get(SECRET);
  expect(fetchSecret).toHaveBeenCalledTimes(2);
});

test('renewing fetches, unless somebody has since', async () => {
  const fetchSecret = jest.fn().mockResolvedValueOnce('one').mockResolvedValue('two');
  const secrets = createSecrets(fetchSecret);
  const refused = new Map([[SECRET, await secrets.get(SECRET)]]);
  await secrets.renew(refused);
  await secrets.renew(refused);
  expect(await secrets.get(SECRET)).toBe('two');
  expect(fetchSecret).toHaveBeenCalledTimes(2);
});

test('a failure is not remembered', async () => {
  const fetchSecret = jest.fn().mockRejectedValueOnce(new Error('busy')).mockResolvedValue('one');
  const secrets = createSecrets(fetchSecret);
  await expect(secrets.get(SECRET)).rejects.toThrow('busy');
  expect(await secrets.get(SECRET)).toBe('one');
});

test('a field of a JSON secret; a secret without it is a wrong deployment, told without its value', async () => {
  const secrets = createSecrets(async (arn) => arn === 'arn:a' ? '{"key":"k","n":1}' : 'hush');
  expect(await secrets.get({ ...SECRET, field: 'key' })).toBe('k');
  for (const [secretArn, field] of [['arn:a', 'n'], ['arn:a', 'toString'], ['arn:b', 'key']]) {
    const error = await secrets.get({ secretArn, field }).catch((caught: Error) => caught) as Error;
    expect(error.name).toBe('DeploymentError');
    expect(error.message).not.toContain('hush');
  }
});

test.each<[string, boolean]>([
  ['{"key":"hush"}', false], [' { "key" : "hush" } ', false], ['{}', false],
  ['hush', true], ['{hush}', true], ['"hush"', true], ['["hush"]', true], ['12', true],
])('the secret %j is used whole: %p', async (value, used) => {
  for (const got of [createSecrets(async () => value).get(SECRET), acceptedSecrets(async () => [value]).get(SECRET)]) {
    const outcome: unknown = await got.catch((caught: Error) => caught);
    if (used) expect([outcome].flat()).toEqual([value]);
    else expect(outcome).toMatchObject({ name: 'DeploymentError', message: 'the secret arn:a is a JSON object: secretField has to say which field is meant' });
  }
});

test.each([
  ['AccessDeniedException', 400, 'DeploymentError'], ['ResourceNotFoundException', 400, 'DeploymentError'], ['InvalidRequestException', 400, 'DeploymentError'],
  ['ThrottlingException', 400, 'ThrottlingException'], ['InternalServiceError', 500, 'InternalServiceError'],
])('Secrets Manager: %s (%d) becomes %s', async (name, httpStatusCode, expected) => {
  class SecretsManagerClient {
    public async send(): Promise<never> {
      throw Object.assign(new Error(), { name, $metadata: { httpStatusCode } });
    }
  }
  const load: any = async () => ({ SecretsManagerClient, GetSecretValueCommand: class {} });
  await expect(secretsManager(load)('arn:a')).rejects.toMatchObject({ name: expected });
});

test('Secrets Manager leaves a request without an answer: it is asked again within seconds', async () => {
  jest.useRealTimers();
  const value = await withSilentService(
    (response) => response.setHeader('content-type', 'application/x-amz-json-1.1').end('{"SecretString":"one"}'), async () => secretsManager(async () => sdk)('arn:a'));
  expect(value).toBe('one');
}, 15_000);

describe('values that are accepted', () => {
  const missing = Object.assign(new Error(), { name: 'ResourceNotFoundException', $metadata: { httpStatusCode: 400 } });
  const versionsOf = (values: Record<string, string | Error | undefined>) => {
    class SecretsManagerClient {
      public async send({ VersionStage = 'AWSCURRENT' }: { VersionStage?: string }): Promise<{ SecretString?: string }> {
        const value = values[VersionStage] ?? missing;
        if (value instanceof Error) throw value;
        return { SecretString: value };
      }
    }
    const load: any = async () => ({ SecretsManagerClient, GetSecretValueCommand: class { public constructor(input: object) { Object.assign(this, input); } } });
    return secretVersions(load)('arn:a');
  };

  test('the current one, and the one before where there is one', async () => {
    expect(await versionsOf({ AWSCURRENT: 'new', AWSPREVIOUS: 'old' })).toEqual(['new', 'old']);
    expect(await versionsOf({ AWSCURRENT: 'new' })).toEqual(['new']);
  });

  test.each([[{ AWSPREVIOUS: 'old' }, 'DeploymentError'],
    [{ AWSCURRENT: 'new', AWSPREVIOUS: Object.assign(new Error(), { name: 'AccessDeniedException', $metadata: { httpStatusCode: 400 } }) }, 'DeploymentError'],
    [{ AWSCURRENT: Object.assign(new Error(), { name: 'ThrottlingException', $metadata: { httpStatusCode: 400 } }) }, 'ThrottlingException']])('%j fails with %s', async (values, name) => {
    await expect(versionsOf(values)).rejects.toMatchObject({ name });
  });

  test('are kept for their time, and renewed before it only when they are not new', async () => {
    const fetchVersions = jest.fn().mockResolvedValueOnce(['a']).mockResolvedValue(['b', 'a']);
    const secrets = acceptedSecrets(fetchVersions);
    expect(await Promise.all([secrets.get(SECRET), secrets.get(SECRET)])).toEqual([['a'], ['a']]);
    jest.advanceTimersByTime(MIN_AGE_MILLIS - 1);
    expect(await secrets.renew(SECRET)).toBeUndefined();
    jest.advanceTimersByTime(1);
    expect(await secrets.renew(SECRET)).toEqual(['b', 'a']);
    jest.advanceTimersByTime(SECRET_TTL_MILLIS - 1);
    await secrets.get(SECRET);
    expect(fetchVersions).toHaveBeenCalledTimes(2);
    jest.advanceTimersByTime(1);
    await secrets.get(SECRET);
    expect(fetchVersions).toHaveBeenCalledTimes(3);
  });

  test('a failure is remembered for a second; an empty value is none', async () => {
    const secrets = acceptedSecrets(jest.fn().mockRejectedValueOnce(new Error('busy')).mockResolvedValue(['', 'old']));
    await expect(secrets.get(SECRET)).rejects.toThrow('busy');
    jest.advanceTimersByTime(999);
    await expect(secrets.get(SECRET)).rejects.toThrow('busy');
    jest.advanceTimersByTime(1);
    expect(await secrets.get(SECRET)).toEqual(['old']);
  });

  test('a field: the current value must have it, the one before may lack it', async () => {
    const field = { ...SECRET, field: 'k' };
    expect(await acceptedSecrets(async () => ['{"k":"new"}', '{"k":"old"}']).get(field)).toEqual(['new', 'old']);
    expect(await acceptedSecrets(async () => ['{"k":"new"}', 'old']).get(field)).toEqual(['new']);
    await expect(acceptedSecrets(async () => ['old', '{"k":"old"}']).get(field)).rejects.toMatchObject({ name: 'DeploymentError' });
  });
});
