/** `--faults`: answers that the emulated services give instead of doing their work. */

export type Fault =
  | { readonly kind: 'status'; readonly status: number }
  /** The first item of the answer gets this StatusCode; the rest is done as usual. */
  | { readonly kind: 'item'; readonly status: number }
  /** The answer never comes. */
  | { readonly kind: 'timeout' }
  /** A success without content. */
  | { readonly kind: 'empty' }
  /** The connection breaks. */
  | { readonly kind: 'reset' };

/** What becomes of something that no request answers at once: an import job, an upload job, a notification. */
const OUTCOMES: Readonly<Record<string, readonly string[]>> = {
  importJob: ['FAILED', 'failures', 'stuck'], uploadJob: ['FAILED', 'failures', 'stuck'], notification: ['duplicate'],
};
/** The names of `--faults` that have outcomes. */
export const OUTCOME_NAMES: readonly string[] = Object.keys(OUTCOMES);


interface Planned {
  readonly operation: string;
  readonly fault: Fault | { readonly kind: 'outcome'; readonly outcome: string };
  left: number;
}

/** Operations whose answer has a result per item. */
const ITEM_OPERATIONS: readonly string[] = ['PutEvents'];

const PART = /^([A-Za-z][A-Za-z0-9]*):([A-Za-z]*?\d*?)(?:x(\d+))?$/;
const WORDS = ['timeout', 'empty', 'reset'] as const;

export class FaultPlan {
  public constructor(private readonly planned: Planned[] = []) {}

  /** The next fault of this operation in the order of the specification, consumed; undefined when there is none left. */
  public take(operation: string): Fault | undefined {
    const next = this.planned.find((one) => one.operation === operation && one.left > 0);
    if (!next) return undefined;
    next.left -= 1;
    return next.fault.kind === 'outcome' ? undefined : next.fault;
  }

  /** The next outcome of one of `OUTCOME_NAMES`, consumed. */
  public takeOutcome(name: string): string | undefined {
    const next = this.planned.find((one) => one.operation === name && one.left > 0);
    if (next?.fault.kind !== 'outcome') return undefined;
    next.left -= 1;
    return next.fault.outcome;
  }

  /** Whatever went wrong is mended. */
  public end(): void {
    for (const one of this.planned) one.left = 0;
  }

  /** What was planned and never came up, as `<operation>: <count>`, so that a run can say that a fault had no effect. */
  public unused(): string[] {
    return this.planned.filter((one) => one.left > 0).map((one) => `${one.operation}: ${one.left}`);
  }
}

/** `known` names the operations that can be given; without it any name is taken. */
export function parseFaults(spec: string, known?: readonly string[]): FaultPlan {
  return new FaultPlan(spec.split(',').map((part) => part.trim()).filter(Boolean).map((part) => parsePart(part, known)));
}

function parsePart(part: string, known: readonly string[] | undefined): Planned {
  const [, operation, kind, count = '1'] = PART.exec(part) ?? [];
  if (operation === undefined || kind === undefined) throw bad(part, 'expected <operation>:<kind>x<count>');
  if (known && !known.includes(operation)) throw bad(part, `unknown operation ${operation}, expected one of ${known.join(', ')}`);
  if (Number(count) < 1) throw bad(part, 'the count must be at least 1');
  return { operation, fault: parseKind(part, operation, kind), left: Number(count) };
}

function parseKind(part: string, operation: string, kind: string): Planned['fault'] {
  const outcomes = OUTCOMES[operation];
  if (outcomes?.includes(kind)) return { kind: 'outcome', outcome: kind };
  if (outcomes) throw bad(part, `unknown outcome "${kind}", expected ${outcomes.join(', ')}`);
  const word = WORDS.find((one) => one === kind);
  if (word) return { kind: word };
  const [, item, digits] = /^(item)?(\d{3})$/.exec(kind) ?? [];
  const status = Number(digits);
  if (!(status >= 400 && status <= 599)) {
    throw bad(part, `unknown kind "${kind}", expected an HTTP error status, item<error status>, ${WORDS.join(', ')}`);
  }
  if (item === undefined) return { kind: 'status', status };
  if (!ITEM_OPERATIONS.includes(operation)) throw bad(part, `only ${ITEM_OPERATIONS.join(', ')} answers per item`);
  return { kind: 'item', status };
}

function bad(part: string, reason: string): Error {
  return new Error(`--faults: ${part}: ${reason}`);
}
