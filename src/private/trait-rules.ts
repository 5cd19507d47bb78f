import { Token } from 'aws-cdk-lib';
import { FORBIDDEN_IN_ATTRIBUTE_NAME, MAX_ATTRIBUTE_NAME, MAX_ATTRIBUTE_NAMES, MAX_ATTRIBUTE_VALUE } from './pinpoint';
import { checkText, refuse } from './validate';
import { Channel, RuleOf, TraitRule } from '../contract/trait-mapping';

const ANY_PATH = /^(?!context$)[^.]+(\.[^.]+)*$/;

/** A path without an empty step. `context` alone would be the whole context, which is no trait. */
export function rulePath(trait: string): string {
  checkText('trait', trait, ANY_PATH, 'must be a path of non-empty names that dots join',
    "write it like 'newsletter', 'address.city' or 'context.locale'");
  return trait;
}

/** The name that a rule gives, or the one that follows from the path. */
export function ruleName(trait: string, given: string | undefined): string {
  const name = given ?? trait.replace(/\./g, '_');
  if (Token.isUnresolved(name)) return name;
  const remedy = given === undefined ? `give the trait '${trait}' a name of its own` : 'choose another name';
  if (name.length === 0 || name.length > MAX_ATTRIBUTE_NAME) refuse('name', `must have 1 to ${MAX_ATTRIBUTE_NAME} characters`, name, remedy);
  if (FORBIDDEN_IN_ATTRIBUTE_NAME.test(name)) refuse('name', 'must not contain any of # : ? \\ /', name, remedy);
  return name;
}

/** Values within the limit of an attribute; an empty one would clear the attribute instead of setting it. */
export function ruleValues(values: { [trait: string]: string } | undefined): { [trait: string]: string } | undefined {
  const wrong = Object.values(values ?? {}).find((value) => !Token.isUnresolved(value) && (value === '' || value.length > MAX_ATTRIBUTE_VALUE));
  if (wrong !== undefined) refuse('values', `must have 1 to ${MAX_ATTRIBUTE_VALUE} characters each`, wrong, 'shorten the value');
  return values;
}

/** Refuses rules that contradict each other and rules that the service has no room for. */
export function checkRules(rules: readonly TraitRule[]): void {
  rules.forEach((rule, index) => {
    for (const earlier of rules.slice(0, index)) checkPair(earlier, rule);
  });
  const names = new Set(rules.filter(isNamed).map((rule) => `${rule.to}:${rule.name}`));
  if (names.size > MAX_ATTRIBUTE_NAMES) {
    refuse('mapping', `must name at most ${MAX_ATTRIBUTE_NAMES} attributes and metrics, which is all an application may have`, names.size, 'leave some out');
  }
}

function checkPair(earlier: TraitRule, later: TraitRule): void {
  const sameTrait = earlier.trait === later.trait;
  if (sameTrait && (earlier.to === 'ignore' || later.to === 'ignore')) {
    refuse('mapping', 'must not both ignore a trait and use it', later.trait, 'remove one of the two rules');
  }
  const aim = aimOf(later);
  if (aim === undefined || aimOf(earlier) !== aim || !overlap(channelsOf(earlier), channelsOf(later))) return;
  refuse('mapping', `must not write the same ${aim.split(':')[0]} from two rules`, [earlier.trait, later.trait],
    'give one of them another name or other channels');
}

/** What a rule writes, so that two rules with the same aim would overwrite each other. Several addresses of a channel are several endpoints. */
function aimOf(rule: TraitRule): string | undefined {
  if (isNamed(rule)) return `${NOUNS[rule.to]}:${rule.name}`;
  if (rule.to === 'location' || rule.to === 'demographic') return `${NOUNS[rule.to]}:${rule.field}`;
  if (rule.to === 'optOut') return 'opt-out';
  return rule.to === 'address' ? `address:${rule.channel}:${rule.trait}` : undefined;
}

const NOUNS = {
  endpointAttribute: 'endpoint attribute',
  userAttribute: 'user attribute',
  metric: 'metric',
  location: 'location field',
  demographic: 'demographic field',
} as const;

type NamedRule = RuleOf<'endpointAttribute' | 'userAttribute' | 'metric'>;

function isNamed(rule: TraitRule): rule is NamedRule {
  return rule.to === 'endpointAttribute' || rule.to === 'userAttribute' || rule.to === 'metric';
}

function channelsOf(rule: TraitRule): readonly Channel[] | undefined {
  return rule.to === 'endpointAttribute' || rule.to === 'metric' || rule.to === 'optOut' ? rule.channels : undefined;
}

/** No channels means all of them. */
function overlap(first: readonly Channel[] | undefined, second: readonly Channel[] | undefined): boolean {
  return first === undefined || second === undefined || first.some((channel) => second.includes(channel));
}
