import { BadRequest } from './errors';
import { enumOf, Member, Shape } from './schema';

/** Enums that the documentation has (API reference, EndpointRequest) and the model doesn't. */
const DOCUMENTED_ENUMS: Readonly<Record<string, readonly string[]>> = {
  EndpointStatus: ['ACTIVE', 'INACTIVE'],
  OptOut: ['ALL', 'NONE'],
};

/**
 * Throws a 400 that names the first member that doesn't fit. Stricter than the service may be: an unknown member and a
 * `null` are refused, because what the service does with them is not documented.
 */
export function validate(shape: Shape, value: unknown, path: string): void {
  switch (shape.kind) {
    case 'structure': return validateStructure(shape.members, value, path);
    case 'list': return validateList(shape, value, path);
    case 'map': return Object.entries(record(value, path)).forEach(([key, one]) => validate(shape.of(), one, `${path}.${key}`));
    case 'number': return check(typeof value === 'number' && Number.isFinite(value), path, 'a number', value);
    default: return check(typeof value === shape.kind, path, `a ${shape.kind}`, value);
  }
}

function validateList(shape: Extract<Shape, { kind: 'list' | 'map' }>, value: unknown, path: string): void {
  if (!Array.isArray(value)) throw mismatch(path, 'a list', value);
  value.forEach((one: unknown, index) => validate(shape.of(), one, `${path}[${index}]`));
}

function validateStructure(members: readonly Member[], value: unknown, path: string): void {
  const given = record(value, path);
  const unknown = Object.keys(given).find((key) => !members.some(({ name }) => name === key));
  if (unknown !== undefined) throw new BadRequest(`${path}.${unknown}: unknown member`);
  for (const { name, required, shape } of members) {
    if (given[name] !== undefined) {
      validate(shape(), given[name], `${path}.${name}`);
      validateEnum(name, given[name], `${path}.${name}`);
    } else if (required) {
      throw new BadRequest(`${path}.${name}: missing required member`);
    }
  }
}

function validateEnum(member: string, value: unknown, path: string): void {
  const allowed = typeof value === 'string' ? DOCUMENTED_ENUMS[member] ?? enumOf(member) : undefined;
  if (allowed) check(allowed.includes(String(value)), path, `one of ${allowed.join(', ')}`, value);
}

function record(value: unknown, path: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw mismatch(path, 'an object', value);
  return value as Record<string, unknown>;
}

function check(holds: boolean, path: string, expected: string, value: unknown): void {
  if (!holds) throw mismatch(path, expected, value);
}

function mismatch(path: string, expected: string, value: unknown): BadRequest {
  return new BadRequest(`${path}: expected ${expected}, got ${(JSON.stringify(value) ?? 'nothing').slice(0, 80)}`);
}
