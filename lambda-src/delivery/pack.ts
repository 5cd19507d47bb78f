import type { Item, Limits } from '../destinations/destination';

/** Requests in the order of the items, each as full as the limits allow. */
export function packItems<T extends Item>(items: readonly T[], limits: Limits): T[][] {
  const requests: T[][] = [];
  let start = 0;
  let bytes = limits.envelopeBytes;
  for (let index = 0; index < items.length; index += 1) {
    const size = items[index].bytes + limits.perItemBytes;
    if (index > start && (index - start >= limits.items || bytes + size > limits.bytes)) {
      requests.push(items.slice(start, index));
      start = index;
      bytes = limits.envelopeBytes;
    }
    bytes += size;
  }
  if (start < items.length) requests.push(items.slice(start));
  return requests;
}
