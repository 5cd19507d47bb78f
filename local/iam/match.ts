const ARN_FIELDS = 6;

/** IAM wildcards: `*` for any characters, `?` for exactly one. */
export function wildcardMatches(pattern: string, value: string): boolean {
  const source = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*').replace(/\?/g, '.');
  return new RegExp(`^${source}$`, 's').test(value);
}

/**
 * Compares ARNs field by field, as IAM does for Resource and for ArnLike: a wildcard stays inside its field, fields
 * that a pattern leaves out match anything, and only the last field (the resource) may contain colons.
 */
export function arnMatches(pattern: string, arn: string): boolean {
  if (pattern === '*') return true;
  const patterns = arnFields(pattern);
  const values = arnFields(arn);
  if (patterns.length > values.length) return false;
  return values.every((value, index) => wildcardMatches(patterns[index] ?? '*', value));
}

function arnFields(arn: string): string[] {
  const fields = arn.split(':');
  return [...fields.slice(0, ARN_FIELDS - 1), ...(fields.length < ARN_FIELDS ? [] : [fields.slice(ARN_FIELDS - 1).join(':')])];
}
