import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ACCOUNT_ID, arn } from '../environment';
import { RefusedError } from '../errors';
import { ResolvedResource, ResourceHandler, World, number, objectOf, onlyKeys, requiredText, text } from './handler';
import { constructOf } from '../lambda/function-spec';
import { isObject } from '../template/model';

/** The service's defaults. */
const DEFAULT_MEMORY_MB = 128;
const DEFAULT_TIMEOUT_SECONDS = 3;

export const lambdaFunction: ResourceHandler = {
  type: 'AWS::Lambda::Function',
  properties: [
    'Code', 'Environment', 'FunctionName', 'Handler', 'LoggingConfig', 'MemorySize', 'PackageType', 'ReservedConcurrentExecutions', 'Role', 'Runtime',
    'Timeout',
  ],
  ignored: [
    'Architectures', 'CodeSigningConfigArn', 'DeadLetterConfig', 'Description', 'EphemeralStorage', 'KmsKeyArn', 'RecursiveLoop',
    'RuntimeManagementConfig', 'Tags', 'TracingConfig', 'VpcConfig',
  ],
  create: (resource, world) => {
    const name = text(resource, 'FunctionName') ?? resource.name;
    const functionArn = arn('lambda', `function:${name}`);
    const logging = objectOf(resource, 'LoggingConfig');
    world.addFunction({
      name,
      arn: functionArn,
      path: resource.path,
      construct: constructOf(resource.path, resource.stack.path),
      roleId: roleOf(resource, world, functionArn),
      runtime: runtimeOf(resource),
      handler: requiredText(resource, 'Handler'),
      codeFolder: codeFolderOf(resource, world),
      environment: environmentOf(resource),
      timeoutSeconds: number(resource, 'Timeout', DEFAULT_TIMEOUT_SECONDS),
      memoryMb: number(resource, 'MemorySize', DEFAULT_MEMORY_MB),
      reservedConcurrency: 'ReservedConcurrentExecutions' in resource.properties ? number(resource, 'ReservedConcurrentExecutions', 0) : undefined,
      logGroup: typeof logging.LogGroup === 'string' ? logging.LogGroup : `/aws/lambda/${name}`,
      logFormat: typeof logging.LogFormat === 'string' ? logging.LogFormat : undefined,
    });
    return { ref: name, attributes: { Arn: functionArn } };
  },
};

function roleOf(resource: ResolvedResource, world: World, functionArn: string): string {
  const roleArn = requiredText(resource, 'Role');
  const role = roleArn.split('/').pop() ?? '';
  const context = { 'aws:SourceAccount': ACCOUNT_ID, 'aws:SourceArn': functionArn };
  world.roles.checkTrust(role, 'lambda.amazonaws.com', context, resource.path);
  return role;
}

function runtimeOf(resource: ResolvedResource): string {
  if ((text(resource, 'PackageType') ?? 'Zip') !== 'Zip') throw new RefusedError(resource.path, 'functions from images are not emulated');
  const runtime = requiredText(resource, 'Runtime');
  if (!/^nodejs\d+\.x$/.test(runtime)) throw new RefusedError(resource.path, `the runtime ${runtime} is not emulated, only nodejs`);
  return runtime;
}

function environmentOf(resource: ResolvedResource): Record<string, string> {
  const environment = objectOf(resource, 'Environment');
  onlyKeys(resource, 'Environment', environment, ['Variables']);
  const variables = isObject(environment.Variables) ? environment.Variables : {};
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => {
    if (typeof value === 'object') throw new RefusedError(resource.path, `Environment.Variables.${name} is not a text`);
    return [name, String(value)];
  }));
}

function codeFolderOf(resource: ResolvedResource, world: World): string {
  const code = objectOf(resource, 'Code');
  onlyKeys(resource, 'Code', code, ['S3Bucket', 'S3Key', 'ZipFile']);
  if (typeof code.ZipFile === 'string') return inlineFolder(resource, world, code.ZipFile);
  const asset = resource.stack.assets.get(String(code.S3Key));
  if (asset === undefined || !existsSync(asset)) throw new RefusedError(resource.path, `its code ${JSON.stringify(code)} is no asset of the app`);
  if (!statSync(asset).isDirectory()) throw new RefusedError(resource.path, 'its code is an archive; only folders are emulated');
  return asset;
}

/** Lambda puts inline code into `index.js`. */
function inlineFolder(resource: ResolvedResource, world: World, source: string): string {
  const folder = join(world.folder, 'code', resource.name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'index.js'), source);
  return folder;
}
