import { Duration, Token } from 'aws-cdk-lib';

/** Inclusive bounds of a prop. */
export interface Bounds {
  readonly min: number;
  readonly max: number;
  /** What to do instead of a value outside; the end of the message. */
  readonly remedy: string;
}

/** Throws what a user reads: the prop, the rule, the value and the remedy. */
export function refuse(prop: string, rule: string, value: unknown, remedy: string): never {
  throw new Error(`\`${prop}\` ${rule}, got: ${display(value)}; ${remedy}`);
}

function display(value: unknown): string {
  if (value instanceof Duration) return value.toHumanString();
  const text = typeof value === 'string' ? `'${value}'` : JSON.stringify(value) ?? String(value);
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}

/** A whole number within bounds. A token passes: its value is known only when the stack is deployed. */
export function checkInteger(prop: string, value: number | undefined, { min, max, remedy }: Bounds): void {
  if (value === undefined || Token.isUnresolved(value)) return;
  if (!Number.isInteger(value) || value < min || value > max) refuse(prop, `must be a whole number from ${min} to ${max}`, value, remedy);
}

/** A number that is needed at synthesis, so that a token can't stand in for it. */
export function checkConcrete(prop: string, value: number | undefined, why: string): void {
  if (value !== undefined && Token.isUnresolved(value)) refuse(prop, 'must be known at synthesis', 'a token', `write the number, ${why}`);
}

/** Whole seconds within bounds, given in seconds. */
export function checkDuration(prop: string, value: Duration | undefined, { min, max, remedy }: Bounds): void {
  if (value === undefined || value.isUnresolved()) return;
  const milliseconds = value.toMilliseconds();
  if (milliseconds % 1000 !== 0 || milliseconds < min * 1000 || milliseconds > max * 1000) {
    const rule = `must be whole seconds from ${Duration.seconds(min).toHumanString()} to ${Duration.seconds(max).toHumanString()}`;
    refuse(prop, rule, value, remedy);
  }
}

/** Text of a given form. A text that holds a token passes. */
export function checkText(prop: string, value: string | undefined, form: RegExp, rule: string, remedy: string): void {
  if (value === undefined || Token.isUnresolved(value)) return;
  if (!form.test(value)) refuse(prop, rule, value, remedy);
}

/** Two props that contradict each other. */
export function checkNotBoth(first: string, firstValue: unknown, second: string, secondValue: unknown, remedy: string): void {
  if (firstValue === undefined || secondValue === undefined) return;
  throw new Error(`\`${first}\` and \`${second}\` exclude each other, got both; ${remedy}`);
}

/** A prop that means nothing without another. */
export function checkNeeds(prop: string, value: unknown, needed: string, neededValue: unknown, remedy: string): void {
  if (value === undefined || neededValue !== undefined) return;
  throw new Error(`\`${prop}\` needs \`${needed}\`, got none; ${remedy}`);
}
