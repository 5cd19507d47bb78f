import type { Grant } from './acquire';
import type { ReportRequest } from './core';
import { isObject } from '../../src/contract/parse';
import type { InboxConfig } from '../../src/contract/segment-prepare';
import { ImportIdentity, NO_ROWS, PreparedImport, RowCounts } from '../segment-import/import-document';
import { placeOf } from '../segment-import/layout';
import { importIdOf, notificationOf } from '../segment-import/notification';
import type { Jobs } from '../segment-targets';
import type { JobResult } from '../segment-targets/segment-target';

/** The state of an execution at its end: the notification, and what the steps left. */
export interface ImportState {
  readonly import?: PreparedImport;
  readonly grant?: Grant;
  /** Set when the target had no room for another job at least once. */
  readonly busy?: unknown;
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
  /** Why it failed, or members are missing. */
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

export function reportOf({ execution, startedAt, state }: ReportRequest, jobs: Jobs, inbox: InboxConfig, now: Date): Report {
  const job = state.answer === undefined ? undefined : jobs.result(state.answer);
  const list = state.import;
  const rows = list !== undefined && 'rows' in list ? list.rows : NO_ROWS;
  return {
    version: 1,
    ...identityOf(state, inbox),
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

/** A preparation that failed as a whole left nothing but the notification. */
function identityOf({ import: list, ...event }: ImportState, inbox: InboxConfig): Pick<Report, 'importId' | 'segment' | 'source'> {
  if (list !== undefined && 'importId' in list) return { importId: list.importId, segment: list.segment, source: list.source };
  const notification = notificationOf(event);
  const { bucket, key, etag } = notification;
  const place = placeOf(key, inbox);
  return { importId: importIdOf(notification), segment: place.kind === 'ignored' ? '' : place.segment, source: { bucket, key, etag } };
}

const NO_ROOM = 'the service had no room for another job';
const NO_TURN = 'other imports kept the segment or all places for jobs';

type End = Pick<Report, 'status' | 'code' | 'reason'>;
const failed = (code: string, reason: string): End => ({ status: 'failed', code, reason });

function endOf({ import: list, grant, busy, error }: ImportState, rows: RowCounts, job: JobResult | undefined): End {
  if (error !== undefined) return failed(error.Error ?? 'UnknownError', causeOf(error.Cause));
  if (list?.status === 'failed') return failed(list.code, list.reason);
  if (list?.status === 'duplicate' || list?.status === 'superseded') return { status: list.status };
  if (grant?.answer === 'superseded') return { status: 'superseded' };
  if (grant?.answer === 'expired') return failed('WaitedTooLong', busy ? NO_ROOM : NO_TURN);
  if (job === undefined) return failed('NoJob', 'no job was started');
  if (job.ended === undefined) return failed('JobTimeout', `the job was still ${job.status} at its deadline, and may yet end`);
  if (job.ended === 'failed') return failed('JobFailed', `the job ended as ${job.status}`);
  return importedOf(rows, job);
}

/** Members that the service neither processed nor calls failed are missing all the same. */
function importedOf({ accepted, rejected }: RowCounts, { processed, failed: failures }: JobResult): End {
  if (processed !== undefined && processed + failures < accepted) {
    return { status: 'imported with failures', code: 'MembersMissing', reason: `the job processed ${processed} members of ${accepted}` };
  }
  return { status: failures > 0 || rejected > 0 ? 'imported with failures' : 'imported' };
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
