import type { Notification } from './notification';

/** Where an export stands among those of its segment. */
export interface Order {
  readonly time: string;
  readonly key: string;
  readonly sequencer: string;
}

export const orderOf = ({ time, key, sequencer }: Notification): Order => ({ time, key, sequencer });

/**
 * Below 0: a is older. Of one key the sequencer decides, the shorter one padded with zeros on its left, as S3 documents; it says
 * nothing about two keys, of which the later second is the newer, and in one second the name that sorts behind.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 */
export function compareOrder(a: Order, b: Order): number {
  if (a.key !== b.key) return compare(a.time, b.time) || compare(a.key, b.key);
  const length = Math.max(a.sequencer.length, b.sequencer.length);
  const padded = ({ sequencer }: Order) => sequencer.toUpperCase().padStart(length, '0');
  return compare(padded(a), padded(b)) || compare(a.time, b.time);
}

const compare = (a: string, b: string): number => a < b ? -1 : a > b ? 1 : 0;
