import { basename } from 'node:path';
import { REGION } from '../environment';
import { FunctionSpec } from './function-spec';
import { AccessKey } from '../iam/keys';

export interface VariableSources {
  readonly key: AccessKey;
  /** URL of the gateway of each service, by its name. */
  readonly endpoints: Readonly<Record<string, string>>;
  readonly logStream: string;
  /** An empty folder: without it the SDK would read the developer's own ~/.aws. */
  readonly home: string;
}

/** A port on which nothing can listen without rights: a call to a service that is not emulated fails at once and stays here. */
const NOWHERE = 'http://127.0.0.1:9';

/**
 * Everything that a function's process gets: the template's variables and what Lambda sets itself, nothing of our own process.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
export function environmentVariables(spec: FunctionSpec, { key, endpoints, logStream, home }: VariableSources): Record<string, string> {
  return {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    ...spec.environment,
    _HANDLER: spec.handler,
    LAMBDA_TASK_ROOT: spec.codeFolder,
    LAMBDA_RUNTIME_DIR: '/var/runtime',
    AWS_EXECUTION_ENV: `AWS_Lambda_${spec.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: spec.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(spec.memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: spec.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: logStream,
    ...(spec.logFormat === undefined ? {} : { AWS_LAMBDA_LOG_FORMAT: spec.logFormat }),
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_ACCESS_KEY_ID: key.accessKeyId,
    AWS_SECRET_ACCESS_KEY: key.secretAccessKey,
    AWS_SESSION_TOKEN: `local-${basename(logStream)}`,
    ...localVariables(endpoints, home),
  };
}

/** What the real environment has not: it keeps the SDK on this machine. */
function localVariables(endpoints: Readonly<Record<string, string>>, home: string): Record<string, string> {
  const urls = Object.entries(endpoints).map(([service, url]) => [`AWS_ENDPOINT_URL_${service.toUpperCase()}`, url] as const);
  return {
    ...Object.fromEntries(urls),
    AWS_ENDPOINT_URL: NOWHERE,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    HOME: home,
  };
}
