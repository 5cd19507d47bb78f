import { RefusedError } from '../errors';
import { Json, TemplateResource, isObject } from './model';

/** Logical ids that a value refers to, by Ref, Fn::GetAtt and Fn::Sub. */
export function referencesIn(value: Json): string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, argument]) => {
    if (key === 'Ref' && typeof argument === 'string') return [argument];
    if (key === 'Fn::GetAtt') return [String(Array.isArray(argument) ? argument[0] : argument).split('.')[0] ?? ''];
    if (key === 'Fn::Sub') return [...inFormat(Array.isArray(argument) ? argument[0] ?? null : argument), ...referencesIn(argument)];
    return referencesIn(argument);
  });
}

function inFormat(format: Json): string[] {
  if (typeof format !== 'string') return [];
  return [...format.matchAll(/\$\{([^!}][^}]*)\}/g)].map((match) => (match[1] ?? '').split('.')[0] ?? '');
}

/** Each resource after everything that it refers to or depends on; otherwise in the order of the template. */
export function creationOrder(resources: Readonly<Record<string, TemplateResource>>): string[] {
  const order = new Set<string>();
  const visit = (id: string, trail: readonly string[]): void => {
    if (order.has(id)) return;
    if (trail.includes(id)) throw new RefusedError(id, `circular dependency: ${[...trail, id].join(' -> ')}`);
    for (const needed of needs(resources[id])) {
      if (Object.hasOwn(resources, needed)) visit(needed, [...trail, id]);
    }
    order.add(id);
  };
  Object.keys(resources).forEach((id) => visit(id, []));
  return [...order];
}

function needs(resource: TemplateResource | undefined): string[] {
  return [...referencesIn(resource?.Properties ?? {}), ...[resource?.DependsOn ?? []].flat()];
}
