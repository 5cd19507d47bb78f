/**
 * What an HTTP status says of a request: its content was taken, is refused, may be taken later, or whoever sends it is refused.
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-15
 */
export type Verdict = 'done' | 'items' | 'retry' | 'auth' | 'config';

const VERDICTS: Readonly<Record<number, Verdict>> = {
  401: 'auth',
  403: 'auth',
  // The address or the method is wrong, so that no content helps.
  404: 'config',
  405: 'config',
  410: 'config',
  408: 'retry',
  409: 'retry',
  423: 'retry',
  425: 'retry',
  429: 'retry',
};

export function verdictOf(status: number): Verdict {
  if (status >= 200 && status < 300) return 'done';
  return VERDICTS[status] ?? (status >= 500 ? 'retry' : status >= 400 ? 'items' : 'config');
}

const SECONDS = /^\d+(?:\.\d+)?$/;

/** Milliseconds to wait, from seconds or an HTTP date; undefined when the header is missing or says nothing. */
export function retryAfterMillis(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  const text = header.trim();
  const millis = SECONDS.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isNaN(millis) ? undefined : Math.max(0, millis);
}
