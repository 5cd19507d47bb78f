import type { ImportJobRequest, ImportJobResponse } from '@aws-sdk/client-pinpoint';
import type { PinpointSegmentTargetConfig } from '../../../src/contract/segment-target';
import type { JobResult, SegmentTargetAdapter } from '../segment-target';

/** @see https://docs.aws.amazon.com/pinpoint/latest/apireference/apps-application-id-jobs-import.html */
export function pinpointJobs(config: PinpointSegmentTargetConfig): Pick<SegmentTargetAdapter, 'scope' | 'request' | 'result' | 'isSegmentGone'> {
  return {
    scope: `${config.kind}/${config.applicationId}`,
    request: ({ url, format, segment }, segmentId): ImportJobRequest => ({
      Format: format,
      S3Url: url,
      RoleArn: config.importRoleArn,
      RegisterEndpoints: config.registerEndpoints,
      DefineSegment: config.defineSegment,
      // The name makes a new segment; with the id the job updates the one that campaigns already use.
      ...config.defineSegment && { SegmentName: segment, ...segmentId !== undefined && { SegmentId: segmentId } },
    }),
    result: (answer) => resultOf((answer as { ImportJobResponse?: ImportJobResponse } | undefined)?.ImportJobResponse ?? {}),
    // As Step Functions names it. That the service answers so for a segment that was deleted is not documented.
    isSegmentGone: (error) => error === 'Pinpoint.NotFoundException',
  };
}

const ENDED: Readonly<Record<string, JobResult['ended']>> = { COMPLETED: 'completed', FAILED: 'failed', CANCELLED: 'failed' };

function resultOf(job: Partial<ImportJobResponse>): JobResult {
  const status: string = job.JobStatus ?? 'UNKNOWN';
  return {
    jobId: job.Id,
    status,
    ended: Object.hasOwn(ENDED, status) ? ENDED[status] : undefined,
    segmentId: job.Definition?.SegmentId,
    processed: job.TotalProcessed,
    // A piece is many members, none of which the service may have counted.
    failed: Math.max(job.TotalFailures ?? 0, job.FailedPieces ?? 0),
    failures: job.Failures ?? [],
  };
}
