import { matchesPattern } from './pattern';
import { StreamTarget } from './stream-target';
import { isAllowed, Statement } from '../iam/policy';
import { Recorder } from '../recorder';
import { Machine } from '../stepfunctions/machine';
import { JsonObject, isObject } from '../template/model';

/** A state machine that is started, or a stream. */
export type RuleTarget = { readonly machineArn: string; readonly roleId: string } | { readonly stream: StreamTarget };

export interface RuleSpec {
  readonly path: string;
  readonly pattern: JsonObject;
  readonly targets: readonly RuleTarget[];
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

  /** Whether a rule takes it. */
  public receive(event: JsonObject): boolean {
    const rules = this.specs.filter(({ pattern }) => matchesPattern(pattern, event));
    for (const rule of rules) {
      const times = this.options.outcome() === 'duplicate' ? 2 : 1;
      for (let time = 0; time < times; time += 1) rule.targets.forEach((target) => this.hand(rule, target, event));
    }
    return rules.length > 0;
  }

  private hand(rule: RuleSpec, target: RuleTarget, event: JsonObject): void {
    if ('stream' in target) target.stream.put(event);
    else this.start(rule, target, event);
  }

  private start({ path }: RuleSpec, { machineArn, roleId }: Extract<RuleTarget, { machineArn: string }>, event: JsonObject): void {
    const machine = this.machines.find(({ spec }) => spec.arn === machineArn);
    if (!machine) return void this.options.recorder.errors.push(new Error(`${path}: the target ${machineArn} is no state machine of the app`));
    const request = { action: 'states:StartExecution', resource: machineArn };
    if (!isAllowed(this.options.statementsOf(roleId), request)) return void this.options.recorder.denied.push({ construct: path, ...request });
    void machine.start(event);
  }
}
