import { Member, Shape } from './sdk-model';

export interface ValidatorOptions {
  /** The values that a member may have, as far as they are known. */
  readonly enumOf: (member: string) => readonly string[] | undefined;
  /** The service's error for a member that doesn't fit. */
  readonly refuse: (message: string) => Error;
}

/**
 * Throws an error that names the first member that doesn't fit. Stricter than a service may be: an unknown member and a
 * `null` are refused, because what the service does with them is not documented.
 */
export class Validator {
  public constructor(private readonly options: ValidatorOptions) {}

  public validate(shape: Shape, value: unknown, path: string): void {
    switch (shape.kind) {
      case 'structure': return this.structure(shape.members, value, path);
      case 'list': return this.list(shape, value, path);
      case 'map': return Object.entries(this.record(value, path)).forEach(([key, one]) => this.validate(shape.of(), one, `${path}.${key}`));
      case 'number': return this.check(typeof value === 'number' && Number.isFinite(value), path, 'a number', value);
      default: return this.check(typeof value === shape.kind, path, `a ${shape.kind}`, value);
    }
  }

  public structure(members: readonly Member[], value: unknown, path: string): void {
    const given = this.record(value, path);
    const unknown = Object.keys(given).find((key) => !members.some(({ name }) => name === key));
    if (unknown !== undefined) throw this.options.refuse(`${path}.${unknown}: unknown member`);
    for (const { name, required, shape } of members) {
      if (given[name] !== undefined) {
        this.validate(shape(), given[name], `${path}.${name}`);
        this.enum(name, given[name], `${path}.${name}`);
      } else if (required) {
        throw this.options.refuse(`${path}.${name}: missing required member`);
      }
    }
  }

  private list(shape: Extract<Shape, { kind: 'list' | 'map' }>, value: unknown, path: string): void {
    if (!Array.isArray(value)) throw this.mismatch(path, 'a list', value);
    value.forEach((one: unknown, index) => this.validate(shape.of(), one, `${path}[${index}]`));
  }

  private enum(member: string, value: unknown, path: string): void {
    const allowed = typeof value === 'string' ? this.options.enumOf(member) : undefined;
    if (allowed) this.check(allowed.includes(String(value)), path, `one of ${allowed.join(', ')}`, value);
  }

  private record(value: unknown, path: string): Record<string, unknown> {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw this.mismatch(path, 'an object', value);
    return value as Record<string, unknown>;
  }

  private check(holds: boolean, path: string, expected: string, value: unknown): void {
    if (!holds) throw this.mismatch(path, expected, value);
  }

  private mismatch(path: string, expected: string, value: unknown): Error {
    return this.options.refuse(`${path}: expected ${expected}, got ${(JSON.stringify(value) ?? 'nothing').slice(0, 80)}`);
  }
}
