const LOOSE = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{1,2}):(\d{1,2})(?::(\d{1,2})(\.\d+)?)?)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?$/i;
/** What `toISOString` writes, and nearly every CDP. Days that not every month has are left to be checked. */
const CANONICAL = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;
/** Without a year in it, Date.parse takes `week 5` for a day in 2001. */
const YEAR = /\b\d{4}\b/;
const SECONDS_BELOW = 1e11;

/**
 * A CDP's timestamp as ISO 8601, or undefined. Lenient, since published examples are: one-digit months and days, a space for the T,
 * no zone (taken as UTC), seconds or milliseconds since 1970.
 */
export function isoTimestamp(raw: unknown): string | undefined {
  if (typeof raw === 'number') return fromMillis(raw < SECONDS_BELOW ? raw * 1000 : raw);
  if (typeof raw !== 'string') return undefined;
  if (CANONICAL.test(raw)) return raw;
  if (/^\d{9,13}$/.test(raw)) return isoTimestamp(Number(raw));
  const loose = LOOSE.exec(raw.trim());
  if (!loose && !YEAR.test(raw)) return undefined;
  return fromMillis(Date.parse(loose ? strict(loose) : raw));
}

function strict([, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone = 'Z']: string[]): string {
  const two = (part: string) => part.padStart(2, '0');
  const offset = zone.length < 3 ? 'Z' : `${zone.slice(0, 3)}:${zone.slice(3).replace(':', '') || '00'}`;
  return `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}${fraction.slice(0, 4)}${offset}`;
}

function fromMillis(millis: number): string | undefined {
  const date = new Date(millis);
  return Number.isNaN(date.getTime()) || date.getUTCFullYear() < 0 || date.getUTCFullYear() > 9999 ? undefined : date.toISOString();
}
