import type { EngagementEvent } from '../engagement';
import type { Outcome } from '../model';

/** An event in the words of a destination. */
export interface Item {
  readonly id: string;
  /** Whom it is about: what is about one user keeps its order. */
  readonly user: string;
  /** JSON of the item, and its size in bytes as UTF-8. */
  readonly text: string;
  readonly bytes: number;
  /** What the destination says once for several items of one user. */
  readonly head?: string;
}

/** What one request may hold. */
export interface Limits {
  readonly items: number;
  readonly bytes: number;
  readonly itemBytes: number;
  /** Bytes of a request that hold no item, and those that each item needs beside its own. */
  readonly envelopeBytes: number;
  readonly perItemBytes: number;
  /** Requests that may be on their way at once. */
  readonly inFlight: number;
}

/** What became of a request. */
export type Answer =
  | { readonly kind: 'done' }
  /** Each of its items has an outcome of its own. */
  | { readonly kind: 'each'; readonly outcomes: readonly Outcome[]; readonly throttled?: boolean }
  /** It is refused for what is in it, and nothing of it was taken. */
  | { readonly kind: 'items'; readonly code: string; readonly reason: string }
  /** It may work later; `afterMillis` when the destination says how much later. */
  | { readonly kind: 'retry'; readonly code: string; readonly afterMillis?: number; readonly throttled?: boolean };

export const ALL_DONE: Answer = { kind: 'done' };

/** One kind of destination: its words, its limits, and how a request gets there. */
export interface DestinationAdapter {
  readonly limits: Limits;
  /** Pure. */
  encode(event: EngagementEvent): Item;
  /** Sends one request. Throws only a DeploymentError: when nothing that is sent could get there. */
  send(items: readonly Item[], deadline: number): Promise<Answer>;
}

export function itemOf(event: EngagementEvent, body: object, head?: string): Item {
  const text = JSON.stringify(body);
  const bytes = Buffer.byteLength(text) + (head === undefined ? 0 : Buffer.byteLength(head));
  return { id: event.id, user: event.userId ?? event.endpointId ?? '', text, bytes, head };
}

export function joined(items: readonly Item[]): string {
  let text = items[0].text;
  for (let index = 1; index < items.length; index += 1) text += `,${items[index].text}`;
  return text;
}
