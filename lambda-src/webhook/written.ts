import { Refusal } from './request';
import type { Format } from '../formats';

/** One message, or an envelope of several: what it says, and how it was written. */
export interface Written {
  readonly body: unknown;
  readonly text: string;
}

/** The most messages in one request; ours, so that nobody's request keeps the function busy for ever. Segment's webhooks send up to 4,000. */
export const MAX_MESSAGES = 10_000;

export const tooMany = (): Refusal => new Refusal(413, 'TooManyMessages', `a request takes at most ${MAX_MESSAGES} messages`);

export function parse(text: string, { parse: read = JSON.parse }: Pick<Format, 'parse'>): unknown {
  try {
    return read(text);
  } catch {
    throw new Refusal(400, 'NotJson', 'the body is not JSON');
  }
}

/** JSON.parse takes what is nested as deep as a body is long; JSON.stringify does not. */
export function textOf(body: unknown): string {
  try {
    return JSON.stringify(body);
  } catch {
    throw new Refusal(400, 'TooDeep', 'the body is nested too deeply');
  }
}
