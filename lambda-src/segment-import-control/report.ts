import type { Grant } from './acquire';
import type { ReportRequest } from './core';
import { isObject } from '../../src/contract/parse';
import { ImportIdentity, NO_ROWS, PreparedImport, RowCounts } from '../segment-import/import-document';
import { importIdOf, notificationOf } from '../segment-import/notification';
import { orderOf } from '../segment-import/order';
import type { Jobs } from '../segment-targets';
import type { JobResult } from '../segment-targets/segment-target';

/** The state of an execution at its end: the notification, and what the steps left. */
export interface ImportState {
  readonly import?: PreparedImport;
  readonly grant?: Grant;
  /** The target's last word on the job. */
  readonly answer?: unknown;
  /** What a step failed with, as Step Functions tells it. */
  readonly error?: { readonly Error?: string; readonly Cause?: string };
}

export type ImportStatus = 'imported' | 'imported with failures' | 'failed' | 'superseded' | 'duplicate';

/** How an import ended, for the sender of the list. */
export interface Report {
  readonly version: 1;
  readonly importId: string;
  readonly segment: string;
  readonly status: ImportStatus;
  /** Why it failed. */
  readonly code?: string;
  readonly reason?: string;
  readonly source: ImportIdentity['source'];
  readonly rows: RowCounts & { readonly read: number };
  /** `s3://…` of the rejected rows. */
  readonly rejects?: string;
  readonly job?: JobResult;
  readonly execution: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly durationMillis: number;
}

export function reportOf({ execution, startedAt, state }: ReportRequest, jobs: Jobs, now: Date): Report {
  const job = state.answer === undefined ? undefined : jobs.result(state.answer);
  const list = state.import;
  const rows = list !== undefined && 'rows' in list ? list.rows : NO_ROWS;
  return {
    version: 1,
    ...identityOf(state),
    ...endOf(state, rows, job),
    rows: { read: rows.accepted + rows.rejected, ...rows },
    ...list !== undefined && 'rejects' in list && list.rejects !== undefined && { rejects: list.rejects },
    ...job !== undefined && { job },
    execution,
    startedAt,
    endedAt: now.toISOString(),
    durationMillis: now.getTime() - new Date(startedAt).getTime(),
  };
}

/** A preparation that failed as a whole left nothing but the notification, whose key names no segment yet. */
function identityOf({ import: list, ...event }: ImportState): Pick<Report, 'importId' | 'segment' | 'source'> {
  if (list !== undefined && 'importId' in list) return { importId: list.importId, segment: list.segment, source: list.source };
  const notification = notificationOf(event);
  const { key } = orderOf(notification);
  return { importId: importIdOf(notification), segment: '', source: { bucket: notification.bucket, key, etag: notification.etag } };
}

type End = Pick<Report, 'status' | 'code' | 'reason'>;
const failed = (code: string, reason: string): End => ({ status: 'failed', code, reason });

function endOf({ import: list, grant, error }: ImportState, rows: RowCounts, job: JobResult | undefined): End {
  if (error !== undefined) return failed(error.Error ?? 'UnknownError', causeOf(error.Cause));
  if (list?.status === 'failed') return failed(list.code, list.reason);
  if (list?.status === 'duplicate' || list?.status === 'superseded') return { status: list.status };
  if (grant?.answer === 'superseded') return { status: 'superseded' };
  if (grant?.answer === 'expired') return failed('WaitedTooLong', 'other imports kept the segment or all places for jobs');
  if (job === undefined) return failed('NoJob', 'no job was started');
  if (job.ended === undefined) return failed('JobTimeout', `the job was still ${job.status} at its deadline, and may yet end`);
  if (job.ended === 'failed') return failed('JobFailed', `the job ended as ${job.status}`);
  return { status: job.failed > 0 || rows.rejected > 0 ? 'imported with failures' : 'imported' };
}

/** The cause of an error in a function is JSON with its message, which is ours and names nobody; another's is text. */
function causeOf(cause = ''): string {
  try {
    const parsed: unknown = JSON.parse(cause);
    return isObject(parsed) && typeof parsed.errorMessage === 'string' ? parsed.errorMessage : cause;
  } catch {
    return cause;
  }
}
