import { Json, JsonObject, isObject } from '../template/model';

/** Whether an event matches a pattern of EventBridge. An operator that is not known is refused by `checkPattern`, before anything starts.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html */
export function matchesPattern(pattern: JsonObject, event: JsonObject): boolean {
  return Object.entries(pattern).every(([name, expected]) => {
    const value = event[name];
    if (Array.isArray(expected)) return expected.some((one) => [value].flat().some((actual) => matchesOne(one, actual)));
    return isObject(expected) && isObject(value) && matchesPattern(expected, value);
  });
}

/** Throws at the first thing that is not evaluated. */
export function checkPattern(pattern: Json | undefined, path = 'EventPattern'): void {
  if (!isObject(pattern)) throw new Error(`${path}: expected an object`);
  for (const [name, expected] of Object.entries(pattern)) {
    const where = `${path}.${name}`;
    if (!Array.isArray(expected)) {
      if (name === '$or') throw new Error(`${where} is not evaluated by the local run`);
      checkPattern(expected, where);
    } else {
      if (name === '$or' || expected.length === 0) throw new Error(`${where} is not evaluated by the local run`);
      expected.forEach((one) => checkOne(one, where));
    }
  }
}

type Matcher = (argument: Json, actual: Json | undefined) => boolean;

const MATCHERS: Readonly<Record<string, Matcher>> = {
  'prefix': (argument, actual) => typeof actual === 'string' && actual.startsWith(String(argument)),
  'suffix': (argument, actual) => typeof actual === 'string' && actual.endsWith(String(argument)),
  'exists': (argument, actual) => (actual !== undefined) === argument,
  'equals-ignore-case': (argument, actual) => typeof actual === 'string' && actual.toLowerCase() === String(argument).toLowerCase(),
  'wildcard': (argument, actual) => typeof actual === 'string' && wildcard(String(argument)).test(actual),
  'anything-but': anythingBut,
};

/** A value, a list of values, or one of the affixes with a value or a list of them. */
function anythingBut(argument: Json, actual: Json | undefined): boolean {
  if (actual === undefined) return false;
  if (!isObject(argument)) return ![argument].flat().includes(actual as string);
  return Object.entries(argument).every(([operator, values]) => ![values].flat().some((one) => MATCHERS[operator]!(one as Json, actual)));
}

function matchesOne(expected: Json, actual: Json | undefined): boolean {
  if (!isObject(expected)) return expected === actual;
  return Object.entries(expected).every(([operator, argument]) => MATCHERS[operator]!(argument, actual));
}

function checkOne(expected: Json, where: string): void {
  if (!isObject(expected)) return;
  const [operator = '', ...others] = Object.keys(expected);
  const argument = expected[operator];
  if (others.length > 0 || !Object.hasOwn(MATCHERS, operator)) throw new Error(`${where}: ${JSON.stringify(expected)} is not evaluated by the local run`);
  if (operator === 'exists') {
    if (typeof argument !== 'boolean') throw new Error(`${where}.exists: expected true or false`);
  } else if (operator === 'anything-but') {
    const affixes = isObject(argument) ? Object.keys(argument) : [];
    const unknown = affixes.find((one) => !['prefix', 'suffix', 'wildcard', 'equals-ignore-case'].includes(one));
    if (unknown !== undefined) throw new Error(`${where}.anything-but.${unknown} is not evaluated by the local run`);
  } else if (typeof argument !== 'string') {
    throw new Error(`${where}.${operator}: expected a text`);
  }
}

function wildcard(text: string): RegExp {
  return new RegExp(`^${text.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*')}$`, 's');
}
