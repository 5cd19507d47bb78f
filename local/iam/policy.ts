import { Context, matchesConditions } from './condition';
import { arnMatches, wildcardMatches } from './match';

type OneOrMany = string | readonly string[];

/** A policy statement as it stands in a template whose intrinsics are resolved. */
export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action?: OneOrMany;
  readonly NotAction?: OneOrMany;
  readonly Resource?: OneOrMany;
  readonly NotResource?: OneOrMany;
  readonly Principal?: '*' | Readonly<Record<string, OneOrMany>>;
  readonly NotPrincipal?: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface AccessRequest {
  readonly action: string;
  readonly resource: string;
  /** Condition keys that the service sets. */
  readonly context?: Context;
  /** Who asks, for statements with a Principal (trust, bucket and queue policies): a service name, an account or a role ARN. */
  readonly principal?: string;
}

/** True when a statement allows the request and none denies it. */
export function isAllowed(statements: readonly Statement[], request: AccessRequest): boolean {
  const effects = statements.filter((statement) => applies(statement, request)).map((statement) => statement.Effect);
  return effects.includes('Allow') && !effects.includes('Deny');
}

function applies(statement: Statement, request: AccessRequest): boolean {
  return matchesAction(statement, request.action)
    && matchesResource(statement, request.resource)
    && matchesPrincipal(statement, request.principal)
    && matchesConditions(statement.Condition ?? {}, request.context ?? {});
}

function matchesAction(statement: Statement, action: string): boolean {
  const matches = (pattern: string) => wildcardMatches(pattern.toLowerCase(), action.toLowerCase());
  return matchesEither('Action', statement.Action, statement.NotAction, matches);
}

function matchesResource(statement: Statement, resource: string): boolean {
  // A trust policy has no Resource: it is about the role that it is attached to.
  if (statement.Principal !== undefined && statement.Resource === undefined && statement.NotResource === undefined) return true;
  return matchesEither('Resource', statement.Resource, statement.NotResource, (pattern) => arnMatches(pattern, resource));
}

function matchesEither(name: string, value: unknown, not: unknown, matches: (pattern: string) => boolean): boolean {
  if ((value === undefined) === (not === undefined)) {
    throw new Error(`a policy statement needs either ${name} or Not${name}`);
  }
  return value === undefined ? !strings(`Not${name}`, not).some(matches) : strings(name, value).some(matches);
}

function matchesPrincipal(statement: Statement, principal: string | undefined): boolean {
  if (statement.NotPrincipal !== undefined) throw new Error('NotPrincipal is not evaluated by the local run');
  if (statement.Principal === undefined) return true;
  if (statement.Principal === '*') return true;
  if (principal === undefined) throw new Error('a statement with a Principal is evaluated only for a known principal');
  return Object.values(statement.Principal).some((value) => strings('Principal', value).some((one) => one === '*' || one === principal));
}

/** Refuses what is no plain string: an unresolved intrinsic or a policy variable must not pass as "does not match". */
function strings(name: string, value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).map((one: unknown) => {
    if (typeof one !== 'string') throw new Error(`${name} in a policy statement is not a string: ${JSON.stringify(one)}`);
    if (one.includes('${')) throw new Error(`policy variables are not evaluated by the local run: ${one}`);
    return one;
  });
}
