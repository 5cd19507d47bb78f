import { createHash } from 'node:crypto';

/** In keys, since the name of a segment may hold anything; of each place in the target by itself, since an id says nothing in another. */
export function segmentDigest(scope: string, segment: string): string {
  return createHash('sha256').update(JSON.stringify([scope, segment])).digest('hex').slice(0, 32);
}
