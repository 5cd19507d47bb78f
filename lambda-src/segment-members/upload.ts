import { randomUUID } from 'node:crypto';
import type { MemberFiles } from './member-files';
import { csvOf, lengthOf, UNIQUE_KEY, uploadFields } from './upload-file';
import type { UploadJob, UploadJobs } from './upload-jobs';
import { listKey, noteJob, WrittenLists } from './written-lists';
import { shortName } from '../../src/contract/profile-segments';
import type { CustomerProfilesSegmentTargetConfig } from '../../src/contract/segment-target';
import { Rejection } from '../runtime/errors';
import { OutOfTime } from '../runtime/pace';
import type { Documents } from '../segment-import/documents';
import { RetryableError } from '../segment-import/s3-error';
import type { Progress, UploadProgress } from '../segment-targets/customer-profiles/jobs';

export interface UploadDeps {
  readonly target: CustomerProfilesSegmentTargetConfig;
  readonly jobs: UploadJobs;
  readonly documents: Documents;
  readonly files: MemberFiles;
}

export interface UploadRequest {
  readonly segment: string;
  readonly importId: string;
  readonly digest: string;
  /** Milliseconds: the import has to end before. */
  readonly deadline: number;
}

/** Files that are sent, each to a path of its own. */
const MAX_TRIES = 3;
/** Before the deadline, so that a job that is stopped has ended by then. Rounds are two minutes apart at most. */
const STOP_MILLIS = 3 * 60_000;
/** What the service does not tell of the job of an earlier list is taken for the worst so long after its list was last touched, and not for ever. */
const UNTOLD_MILLIS = 24 * 3_600_000;
const ENDED: readonly (string | undefined)[] = ['SUCCEEDED', 'PARTIALLY_SUCCEEDED', 'FAILED', 'STOPPED'];

/**
 * One step of an upload job, which the service's own word on the job decides: whatever was interrupted is gone on with. The job is noted before
 * it starts. When it does not write everybody, which records failed is not told, and all members are written one by one.
 */
export async function uploadRound(deps: UploadDeps, request: UploadRequest, known: WrittenLists, before: Progress): Promise<Progress> {
  const jobId = known.lists.find(({ importId }) => importId === request.importId)?.jobId;
  if (jobId === undefined) return sendMembers(deps, request, undefined, before);
  const job = await deps.jobs.get(jobId).catch(asRejection);
  if (job === undefined) return oneByOne(before, `upload job ${jobId} is gone`);
  if (job instanceof Rejection) return oneByOne(before, `the service does not tell of upload job ${jobId} (${job.code}: ${job.message})`);
  if (job.Status === 'CREATED' && !before.upload!.started) return sendMembers(deps, request, jobId, before);
  if (ENDED.includes(job.Status)) return ended(jobId, job, before);
  if (request.deadline - Date.now() < STOP_MILLIS) await stop(deps.jobs, jobId);
  return withUpload(before, { jobId });
}

/** What is known of the jobs of earlier lists. */
export interface OlderJobs {
  /** One that still runs. */
  readonly running?: string;
  /** Milliseconds: when the last of the others ended. */
  readonly endedAt: number;
}

/** Stops the jobs of lists that were given up: what they still write is older than what is about to be written. */
export async function stopOlderJobs(
  { jobs }: Pick<UploadDeps, 'jobs'>, { lists }: WrittenLists, ownImportId: string, now: number,
): Promise<OlderJobs> {
  let older: OlderJobs = { endedAt: 0 };
  for (const { importId, jobId, touchedAt } of lists) {
    if (importId === ownImportId || jobId === undefined) continue;
    const job = await jobs.get(jobId).catch(asRejection);
    const endedAt = endOf(job, now - Date.parse(touchedAt) <= UNTOLD_MILLIS ? now : 0);
    if (endedAt === undefined) await stop(jobs, jobId);
    older = endedAt === undefined ? { ...older, running: jobId } : { ...older, endedAt: Math.max(older.endedAt, endedAt) };
  }
  return older;
}

/** Undefined: it may still run. One that is only created writes nothing. How the service answers for a job of long ago is not documented. */
function endOf(job: UploadJob | Rejection | undefined, untold: number): number | undefined {
  if (job instanceof Rejection) return untold === 0 ? 0 : undefined;
  if (job?.Status === 'CREATED') return 0;
  if (job?.Status !== undefined && !ENDED.includes(job.Status)) return undefined;
  return job?.CompletedAt?.getTime() ?? untold;
}

function asRejection(error: unknown): Rejection {
  if (error instanceof Rejection) return error;
  throw error;
}

/** A job may end a moment before it is stopped; the next look tells. */
async function stop(jobs: UploadJobs, jobId: string): Promise<void> {
  await jobs.stop(jobId).catch((error: unknown) => {
    if (!(error instanceof Rejection || error instanceof RetryableError)) throw error;
  });
}

async function sendMembers(deps: UploadDeps, request: UploadRequest, created: string | undefined, before: Progress): Promise<Progress> {
  if (request.deadline - Date.now() < STOP_MILLIS) return oneByOne(before, 'too little time was left for an upload job');
  const { tries, reason } = before.upload!;
  if (tries >= MAX_TRIES) return oneByOne(before, `no file could be sent${created === undefined ? '' : ` for upload job ${created}`} (${reason})`);
  let jobId = created;
  try {
    jobId ??= await createJob(deps, request);
    const path = await deps.jobs.path(jobId);
    const pieces = () => csvOf(request.segment, deps.files.read(listKey(request.digest, request.importId)));
    await deps.jobs.send(path, { length: await lengthOf(pieces()), pieces: pieces() });
    await deps.jobs.start(jobId);
    return withUpload(before, { jobId, tries: tries + 1, started: true });
  } catch (error) {
    if (error instanceof Rejection) return refused(deps.jobs, jobId, error, before);
    if (!(error instanceof RetryableError || error instanceof OutOfTime)) throw error;
    return withUpload(before, { jobId, tries: tries + 1, reason: error.message });
  }
}

/** A start whose answer got lost is refused when it is repeated, also by the client itself: then the job runs. */
async function refused(jobs: UploadJobs, jobId: string | undefined, { code, message }: Rejection, before: Progress): Promise<Progress> {
  const job = jobId === undefined ? undefined : await jobs.get(jobId).catch(asRejection);
  if (job !== undefined && !(job instanceof Rejection) && job.Status !== 'CREATED') return withUpload(before, { jobId, started: true });
  return oneByOne(withUpload(before, { jobId }), `an upload job was refused (${code}: ${message})`);
}

/** One that is never started, since it could not be noted, writes nothing. */
async function createJob({ target, jobs, documents }: UploadDeps, { segment, importId, digest }: UploadRequest): Promise<string> {
  const jobId = await jobs.create({
    // Must be unique, also after an answer that got lost.
    DisplayName: `${shortName(segment)}-${importId}-${randomUUID().slice(0, 8)}`,
    Fields: uploadFields(segment),
    UniqueKey: UNIQUE_KEY,
    DataExpiry: target.upload!.dataExpiryDays,
  });
  await noteJob(documents, digest, importId, jobId);
  return jobId;
}

function ended(jobId: string, { Status, StatusReason, ResultsSummary }: UploadJob, before: Progress): Progress {
  const { UpdatedRecords = 0, CreatedRecords = 0, FailedRecords = 0 } = ResultsSummary ?? {};
  const records = UpdatedRecords + CreatedRecords;
  if (Status === 'SUCCEEDED' && FailedRecords === 0 && records === before.members) {
    return { ...withUpload(before, { jobId, over: true }), status: 'COMPLETED', position: before.changes, written: before.written + before.members };
  }
  const why = StatusReason === undefined ? '' : ` (${StatusReason})`;
  return oneByOne(withUpload(before, { jobId }), `upload job ${jobId} ended as ${Status}${why} with ${records} records of ${before.members}, and ${FailedRecords} failed`);
}

const withUpload = (before: Progress, upload: Partial<UploadProgress>): Progress => ({ ...before, upload: { ...before.upload!, ...upload } });

const oneByOne = (before: Progress, why: string): Progress =>
  ({ ...withUpload(before, { over: true }), failures: [...before.failures, `${why}: all members are written one by one instead`] });
