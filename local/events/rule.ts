import { matchesPattern } from './pattern';
import { isAllowed, Statement } from '../iam/policy';
import { Recorder } from '../recorder';
import { Machine } from '../stepfunctions/machine';
import { JsonObject, isObject } from '../template/model';

export interface RuleSpec {
  readonly path: string;
  readonly pattern: JsonObject;
  readonly targets: readonly { readonly machineArn: string; readonly roleId: string }[];
}

/** Where a rule of the app listens; undefined for one that names no bucket. */
export function placeOf({ pattern }: RuleSpec): { readonly bucket: string; readonly prefix: string } | undefined {
  const detail = isObject(pattern.detail) ? pattern.detail : {};
  const [bucket] = listIn(detail.bucket, 'name');
  const keys = listIn(detail.object, 'key');
  const prefix = keys.map((key) => (isObject(key) ? key.prefix : undefined)).find((one) => typeof one === 'string');
  return typeof bucket === 'string' ? { bucket, prefix: typeof prefix === 'string' ? prefix : '' } : undefined;
}

function listIn(value: unknown, name: string): unknown[] {
  const found: unknown = isObject(value as JsonObject) ? (value as JsonObject)[name] : undefined;
  return Array.isArray(found) ? found : [];
}

export interface RulesOptions {
  readonly recorder: Recorder;
  readonly statementsOf: (roleId: string) => readonly Statement[];
  /** The next injected outcome of a notification. */
  readonly outcome: () => string | undefined;
}

/** The rules of the default event bus: at least once, hence perhaps twice. */
export class Rules {
  public readonly specs: RuleSpec[] = [];
  public readonly machines: Machine[] = [];

  public constructor(private readonly options: RulesOptions) {}

  public receive(event: JsonObject): void {
    for (const rule of this.specs.filter(({ pattern }) => matchesPattern(pattern, event))) {
      const times = this.options.outcome() === 'duplicate' ? 2 : 1;
      for (let time = 0; time < times; time += 1) rule.targets.forEach((target) => this.start(rule, target, event));
    }
  }

  private start({ path }: RuleSpec, { machineArn, roleId }: RuleSpec['targets'][number], event: JsonObject): void {
    const machine = this.machines.find(({ spec }) => spec.arn === machineArn);
    if (!machine) return void this.options.recorder.errors.push(new Error(`${path}: the target ${machineArn} is no state machine of the app`));
    const request = { action: 'states:StartExecution', resource: machineArn };
    if (!isAllowed(this.options.statementsOf(roleId), request)) return void this.options.recorder.denied.push({ construct: path, ...request });
    void machine.start(event);
  }
}
