import { WORK_AREAS } from '../../src/contract/segment-import';
import type { Order } from '../segment-import/order';
import { segmentDigest } from '../segment-import/segment-digest';

/** Something that one execution holds for a time; a crashed one holds nothing for ever. */
export interface Lease {
  readonly execution: string;
  readonly importId: string;
  /** ISO 8601. */
  readonly expiresAt: string;
}

/** What is known of a segment. */
export interface SegmentDocument {
  readonly version: 1;
  readonly segment: string;
  /** The newest export that ever asked to be admitted: an older one may no longer overwrite it. */
  readonly order: Order;
  /** Id in the target, once a job made the segment. */
  readonly segmentId?: string;
  readonly lock?: Lease;
}

/** One of the places for jobs that run at once. */
export interface SlotDocument {
  readonly version: 1;
  readonly holder?: Lease;
}

export const segmentKey = (scope: string, segment: string): string => `${WORK_AREAS.SEGMENTS}/${segmentDigest(scope, segment)}.json`;

export const slotKey = (index: number): string => `${WORK_AREAS.SLOTS}/${index}.json`;

export const isHeldByOther = (lease: Lease | undefined, execution: string, now: Date): boolean =>
  lease !== undefined && lease.execution !== execution && new Date(lease.expiresAt) > now;
