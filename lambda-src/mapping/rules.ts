import type { Channel, RuleOf, TraitRule } from '../../src/contract/trait-mapping';
import type { Attributes, IdentifyMessage, TrackMessage } from '../model';
import { normalizeAddress } from './addresses';
import { EndpointSet } from './endpoint-set';
import { scalar, setOwn, valuesOf } from './values';
import { Rejection } from '../runtime/errors';

/** What a rule reads and writes. */
export interface Scope {
  readonly message: IdentifyMessage | TrackMessage;
  readonly endpoints: EndpointSet;
  readonly userAttributes: Attributes;
  readonly cut: (reason: string) => void;
  /** Why an address was left out, for the case that nothing else is left of the message. */
  unusable?: string;
}

export type Apply = (scope: Scope) => void;
type Read = (message: IdentifyMessage | TrackMessage) => unknown;

const CONTEXT = 'context.';

/** A trait by its own name, dots and all, or by its path. */
function reader(path: string): Read {
  const fromContext = path.startsWith(CONTEXT);
  const name = fromContext ? path.slice(CONTEXT.length) : path;
  const steps = name.split('.');
  /** Every object has a `constructor`, also when nobody sent it. */
  const isInherited = name in {};
  return (message) => {
    const source = fromContext ? message.context : message.traits;
    const whole = isInherited && !Object.hasOwn(source, name) ? undefined : source[name];
    return whole !== undefined || steps.length === 1 ? whole : follow(source, steps);
  };
}

function follow(source: unknown, steps: readonly string[]): unknown {
  let value = source;
  for (const step of steps) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<string, unknown>)[step];
  }
  return value;
}

type Compile<K extends TraitRule['to']> = (rule: RuleOf<K>, slot?: string, defaultCountry?: string) => (value: unknown, scope: Scope) => void;

const COMPILERS: { readonly [K in TraitRule['to']]: Compile<K> } = {
  address: (rule, slot, defaultCountry) => (value, scope) => addAddresses(rule.channel, slot, defaultCountry, value, scope),
  endpointAttribute: (rule) => (value, scope) => {
    const values = translate(value, rule.values);
    scope.endpoints.select(rule.channels, (draft) => setOwn(draft.attributes ??= {}, rule.name, values));
  },
  userAttribute: (rule) => (value, scope) => setOwn(scope.userAttributes, rule.name, translate(value, rule.values)),
  metric: (rule) => (value, scope) => {
    if (value === null) return scope.cut('NotClearable');
    const metric = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    if (typeof metric !== 'number' || !Number.isFinite(metric)) return scope.cut('NotANumber');
    scope.endpoints.select(rule.channels, (draft) => setOwn(draft.metrics ??= {}, rule.name, metric));
  },
  location: (rule) => (value, scope) => {
    const content = typeof value === 'number' ? value : scalar(value);
    if (value === null) scope.cut('NotClearable');
    if (content !== undefined) (scope.endpoints.all.location ??= {})[rule.field] = content;
  },
  demographic: (rule) => (value, scope) => {
    const content = scalar(value);
    if (value === null) scope.cut('NotClearable');
    if (content !== undefined) (scope.endpoints.all.demographic ??= {})[rule.field] = content;
  },
  optOut: (rule) => (value, scope) => applyOptOut(rule, value, scope),
  ignore: () => () => undefined,
};

/** One rule as a function. A trait that the message does not carry leaves everything as it is. */
export function compileRule(rule: TraitRule, slot?: string, defaultCountry?: string): Apply {
  const read = reader(rule.trait);
  const run = (COMPILERS[rule.to] as Compile<TraitRule['to']>)(rule as never, slot, defaultCountry);
  return (scope) => {
    const value = read(scope.message);
    if (value !== undefined) run(value, scope);
  };
}

function translate(value: unknown, values?: Readonly<Record<string, string>>): string[] {
  const list = valuesOf(value);
  return values ? list.map((item) => Object.hasOwn(values, item) ? values[item] : item) : list;
}

/** Several addresses in one trait are told apart by their position. A deleted one leaves an endpoint that is no longer reachable. */
function addAddresses(channel: Channel, slot: string | undefined, defaultCountry: string | undefined, value: unknown, scope: Scope): void {
  if (value === null) {
    scope.endpoints.get(channel, slot).address = null;
    return;
  }
  if (typeof value === 'string') return addAddress(channel, slot, defaultCountry, value, scope);
  valuesOf(value).forEach((raw, index) => {
    const position = index === 0 ? slot : slot === undefined ? String(index + 1) : `${slot}.${index + 1}`;
    addAddress(channel, position, defaultCountry, raw, scope);
  });
}

function addAddress(channel: Channel, slot: string | undefined, defaultCountry: string | undefined, raw: string, scope: Scope): void {
  if (raw === '') return;
  const address = normalizeAddress(channel, raw, defaultCountry);
  if (address === undefined) {
    scope.unusable = `the ${channel} address is not valid`;
    return scope.cut('InvalidAddress');
  }
  scope.endpoints.get(channel, slot).address = address;
}

/** Consent that can't be read must not be guessed: the message becomes a dead letter. Within one message ALL wins. */
function applyOptOut(rule: RuleOf<'optOut'>, value: unknown, scope: Scope): void {
  const key = scalar(value);
  if (value === null) scope.cut('NotClearable');
  if (key === undefined) return;
  if (!Object.hasOwn(rule.values, key)) throw new Rejection('UnknownOptOut', `the trait ${rule.trait} has a value that the opt-out rule does not name`);
  scope.endpoints.select(rule.channels, (draft) => {
    if (draft.optOut !== 'ALL') draft.optOut = rule.values[key];
  });
}
