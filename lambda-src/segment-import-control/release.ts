import { Learned, unlockSegment } from './acquire';
import type { ControlDeps, ReportRequest } from './core';
import { segmentKey, SlotDocument, slotKey } from './leases';
import type { Report } from './report';
import type { Documents } from '../segment-import/documents';
import { RetryableError } from '../segment-import/s3-error';

/**
 * Frees whatever the execution holds, also when it failed halfway through its admission. Not everything that could be held has
 * been made yet: an admission may have ended early, and a deployment may have added slots.
 */
export async function release(deps: ControlDeps, { execution, state }: ReportRequest, { segment, job }: Report): Promise<void> {
  const { config, documents, jobs } = deps;
  if (state.import?.status !== 'ready') return;
  const isGone = state.grant?.answer === 'granted' && job === undefined && jobs.isSegmentGone(state.error?.Error);
  // Whether a job that failed has made its segment is not documented; an id of none would let every later job fail too.
  const learned: Learned = isGone ? 'gone' : job?.ended === 'failed' ? undefined : job?.segmentId;
  await unlockSegment(documents, segmentKey(jobs.scope, segment), execution, learned);
  for (let index = 0; index < config.maxConcurrentJobs; index += 1) await releaseSlot(documents, slotKey(index), execution);
}

async function releaseSlot(documents: Documents, key: string, execution: string): Promise<void> {
  const stored = await documents.find<SlotDocument>(key);
  if (stored?.document.holder?.execution !== execution) return;
  // Nobody else writes to a slot that is held, unless the lease is over and the slot another's.
  const released = await documents.replace(key, { version: 1 } satisfies SlotDocument, stored.etag);
  if (!released) throw new RetryableError('the slot changed');
}
