import { RefusedError } from '../errors';
import { Json, JsonObject, Physical, Template, isObject } from './model';

/** What the resolver asks of the deployment. */
export interface ResolveContext {
  readonly template: Template;
  readonly pseudo: Readonly<Record<string, Json>>;
  /** A resource that exists already; undefined when there is none of that name. */
  physical(logicalId: string): Physical | undefined;
  /** Value of an export of another stack. */
  imported(name: string): Json | undefined;
}

/** `Ref: AWS::NoValue` removes the property that holds it. */
const NO_VALUE = Symbol('AWS::NoValue');
type Resolved = Json | typeof NO_VALUE;

type Intrinsic = (resolver: Resolver, argument: Json, path: string) => Resolved;

/** Resolves the intrinsic functions of one template. What it does not know stops the run, with the construct's path. */
export class Resolver {
  public constructor(public readonly context: ResolveContext) {}

  /** `path` is the construct's path, for errors. */
  public resolve(value: Json, path: string): Json {
    const resolved = this.resolveAny(value, path);
    return resolved === NO_VALUE ? null : resolved;
  }

  /** An object whose NoValue properties are gone. */
  public resolveObject(value: JsonObject, path: string): JsonObject {
    const entries = Object.entries(value).map(([key, one]) => [key, this.resolveAny(one, path)] as const);
    return Object.fromEntries(entries.filter((entry): entry is [string, Json] => entry[1] !== NO_VALUE));
  }

  public condition(name: string, path: string): boolean {
    const condition = this.context.template.Conditions?.[name];
    if (condition === undefined) throw new RefusedError(path, `unknown condition ${name}`);
    return this.boolean(condition, path);
  }

  public boolean(value: Json, path: string): boolean {
    if (isObject(value) && typeof value.Condition === 'string' && Object.keys(value).length === 1) return this.condition(value.Condition, path);
    const resolved = this.resolve(value, path);
    if (resolved === true || resolved === 'true') return true;
    if (resolved === false || resolved === 'false') return false;
    throw new RefusedError(path, `a condition must be true or false, got ${JSON.stringify(resolved)}`);
  }

  public text(value: Json, path: string): string {
    const resolved = this.resolve(value, path);
    if (typeof resolved === 'string' || typeof resolved === 'number' || typeof resolved === 'boolean') return String(resolved);
    throw new RefusedError(path, `expected a text, got ${JSON.stringify(resolved)}`);
  }

  public resolveAny(value: Json, path: string): Resolved {
    if (Array.isArray(value)) return value.map((one) => this.resolveAny(one, path)).filter((one): one is Json => one !== NO_VALUE);
    if (!isObject(value)) return value;
    const keys = Object.keys(value);
    const key = keys[0];
    if (key !== undefined && keys.length === 1 && (key === 'Ref' || key.startsWith('Fn::'))) {
      const intrinsic = Object.hasOwn(INTRINSICS, key) ? INTRINSICS[key] : undefined;
      if (!intrinsic) throw new RefusedError(path, `the intrinsic function ${key} is not emulated`);
      return intrinsic(this, value[key] ?? null, path);
    }
    return this.resolveObject(value, path);
  }
}

const INTRINSICS: Readonly<Record<string, Intrinsic>> = {
  'Ref': (resolver, argument, path) => ref(resolver, argument, path),
  'Fn::GetAtt': (resolver, argument, path) => getAtt(resolver, argument, path),
  'Fn::Sub': (resolver, argument, path) => sub(resolver, argument, path),
  'Fn::Join': (resolver, argument, path) => {
    const [separator, parts] = pair('Fn::Join', argument, path);
    return texts(resolver, parts, path).join(resolver.text(separator, path));
  },
  'Fn::Select': (resolver, argument, path) => select(resolver, argument, path),
  'Fn::Split': (resolver, argument, path) => {
    const [separator, source] = pair('Fn::Split', argument, path);
    return resolver.text(source, path).split(resolver.text(separator, path));
  },
  'Fn::Base64': (resolver, argument, path) => Buffer.from(resolver.text(argument, path)).toString('base64'),
  'Fn::FindInMap': (resolver, argument, path) => findInMap(resolver, argument, path),
  'Fn::ImportValue': (resolver, argument, path) => {
    const name = resolver.text(argument, path);
    const value = resolver.context.imported(name);
    if (value === undefined) throw new RefusedError(path, `no stack of the app exports ${name}`);
    return value;
  },
  'Fn::If': (resolver, argument, path) => {
    const [name, yes, no] = list('Fn::If', argument, 3, path);
    return resolver.resolveAny((resolver.condition(resolver.text(name ?? null, path), path) ? yes : no) ?? null, path);
  },
  'Fn::Equals': (resolver, argument, path) => {
    const [left, right] = pair('Fn::Equals', argument, path);
    return JSON.stringify(resolver.resolve(left, path)) === JSON.stringify(resolver.resolve(right, path));
  },
  'Fn::Not': (resolver, argument, path) => !resolver.boolean(list('Fn::Not', argument, 1, path)[0] ?? null, path),
  'Fn::And': (resolver, argument, path) => some('Fn::And', argument, path).every((one) => resolver.boolean(one, path)),
  'Fn::Or': (resolver, argument, path) => some('Fn::Or', argument, path).some((one) => resolver.boolean(one, path)),
};

function ref(resolver: Resolver, argument: Json, path: string): Resolved {
  const name = literal('Ref', argument, path);
  if (name === 'AWS::NoValue') return NO_VALUE;
  const { pseudo, template } = resolver.context;
  if (Object.hasOwn(pseudo, name)) return pseudo[name] ?? null;
  const parameter = template.Parameters?.[name];
  if (parameter) {
    // The default of an SSM parameter is the parameter's name, not its value.
    if (parameter.Default === undefined || parameter.Type.startsWith('AWS::SSM')) throw new RefusedError(path, `parameter ${name} has no value here`);
    return parameter.Default;
  }
  const physical = resolver.context.physical(name);
  if (!physical) throw new RefusedError(path, `Ref to ${name}, which does not exist`);
  return physical.ref;
}

function getAtt(resolver: Resolver, argument: Json, path: string): Json {
  const parts = typeof argument === 'string' ? argument.split(/\.(.*)/s) : argument;
  if (!Array.isArray(parts) || typeof parts[0] !== 'string' || typeof parts[1] !== 'string') {
    throw new RefusedError(path, `Fn::GetAtt with ${JSON.stringify(argument)} is not emulated`);
  }
  const [logicalId, attribute] = parts;
  const physical = resolver.context.physical(logicalId);
  if (!physical) throw new RefusedError(path, `Fn::GetAtt of ${logicalId}, which does not exist`);
  if (!Object.hasOwn(physical.attributes, attribute)) throw new RefusedError(path, `the attribute ${attribute} of ${logicalId} is not emulated`);
  return physical.attributes[attribute] ?? null;
}

function sub(resolver: Resolver, argument: Json, path: string): string {
  const [format, variables]: [Json, Json] = typeof argument === 'string' ? [argument, {}] : pair('Fn::Sub', argument, path);
  if (!isObject(variables)) throw new RefusedError(path, 'the variables of Fn::Sub must be an object');
  return literal('Fn::Sub', format, path).replace(/\$\{(!?)([^}]*)\}/g, (_match, escaped: string, name: string) => {
    if (escaped) return `\${${name}}`;
    const own = Object.hasOwn(variables, name) ? variables[name] : undefined;
    if (own !== undefined) return resolver.text(own, path);
    return resolver.text(name.includes('.') ? { 'Fn::GetAtt': name } : { Ref: name }, path);
  });
}

function select(resolver: Resolver, argument: Json, path: string): Json {
  const [index, source] = pair('Fn::Select', argument, path);
  const values = resolver.resolve(source, path);
  const value = Array.isArray(values) ? values[Number(resolver.text(index, path))] : undefined;
  if (value === undefined) throw new RefusedError(path, `Fn::Select finds nothing in ${JSON.stringify(values)}`);
  return value;
}

function findInMap(resolver: Resolver, argument: Json, path: string): Json {
  const [map, top, second] = texts(resolver, list('Fn::FindInMap', argument, 3, path), path);
  const value = resolver.context.template.Mappings?.[map ?? '']?.[top ?? '']?.[second ?? ''];
  if (value === undefined) throw new RefusedError(path, `Fn::FindInMap finds nothing at ${map}.${top}.${second}`);
  return value;
}

function texts(resolver: Resolver, value: Json, path: string): string[] {
  const resolved = resolver.resolve(value, path);
  if (!Array.isArray(resolved)) throw new RefusedError(path, `expected a list, got ${JSON.stringify(resolved)}`);
  return resolved.map((one) => resolver.text(one, path));
}

function literal(name: string, value: Json, path: string): string {
  if (typeof value !== 'string') throw new RefusedError(path, `${name} needs a literal text, got ${JSON.stringify(value)}`);
  return value;
}

function list(name: string, value: Json, length: number, path: string): Json[] {
  if (!Array.isArray(value) || value.length !== length) throw new RefusedError(path, `${name} needs ${length} arguments, got ${JSON.stringify(value)}`);
  return value;
}

function pair(name: string, value: Json, path: string): [Json, Json] {
  const [first, second] = list(name, value, 2, path);
  return [first ?? null, second ?? null];
}

function some(name: string, value: Json, path: string): Json[] {
  if (!Array.isArray(value) || value.length === 0) throw new RefusedError(path, `${name} needs a list of conditions`);
  return value;
}
