import { Labels } from './operation';
import { OPERATIONS, OperationSchema } from './schema';

export interface Route {
  readonly schema: OperationSchema;
  readonly labels: Labels;
}

/** Finds the operation of the model that a request is for. Matched before decoding, for a label may contain an encoded slash. */
export function matchRoute(method: string, rawPath: string): Route | undefined {
  const segments = rawPath.split('/');
  for (const schema of OPERATIONS) {
    const labels = schema.method === method ? matchPath(schema.path.split('/'), segments) : undefined;
    if (labels) return { schema, labels };
  }
  return undefined;
}

function matchPath(template: readonly string[], segments: readonly string[]): Labels | undefined {
  if (template.length !== segments.length) return undefined;
  const labels: Record<string, string> = {};
  for (const [index, part] of template.entries()) {
    const segment = decodeURIComponent(segments[index] ?? '');
    if (part.startsWith('{')) labels[part.slice(1, -1)] = segment;
    else if (part !== segment) return undefined;
  }
  return labels;
}
