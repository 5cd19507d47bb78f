import { Json, JsonObject, isObject } from '../../template/model';

/** An event filter: the leaves are lists of rules, any of which may hold; every named field must hold. */
export type FilterPattern = JsonObject;

type Rule = (operand: Json, value: Json | undefined) => boolean;

/**
 * The rules of Lambda's filter patterns; any other is refused when the mapping is created.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html#filtering-syntax
 */
const RULES: Readonly<Record<string, Rule>> = {
  'exists': (operand, value) => (value !== undefined) === operand,
  'prefix': (operand, value) => typeof value === 'string' && typeof operand === 'string' && value.startsWith(operand),
  'suffix': (operand, value) => typeof value === 'string' && typeof operand === 'string' && value.endsWith(operand),
  'equals-ignore-case': (operand, value) =>
    typeof value === 'string' && typeof operand === 'string' && value.toLowerCase() === operand.toLowerCase(),
  'anything-but': (operand, value) => value !== undefined && !anythingBut(operand, value),
  'numeric': (operand, value) => typeof value === 'number' && numeric(operand as Json[], value),
};

const COMPARE: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

/** What the pattern of a template asks that we don't evaluate; undefined when there is no such thing. */
export function unknownRule(pattern: Json): string | undefined {
  if (Array.isArray(pattern)) return pattern.map(unknownInLeaf).find((one) => one !== undefined);
  if (!isObject(pattern)) return `a value outside a list: ${JSON.stringify(pattern)}`;
  if ('$or' in pattern) return '$or';
  return Object.values(pattern).map(unknownRule).find((one) => one !== undefined);
}

function unknownInLeaf(rule: Json): string | undefined {
  if (!isObject(rule)) return undefined;
  const [[name, operand] = ['', null], ...others] = Object.entries(rule);
  if (others.length > 0 || !Object.hasOwn(RULES, name)) return Object.keys(rule).join(', ');
  if (name === 'numeric' && !isNumericRule(operand)) return `numeric ${JSON.stringify(operand)}`;
  return undefined;
}

function isNumericRule(operand: Json): boolean {
  return Array.isArray(operand) && operand.length > 0 && operand.length % 2 === 0
    && operand.every((one, index) => index % 2 === 0 ? Object.hasOwn(COMPARE, String(one)) : typeof one === 'number');
}

/** `record` is the Kinesis part of the event record with its data decoded; data that is no JSON is left out. */
export function matches(pattern: FilterPattern, record: JsonObject): boolean {
  return Object.entries(pattern).every(([field, wanted]) => holds(wanted, Object.hasOwn(record, field) ? record[field] : undefined));
}

function holds(wanted: Json, value: Json | undefined): boolean {
  if (isObject(wanted)) return matches(wanted, isObject(value) ? value : {});
  if (!Array.isArray(wanted)) return false;
  // A list in the event matches when one of its elements does.
  const candidates: (Json | undefined)[] = Array.isArray(value) ? value : [value];
  return wanted.some((rule) => candidates.some((one) => ruleHolds(rule, one)));
}

function ruleHolds(rule: Json, value: Json | undefined): boolean {
  if (!isObject(rule)) return rule === value;
  return Object.entries(rule).every(([name, operand]) => RULES[name]?.(operand, value) ?? false);
}

function anythingBut(operand: Json, value: Json): boolean {
  if (isObject(operand)) return ruleHolds(operand, value);
  return [operand].flat().includes(value);
}

function numeric(operand: Json[], value: number): boolean {
  for (let index = 0; index < operand.length; index += 2) {
    if (!COMPARE[String(operand[index])]?.(value, Number(operand[index + 1]))) return false;
  }
  return true;
}
