import { unlockSegment } from './acquire';
import type { ReportRequest } from './core';
import { SlotDocument, slotKey } from './leases';
import type { Report } from './report';
import type { Documents } from '../segment-import/documents';
import { RetryableError } from '../segment-import/s3-error';

/** Only what was granted can be held; everything else has no document to read. */
export async function release(documents: Documents, { execution, state }: ReportRequest, report: Report, slots: number): Promise<void> {
  if (state.grant?.answer !== 'granted') return;
  await unlockSegment(documents, report.segment, execution, report.job?.segmentId);
  for (let index = 0; index < slots; index += 1) await releaseSlot(documents, slotKey(index), execution);
}

async function releaseSlot(documents: Documents, key: string, execution: string): Promise<void> {
  const { document, etag } = await documents.read<SlotDocument>(key);
  if (document.holder?.execution !== execution) return;
  // Nobody else writes to a slot that is held, unless the lease is over and the slot another's.
  const released = await documents.replace(key, { version: 1 } satisfies SlotDocument, etag);
  if (!released) throw new RetryableError('the slot changed');
}
