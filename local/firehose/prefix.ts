/**
 * Custom prefixes of S3 objects: `!{timestamp:<Java date format>}`, in UTC.
 * @see https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html
 */
const EXPRESSION = /!\{(\w+):([^}]*)\}/g;
const DATE_FORMAT = /^(yyyy|MM|dd|HH|mm|ss|'[^']*'|[^A-Za-z'])*$/;
const PARTS: Readonly<Record<string, [number, number]>> = { yyyy: [0, 4], MM: [5, 7], dd: [8, 10], HH: [11, 13], mm: [14, 16], ss: [17, 19] };

/** The first expression that is not evaluated; undefined when all are. */
export function unknownExpression(prefix: string): string | undefined {
  return [...prefix.matchAll(EXPRESSION)].find(([, namespace, format = '']) => namespace !== 'timestamp' || !DATE_FORMAT.test(format))?.[0];
}

/** Without an expression the date is put behind the prefix, as the service does. */
export function evaluatePrefix(prefix: string, at: Date): string {
  const format = prefix.includes('!{') ? prefix : `${prefix}!{timestamp:yyyy/MM/dd/HH}/`;
  return format.replace(EXPRESSION, (_all, _namespace: string, date: string) => formatted(date, at));
}

function formatted(format: string, at: Date): string {
  const iso = at.toISOString();
  return format.replace(/yyyy|MM|dd|HH|mm|ss|'([^']*)'/g, (part, literal?: string) => literal ?? iso.slice(...PARTS[part]!));
}
