import { randomUUID } from 'node:crypto';
import { statesOf, taskOf } from './definition';
import { Tasks } from './tasks';
import { arn } from '../environment';
import { Json, JsonObject } from '../template/model';

export interface MachineSpec {
  readonly name: string;
  readonly arn: string;
  readonly path: string;
  /** Construct path that the report counts it under. */
  readonly construct: string;
  readonly roleId: string;
  readonly definition: JsonObject;
}

/** As the report shows it. */
export interface Execution {
  readonly construct: string;
  readonly name: string;
  status: 'RUNNING' | 'SUCCEEDED' | 'FAILED';
  output?: unknown;
  error?: string;
  cause?: string;
}

/** How long a wait and the pause before a retry really take. The clock that the workflow sees goes on by the whole wait. */
const WAIT_MS = 40;
const RETRY_MS = 20;

/** A workflow of AWS Step Functions, run by a library; its tasks call the emulated services. */
export class Machine {
  public readonly executions: Execution[] = [];
  private readonly aborts = new Set<() => void>();

  public constructor(public readonly spec: MachineSpec, private readonly tasks: Tasks) {}

  public get over(): number {
    return this.executions.filter(({ status }) => status !== 'RUNNING').length;
  }

  /** Errors that the workflow itself ends with, in its Fail states. */
  public isIntended(error: string | undefined): boolean {
    return statesOf(this.spec.definition).some(([, state]) => state.Type === 'Fail' && state.Error === error);
  }

  public async start(input: Json): Promise<void> {
    const name = randomUUID();
    const execution: Execution = { construct: this.spec.construct, name, status: 'RUNNING' };
    this.executions.push(execution);
    try {
      execution.output = await this.run(name, input);
      execution.status = 'SUCCEEDED';
    } catch (error) {
      Object.assign(execution, { status: 'FAILED', error: errorOf(error).name, cause: errorOf(error).message });
    }
  }

  public stop(): void {
    this.aborts.forEach((abort) => abort());
  }

  private async run(name: string, input: Json): Promise<unknown> {
    polyfill();
    const { StateMachine } = await import('aws-local-stepfunctions');
    const machine = new StateMachine(this.spec.definition as never, { validationOptions: { checkArn: false, checkPaths: true } });
    const { result, abort } = machine.run(input as never, this.optionsFor(name, input) as never);
    this.aborts.add(abort);
    return result.finally(() => this.aborts.delete(abort));
  }

  private optionsFor(name: string, input: Json): object {
    const clock = { skippedMs: 0 };
    const states = statesOf(this.spec.definition);
    const handlers = states.flatMap(([state, { Resource }]) => {
      const task = typeof Resource === 'string' ? taskOf(Resource) : undefined;
      return task ? [[state, async (value: Json) => this.tasks.run(task, String(Resource), value)] as const] : [];
    });
    const waits = {};
    for (const [state, { Type, Seconds }] of states) {
      // Read once a wait: the moment to move the clock.
      if (Type === 'Wait') Object.defineProperty(waits, state, { get: () => { clock.skippedMs += Number(Seconds) * 1000; return WAIT_MS; } });
    }
    return {
      overrides: {
        taskResourceLocalHandlers: Object.fromEntries(handlers),
        waitTimeOverrides: waits,
        retryIntervalOverrides: Object.fromEntries(states.map(([state]) => [state, RETRY_MS])),
      },
      context: {
        Execution: {
          Id: arn('states', `execution:${this.spec.name}:${name}`), Input: input, Name: name, RoleArn: arn('iam', `role/${this.spec.roleId}`, { region: '' }),
          StartTime: new Date().toISOString(), RedriveCount: 0,
        },
        State: { get EnteredTime() { return new Date(Date.now() + clock.skippedMs).toISOString(); } },
        StateMachine: { Id: this.spec.arn, Name: this.spec.name },
      },
    };
  }
}

/** The library wraps the error of the state that ended the execution. */
function errorOf(error: unknown): Error {
  if (error instanceof Error && error.name === 'ExecutionError' && error.cause instanceof Error) return error.cause;
  return error instanceof Error ? error : new Error(String(error));
}

/** The library needs it; Node.js has it from version 22 on. */
function polyfill(): void {
  const promise = Promise as unknown as { withResolvers?: () => object };
  promise.withResolvers ??= () => {
    const holder: { resolve?: unknown; reject?: unknown } = {};
    const made = new Promise((resolve, reject) => Object.assign(holder, { resolve, reject }));
    return { promise: made, ...holder };
  };
}
