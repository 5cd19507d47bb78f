import type { CustomerProfilesSegmentTargetConfig } from '../../../src/contract/segment-target';
import type { Jobs } from '../index';
import type { JobResult } from '../segment-target';

/** How far an upload job of the members is. */
export interface UploadProgress {
  /** Whether there is nothing to wait for any more: it has written all members, or they are written one by one. */
  readonly over: boolean;
  /** Files that were sent, or failed to be. */
  readonly tries: number;
  readonly jobId?: string;
  /** Whether the job was told to start, which its status need not say yet. */
  readonly started?: true;
  /** Why the newest try failed. */
  readonly reason?: string;
}

/** What the function that writes memberships answers after each round: how far it has come, and where it goes on. */
export interface Progress {
  readonly status: 'WRITING' | 'COMPLETED' | 'FAILED' | 'TIMED_OUT';
  /** Name of the segment definition. */
  readonly segmentId: string;
  /** Rows that were prepared; several may be of one user. */
  readonly rows: number;
  /** Different users among them. */
  readonly members: number;
  /** Changes that are done with, of those that the import consists of: removals, then the members. */
  readonly position: number;
  readonly changes: number;
  readonly written: number;
  readonly removed: number;
  /** Changes that the service refused. */
  readonly failed: number;
  /** Of these the ones of users who should no longer be members. */
  readonly stillMembers: number;
  /** `s3://…` of the refused changes, and why the import ended early. */
  readonly failures: readonly string[];
  /** Left out for a list of which no job is to write the members. */
  readonly upload?: UploadProgress;
}

export function profileJobs({ kind, domainName }: CustomerProfilesSegmentTargetConfig): Jobs {
  return {
    scope: `${kind}/${domainName}`,
    // The function finds all that it needs in the import itself.
    request: () => ({}),
    result: (answer) => resultOf(answer as Progress),
    isSegmentGone: () => false,
  };
}

const ENDED: { readonly [K in Progress['status']]: JobResult['ended'] } = {
  WRITING: undefined, COMPLETED: 'completed', FAILED: 'failed', TIMED_OUT: 'failed',
};

function resultOf({ status, segmentId, rows, members, written, removed, failed, failures, upload }: Progress): JobResult {
  // Of a list that was gone through, a second row of a user is done with the first.
  const processed = status === 'COMPLETED' ? rows - members + written : written;
  return { ...upload?.jobId !== undefined && { jobId: upload.jobId }, status, ended: ENDED[status], segmentId, processed, removed, failed, failures };
}
