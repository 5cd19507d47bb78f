import { randomInt } from 'node:crypto';
import { RefusedError } from '../errors';
import { ResolvedResource, ResourceHandler, objectOf, onlyKeys, text } from './handler';
import { JsonObject, isObject } from '../template/model';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
const PUNCTUATION = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';
const DEFAULT_LENGTH = 32;

export const secretsManagerSecret: ResourceHandler = {
  type: 'AWS::SecretsManager::Secret',
  properties: ['GenerateSecretString', 'Name', 'SecretString'],
  ignored: ['Description', 'KmsKeyId', 'ReplicaRegions', 'Tags'],
  create: (resource, world) => {
    const arn = world.createSecret(text(resource, 'Name') ?? resource.name, valueOf(resource));
    return { ref: arn, attributes: { Id: arn } };
  },
};

function valueOf(resource: ResolvedResource): string {
  const given = text(resource, 'SecretString');
  if (given !== undefined) return given;
  const options = objectOf(resource, 'GenerateSecretString');
  onlyKeys(resource, 'GenerateSecretString', options, [
    'ExcludeCharacters', 'ExcludeLowercase', 'ExcludeNumbers', 'ExcludePunctuation', 'ExcludeUppercase', 'GenerateStringKey', 'IncludeSpace',
    'PasswordLength', 'RequireEachIncludedType', 'SecretStringTemplate',
  ]);
  const { SecretStringTemplate: template, GenerateStringKey: key } = options;
  const password = generated(options);
  if (typeof key !== 'string') return password;
  const document: unknown = JSON.parse(String(template ?? '{}'));
  if (!isObject(document)) throw new RefusedError(resource.path, 'GenerateSecretString.SecretStringTemplate is no JSON object');
  return JSON.stringify({ ...document, [key]: password });
}

function generated(options: JsonObject): string {
  const is = (name: string) => options[name] === true || options[name] === 'true';
  const all = [
    ...(is('ExcludeLowercase') ? [] : [LETTERS]),
    ...(is('ExcludeUppercase') ? [] : [LETTERS.toUpperCase()]),
    ...(is('ExcludeNumbers') ? [] : ['0123456789']),
    ...(is('ExcludePunctuation') ? [] : [PUNCTUATION]),
    ...(is('IncludeSpace') ? [' '] : []),
  ].join('');
  const characters = [...all].filter((one) => !String(options.ExcludeCharacters ?? '').includes(one));
  return Array.from({ length: Number(options.PasswordLength ?? DEFAULT_LENGTH) }, () => characters[randomInt(characters.length)]).join('');
}
