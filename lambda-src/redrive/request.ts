import { isoTimestamp } from '../runtime/timestamp';

/** What the redrive function is invoked with. */
export interface RedriveRequest {
  /** Start of the time range in which the dead letters were written; inclusive. */
  readonly from: Date;
  /** End of it; exclusive. */
  readonly to: Date;
}

/** `{ "from": "2026-11-23T00:00:00Z", "to": "2026-11-24T00:00:00Z" }`; without `to`, up to now. */
export function parseRequest(raw: unknown, now: Date): RedriveRequest {
  const { from, to } = (typeof raw === 'object' && raw !== null ? raw : {}) as Record<string, unknown>;
  // S3 dates objects by the whole second.
  const range = { from: new Date(Math.floor(date(from, 'from').getTime() / 1000) * 1000), to: to === undefined ? now : date(to, 'to') };
  if (range.from >= range.to) throw new Error('"from" must be before "to"');
  return range;
}

function date(raw: unknown, name: string): Date {
  const iso = typeof raw === 'string' ? isoTimestamp(raw) : undefined;
  if (iso === undefined) throw new Error(`"${name}" must be a date and time such as 2026-11-23T00:00:00Z`);
  return new Date(iso);
}
