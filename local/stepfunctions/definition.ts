import { Json, JsonObject, isObject } from '../template/model';

const LAMBDA_ARN = /^arn:[^:]+:lambda:[^:]+:[^:]+:function:[^:]+$/;
const INVOKE = /^arn:[^:]+:states:::lambda:invoke$/;
const PINPOINT = /^arn:[^:]+:states:::aws-sdk:pinpoint:(createImportJob|getImportJob)$/;
/** What the library that runs the workflow knows, without JSONata and without task tokens. */
const TYPES: readonly string[] = ['Task', 'Pass', 'Wait', 'Choice', 'Succeed', 'Fail'];
/** Of the state's part of the context object, only the time is emulated. */
const STATE_CONTEXT = /\$\$\.(State\.(?!EnteredTime\b)\w+|Task\b|Map\b)/;

/** Which service a task calls. */
export type TaskKind = { readonly kind: 'function' | 'invoke' } | { readonly kind: 'pinpoint'; readonly action: string };

export function taskOf(resource: string): TaskKind | undefined {
  if (LAMBDA_ARN.test(resource)) return { kind: 'function' };
  if (INVOKE.test(resource)) return { kind: 'invoke' };
  const action = PINPOINT.exec(resource)?.[1];
  return action === undefined ? undefined : { kind: 'pinpoint', action };
}

export function statesOf(definition: JsonObject): [string, JsonObject][] {
  const states = definition.States;
  if (!isObject(states)) throw new Error('a state machine without States');
  return Object.entries(states).map(([name, state]) => {
    if (!isObject(state)) throw new Error(`the state ${name} is not an object`);
    return [name, state];
  });
}

/** Throws at what would not run as in AWS. */
export function checkDefinition(definition: JsonObject): void {
  checkLanguage(definition, 'the state machine');
  const unknown = STATE_CONTEXT.exec(JSON.stringify(definition));
  if (unknown) throw new Error(`${unknown[0]} of the context object is not emulated`);
  for (const [name, state] of statesOf(definition)) {
    checkLanguage(state, `the state ${name}`);
    if (!TYPES.includes(String(state.Type))) throw new Error(`the state ${name}: the type ${String(state.Type)} is not emulated`);
    if (state.Type === 'Task' && !taskOf(String(state.Resource))) throw new Error(`the state ${name}: the task ${String(state.Resource)} is not emulated`);
    if (state.Type === 'Wait' && typeof state.Seconds !== 'number') throw new Error(`the state ${name}: only waits of Seconds are emulated`);
  }
}

function checkLanguage({ QueryLanguage = 'JSONPath' }: { readonly QueryLanguage?: Json }, what: string): void {
  if (QueryLanguage !== 'JSONPath') throw new Error(`${what}: ${String(QueryLanguage)} is not emulated, only JSONPath`);
}
