/* eslint-disable no-bitwise -- Smithy's schemas are bit vectors */
/**
 * A readable view of the schemas that the SDK client exports (Smithy's static schema arrays), so that routes, members,
 * required members and types come from the model of the service and are not written by hand.
 */
export type Shape =
  | { readonly kind: 'string' | 'number' | 'boolean' }
  | { readonly kind: 'list' | 'map'; readonly of: () => Shape }
  | { readonly kind: 'structure'; readonly name: string; readonly members: readonly Member[] };

export interface Member {
  readonly name: string;
  readonly required: boolean;
  /** Bit vector or object; see `HTTP_PAYLOAD`. */
  readonly traits: unknown;
  readonly shape: () => Shape;
}

export interface OperationSchema {
  readonly name: string;
  readonly method: string;
  /** With `{Label}` segments. */
  readonly path: string;
  readonly status: number;
  /** The body; undefined for an operation without one. */
  readonly payload?: Member;
  /** What the body holds when no member is the body: all members that are not in the path or the query. */
  readonly body: readonly Member[];
}

const SIMPLE_ID = 0;
const LIST_ID = 1;
const MAP_ID = 2;
const STRUCTURE_IDS: readonly unknown[] = [3, 4, -3]; // structure, union, error
const OPERATION_ID = 9;

const LIST_BIT = 0b0100_0000;
const MAP_BIT = 0b1000_0000;
const HTTP_LABEL = 0b0000_0001;
const HTTP_PAYLOAD = 0b0001_0000;
const SIMPLE_KINDS: Readonly<Record<number, 'string' | 'number' | 'boolean'>> = { 0: 'string', 1: 'number', 2: 'boolean' };

export function shapeOf(ref: unknown): Shape {
  if (typeof ref === 'function') return shapeOf((ref as () => unknown)());
  if (typeof ref === 'number') return shapeOfNumber(ref);
  if (!Array.isArray(ref)) throw new Error(`unknown SDK schema: ${String(ref)}`);
  // A member that carries traits is a pair [schema, traits]; a schema of its own has its namespace in that place.
  if (typeof ref[1] !== 'string') return shapeOf(ref[0]);
  if (ref[0] === SIMPLE_ID) return shapeOf(ref[4]);
  if (ref[0] === LIST_ID) return { kind: 'list', of: () => shapeOf(ref[4]) };
  if (ref[0] === MAP_ID) return { kind: 'map', of: () => shapeOf(ref[5]) };
  if (STRUCTURE_IDS.includes(ref[0])) return { kind: 'structure', name: String(ref[2]), members: membersOf(ref) };
  throw new Error(`unknown SDK schema type ${String(ref[0])} of ${String(ref[2])}`);
}

function shapeOfNumber(bits: number): Shape {
  if (bits & LIST_BIT) return { kind: 'list', of: () => shapeOf(bits & ~LIST_BIT) };
  if (bits & MAP_BIT) return { kind: 'map', of: () => shapeOf(bits & ~MAP_BIT) };
  const kind = SIMPLE_KINDS[bits];
  if (!kind) throw new Error(`unknown SDK schema number ${bits}`); // Nothing that is emulated has timestamps, blobs or documents.
  return { kind };
}

/** `[id, namespace, name, traits, member names, member schemas, how many of the first are required]` */
function membersOf(schema: readonly unknown[]): Member[] {
  const [names, refs, required] = [schema[4] as string[], schema[5] as unknown[], (schema[6] as number | undefined) ?? 0];
  return names.map((name, index) => {
    const ref = refs[index];
    const traits: unknown = Array.isArray(ref) && typeof ref[1] !== 'string' ? ref[1] : 0;
    return { name, required: index < required, traits, shape: () => shapeOf(ref) };
  });
}

const isQuery = (traits: unknown): boolean => typeof traits === 'object' && traits !== null && 'httpQuery' in traits;

function operationOf(schema: readonly unknown[]): OperationSchema {
  const { http } = schema[3] as { http: [string, string, number] };
  const input = shapeOf(schema[4]);
  const members = input.kind === 'structure' ? input.members : [];
  const payload = members.find(({ traits }) => typeof traits === 'number' && (traits & HTTP_PAYLOAD) !== 0);
  const body = members.filter(({ traits }) => !(typeof traits === 'number' ? traits & HTTP_LABEL : isQuery(traits)));
  return { name: String(schema[2]), method: http[0], path: http[1], status: http[2], payload, body };
}

/** What an SDK client exports, as the emulated service needs it. */
export interface SdkModel {
  /** Every operation of the service, also those that we don't emulate. */
  readonly operations: readonly OperationSchema[];
  /** The service's exception per HTTP status: 400 → BadRequestException. */
  readonly exceptions: Readonly<Record<number, string>>;
  /** The shape of that name. */
  shape(name: string): Shape;
  /** The SDK exports an enum as an object whose keys are its values, under the name that the members of its type have. */
  enumOf(member: string): readonly string[] | undefined;
}

export function modelOf(sdk: object): SdkModel {
  const schemas = Object.values<unknown>(sdk as Record<string, unknown>).filter((value): value is unknown[] => Array.isArray(value));
  return {
    operations: schemas.filter((schema) => schema[0] === OPERATION_ID).map(operationOf),
    exceptions: Object.fromEntries(schemas.filter((schema) => schema[0] === -3 && typeof schema[3] === 'object')
      .map((schema) => [(schema[3] as { httpError: number }).httpError, String(schema[2])])),
    shape: (name) => shapeOf(schemas.find((schema) => STRUCTURE_IDS.includes(schema[0]) && schema[2] === name)),
    enumOf: (member) => {
      const found: unknown = member in sdk ? sdk[member as keyof typeof sdk] : undefined;
      if (typeof found !== 'object' || found === null || Array.isArray(found)) return undefined;
      return Object.values(found).filter((value): value is string => typeof value === 'string');
    },
  };
}

export interface Route {
  readonly schema: OperationSchema;
  /** The `{Labels}` of the path, decoded. */
  readonly labels: Readonly<Record<string, string>>;
}

/** Finds the operation of the model that a request is for. Matched before decoding, for a label may contain an encoded slash. */
export function matchRoute(operations: readonly OperationSchema[], method: string, rawPath: string): Route | undefined {
  const segments = rawPath.split('/');
  for (const schema of operations) {
    const labels = schema.method === method ? matchPath(schema.path.split('/'), segments) : undefined;
    if (labels) return { schema, labels };
  }
  return undefined;
}

function matchPath(template: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  if (template.length !== segments.length) return undefined;
  const labels: Record<string, string> = {};
  for (const [index, part] of template.entries()) {
    const segment = decodeURIComponent(segments[index] ?? '');
    if (part.startsWith('{')) labels[part.slice(1, -1)] = segment;
    else if (part !== segment) return undefined;
  }
  return labels;
}
