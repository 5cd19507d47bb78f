import type { AcquireRequest, ControlDeps } from './core';
import { isHeldByOther, Lease, SegmentDocument, segmentKey, SlotDocument, slotKey } from './leases';
import type { Documents, Stored } from '../segment-import/documents';
import type { ReadyImport } from '../segment-import/import-document';
import { compareOrder } from '../segment-import/order';
import { RetryableError } from '../segment-import/s3-error';

/** The answer to an import that wants to begin. */
export type Grant =
  | { readonly answer: 'granted'; readonly request: object; readonly deadline: string }
  | { readonly answer: 'wait' | 'superseded' | 'expired' };

/** Changes that may come between reading and writing a document; each of them is another execution's progress. */
const MAX_ATTEMPTS = 8;
/** The report comes after the deadline of the job, with its retries. */
const REPORT_MILLIS = 30 * 60_000;

/**
 * One job per segment at a time, and no more at once than the account may have. Asking again is no harm: what an execution
 * holds it gets again.
 */
export async function acquire(deps: ControlDeps, { execution, startedAt, import: list }: AcquireRequest, now: Date): Promise<Grant> {
  const { config, documents, jobs } = deps;
  const deadline = now.getTime() + config.jobTimeoutSeconds * 1000;
  const lease: Lease = { execution, importId: list.importId, expiresAt: new Date(deadline + REPORT_MILLIS).toISOString() };
  const locked = await lockSegment(documents, list, lease, now);
  if (locked === 'superseded') return { answer: 'superseded' };
  if (locked !== 'busy' && await takeSlot(documents, config.maxConcurrentJobs, lease, now)) {
    return { answer: 'granted', request: jobs.request(list, locked.segmentId), deadline: new Date(deadline).toISOString() };
  }
  if (locked !== 'busy') await unlockSegment(documents, list.segment, execution);
  const waited = now.getTime() - new Date(startedAt).getTime();
  return { answer: waited > config.waitTimeoutSeconds * 1000 ? 'expired' : 'wait' };
}

async function lockSegment(
  documents: Documents, { segment, order }: ReadyImport, lock: Lease, now: Date,
): Promise<SegmentDocument | 'busy' | 'superseded'> {
  const key = segmentKey(segment);
  const fresh: SegmentDocument = { version: 1, segment, order, lock };
  if (await documents.create(key, fresh)) return fresh;
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const { document, etag } = await documents.read<SegmentDocument>(key);
    if (compareOrder(document.order, order) > 0) return 'superseded';
    if (isHeldByOther(document.lock, lock.execution, now)) return 'busy';
    const mine = { ...document, order, lock };
    if (await documents.replace(key, mine, etag)) return mine;
  }
  throw new RetryableError('the segment changes too often');
}

/** Frees the segment, if it is this execution that holds it, and remembers the id that a job gave it: even late, or the next job makes another. */
export async function unlockSegment(documents: Documents, segment: string, execution: string, segmentId?: string): Promise<void> {
  const key = segmentKey(segment);
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const { document: { lock, ...rest }, etag } = await documents.read<SegmentDocument>(key);
    const isMine = lock?.execution === execution;
    const learns = segmentId !== undefined && (isMine || rest.segmentId === undefined);
    if (!isMine && !learns) return;
    if (await documents.replace(key, { ...rest, ...learns && { segmentId }, ...!isMine && { lock } }, etag)) return;
  }
  throw new RetryableError('the segment changes too often');
}

async function takeSlot(documents: Documents, slots: number, holder: Lease, now: Date): Promise<boolean> {
  const seen: (Stored<SlotDocument> & { readonly key: string })[] = [];
  for (let index = 0; index < slots; index += 1) {
    const key = slotKey(index);
    await documents.create(key, { version: 1 } satisfies SlotDocument);
    seen.push({ key, ...await documents.read<SlotDocument>(key) });
  }
  // One's own comes first, or an answer that got lost would cost a second place.
  const rank = ({ document }: Stored<SlotDocument>) => document.holder?.execution === holder.execution ? 0 : 1;
  const free = seen.filter(({ document }) => !isHeldByOther(document.holder, holder.execution, now)).sort((a, b) => rank(a) - rank(b));
  for (const { key, etag } of free) {
    if (await documents.replace(key, { version: 1, holder }, etag)) return true;
  }
  return false;
}
