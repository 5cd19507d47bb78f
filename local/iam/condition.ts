import { arnMatches, wildcardMatches } from './match';

export type Context = Readonly<Record<string, string | readonly string[]>>;

type Test = (policyValue: string, value: string) => boolean;

const equal: Test = (policyValue, value) => policyValue === value;
const equalIgnoringCase: Test = (policyValue, value) => policyValue.toLowerCase() === value.toLowerCase();
const numeric = (compare: (value: number, policyValue: number) => boolean): Test =>
  (policyValue, value) => compare(Number(value), Number(policyValue));

interface Operator {
  readonly test: Test;
  /** A negated operator holds when no policy value matches, and also when the key is absent. */
  readonly negated?: boolean;
}

/** The operators that we evaluate; any other (dates, IP addresses, binary) is refused by name. */
const OPERATORS: Readonly<Record<string, Operator>> = {
  StringEquals: { test: equal },
  StringNotEquals: { test: equal, negated: true },
  StringEqualsIgnoreCase: { test: equalIgnoringCase },
  StringNotEqualsIgnoreCase: { test: equalIgnoringCase, negated: true },
  StringLike: { test: wildcardMatches },
  StringNotLike: { test: wildcardMatches, negated: true },
  ArnEquals: { test: arnMatches },
  ArnLike: { test: arnMatches },
  ArnNotEquals: { test: arnMatches, negated: true },
  ArnNotLike: { test: arnMatches, negated: true },
  Bool: { test: equalIgnoringCase },
  NumericEquals: { test: numeric((value, policyValue) => value === policyValue) },
  NumericLessThan: { test: numeric((value, policyValue) => value < policyValue) },
  NumericLessThanEquals: { test: numeric((value, policyValue) => value <= policyValue) },
  NumericGreaterThan: { test: numeric((value, policyValue) => value > policyValue) },
  NumericGreaterThanEquals: { test: numeric((value, policyValue) => value >= policyValue) },
};

const NAME = /^(?:(ForAnyValue|ForAllValues):)?([A-Za-z]+?)(IfExists)?$/;

/** All operators and all keys must hold. */
export function matchesConditions(conditions: Readonly<Record<string, Readonly<Record<string, unknown>>>>, context: Context): boolean {
  // Every operator is looked at, even after one that does not hold, so that one we can't evaluate is always refused.
  const results = Object.entries(conditions).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, policyValues]) => evaluate(operator, policyStrings(operator, policyValues), key, context)));
  return results.every(Boolean);
}

function evaluate(name: string, policyValues: readonly string[], key: string, context: Context): boolean {
  const values = valuesOf(key, context);
  if (name === 'Null') return policyValues.some((value) => (value === 'true') === (values === undefined));
  const [, set, base, ifExists] = NAME.exec(name) ?? [];
  const operator = base === undefined || !Object.hasOwn(OPERATORS, base) ? undefined : OPERATORS[base];
  if (!operator) throw new Error(`condition operator ${name} is not evaluated by the local run`);
  const holds = (value: string) => policyValues.some((one) => operator.test(one, value)) !== (operator.negated ?? false);
  if (values === undefined) return ifExists !== undefined || set === 'ForAllValues' || (set === undefined && operator.negated === true);
  if (set === 'ForAnyValue') return values.some(holds);
  if (set === undefined && values.length > 1) throw new Error(`condition key ${key} has many values: ${name} needs ForAnyValue or ForAllValues`);
  return values.every(holds);
}

/** Condition keys are not case-sensitive. */
function valuesOf(key: string, context: Context): readonly string[] | undefined {
  const found = Object.keys(context).find((one) => one.toLowerCase() === key.toLowerCase());
  const value = found === undefined ? undefined : context[found];
  return typeof value === 'string' ? [value] : value;
}

function policyStrings(operator: string, value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).map((one: unknown) => {
    if (typeof one === 'object' || one === undefined) throw new Error(`${operator}: not a plain value: ${JSON.stringify(one)}`);
    if (String(one).includes('${')) throw new Error(`policy variables are not evaluated by the local run: ${String(one)}`);
    return String(one);
  });
}
