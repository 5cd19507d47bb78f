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
 * holds it gets again, with a new deadline. What an answer other than `granted` leaves held is freed by the report.
 */
export async function acquire(deps: ControlDeps, { execution, startedAt, import: list }: AcquireRequest, now: Date): Promise<Grant> {
  const { config, documents, jobs } = deps;
  const deadline = now.getTime() + config.jobTimeoutSeconds * 1000;
  const lease: Lease = { execution, importId: list.importId, expiresAt: new Date(deadline + REPORT_MILLIS).toISOString() };
  const waited = now.getTime() - new Date(startedAt).getTime();
  if (waited > config.waitTimeoutSeconds * 1000) return { answer: 'expired' };
  const key = segmentKey(jobs.scope, list.segment);
  const locked = await lockSegment(documents, key, list, lease, now);
  if (locked === 'superseded') return { answer: 'superseded' };
  if (locked !== 'busy' && await takeSlot(documents, config.maxConcurrentJobs, lease, now)) {
    return { answer: 'granted', request: jobs.request(list, locked.segmentId), deadline: new Date(deadline).toISOString() };
  }
  if (locked !== 'busy') await unlockSegment(documents, key, execution);
  return { answer: 'wait' };
}

async function lockSegment(
  documents: Documents, key: string, { segment, order }: ReadyImport, lock: Lease, now: Date,
): Promise<SegmentDocument | 'busy' | 'superseded'> {
  const fresh: SegmentDocument = { version: 1, segment, order, lock };
  if (await documents.create(key, fresh)) return fresh;
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const { document, etag } = await documents.read<SegmentDocument>(key);
    if (compareOrder(document.order, order) > 0) return 'superseded';
    if (isHeldByOther(document.lock, lock.execution, now)) {
      // From now on, older ones that wait, or that the service has no room for, step back.
      if (compareOrder(document.order, order) === 0 || await documents.replace(key, { ...document, order }, etag)) return 'busy';
      continue;
    }
    const mine = { ...document, order, lock };
    if (await documents.replace(key, mine, etag)) return mine;
  }
  throw new RetryableError('the segment changes too often');
}

/** The id that a job gave the segment; `gone`: the target knows the remembered one no longer. */
export type Learned = string | 'gone' | undefined;

/** Frees the segment, if it is this execution that holds it, and remembers the id that a job gave it: even late, or the next job makes another. */
export async function unlockSegment(documents: Documents, key: string, execution: string, learned?: Learned): Promise<void> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const stored = await documents.find<SegmentDocument>(key);
    if (stored === undefined) return;
    const { lock, segmentId, ...rest } = stored.document;
    const isMine = lock?.execution === execution;
    const learns = learned !== undefined && (isMine || segmentId === undefined && learned !== 'gone');
    if (!isMine && !learns) return;
    const known = !learns ? segmentId : learned === 'gone' ? undefined : learned;
    if (await documents.replace(key, { ...rest, ...known !== undefined && { segmentId: known }, ...!isMine && { lock } }, stored.etag)) return;
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
    // Also refused is a second try after an answer that got lost; then the place is one's own, and another would be one too many.
    const { document } = await documents.read<SlotDocument>(key);
    if (document.holder?.execution === holder.execution) return true;
  }
  return false;
}
