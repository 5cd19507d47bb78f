import { randomUUID } from 'node:crypto';
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { MetricValue, metricsIn } from './emf';
import { environmentVariables } from './environment-variables';
import { Answer, ExecutionEnvironment, FunctionError } from './execution-environment';
import { FunctionSpec } from './function-spec';
import { Keys } from '../iam/keys';

export interface HostOptions {
  readonly keys: Keys;
  /** URL of the gateway of each service, by its name. */
  readonly endpoints: Readonly<Record<string, string>>;
  /** Folder of this run. */
  readonly folder: string;
}

export interface Invocation {
  readonly requestId: string;
  /** No environment was free: nothing ran. */
  readonly throttled: boolean;
  readonly error?: FunctionError;
  /** What the handler returned, from JSON. */
  readonly payload?: unknown;
  /** What it said by embedded metrics. */
  readonly metrics: readonly MetricValue[];
}

/** Execution environments of one function that has no reservation: two cores run no more at once anyway. */
const UNRESERVED_CONCURRENCY = 10;

interface Hosted {
  readonly spec: FunctionSpec;
  readonly variables: Record<string, string>;
  readonly environments: ExecutionEnvironment[];
  readonly logFile: string;
}

/** AWS Lambda: a function's code in processes of its own, started when there is an event for it. */
export class LambdaHost {
  private readonly functions = new Map<string, Hosted>();
  private readonly logFolder: string;
  private readonly home: string;

  public constructor(private readonly options: HostOptions) {
    this.logFolder = join(options.folder, 'logs');
    this.home = join(options.folder, 'home');
    [this.logFolder, this.home].forEach((folder) => mkdirSync(folder, { recursive: true }));
  }

  public add(spec: FunctionSpec): void {
    const key = this.options.keys.issue({ construct: spec.construct, roleId: spec.roleId });
    const { endpoints } = this.options;
    const variables = environmentVariables(spec, { key, endpoints, logStream: `local/[$LATEST]${randomUUID()}`, home: this.home });
    this.functions.set(spec.name, { spec, variables, environments: [], logFile: join(this.logFolder, `${spec.name}.log`) });
  }

  public get specs(): FunctionSpec[] {
    return [...this.functions.values()].map(({ spec }) => spec);
  }

  public specOf(name: string): FunctionSpec | undefined {
    return this.functions.get(name)?.spec;
  }

  public logFileOf(name: string): string {
    return this.hosted(name).logFile;
  }

  /** Synchronous invocation. Never throws for what the function does. */
  public async invoke(name: string, event: unknown): Promise<Invocation> {
    const requestId = randomUUID();
    const environment = this.environmentFor(this.hosted(name));
    if (!environment) return { requestId, throttled: true, metrics: [] };
    const answer = await environment.invoke(requestId, JSON.stringify(event));
    return { requestId, throttled: false, error: answer.error, payload: payloadOf(answer), metrics: answer.log.flatMap(metricsIn) };
  }

  public async close(): Promise<void> {
    await Promise.all([...this.functions.values()].flatMap(({ environments }) => environments.map(async (one) => one.end())));
  }

  private hosted(name: string): Hosted {
    const hosted = this.functions.get(name);
    if (!hosted) throw new Error(`the function ${name} is not part of the app`);
    return hosted;
  }

  private environmentFor(hosted: Hosted): ExecutionEnvironment | undefined {
    const { spec, environments, variables, logFile } = hosted;
    environments.splice(0, environments.length, ...environments.filter((one) => one.alive));
    const idle = environments.find((one) => !one.busy);
    if (idle) return idle;
    if (environments.length >= (spec.reservedConcurrency ?? UNRESERVED_CONCURRENCY)) return undefined;
    const environment = new ExecutionEnvironment(spec, variables, (line) => appendFileSync(logFile, `${line}\n`));
    environments.push(environment);
    return environment;
  }
}

function payloadOf({ payload }: Answer): unknown {
  return payload === undefined ? undefined : JSON.parse(payload);
}
