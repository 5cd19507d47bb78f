import { randomUUID } from 'node:crypto';
import type { ImportJobRequest, ImportJobResponse } from '@aws-sdk/client-pinpoint';
import type { App } from './app';
import { BadRequest, NotFound, PinpointError } from './errors';
import { RowResult, readImport } from './import-file';
import { IMPORT_LIMITS } from './limits';
import { OperationCall, Operations } from './operation';
import { messageOf } from '../../errors';

export interface Segment {
  readonly id: string;
  readonly name?: string;
  version: number;
  size: number;
}

export interface SourceFile {
  readonly key: string;
  readonly content: Buffer;
}

/** What an import needs of the rest of the account. */
export interface ImportAccess {
  /** Stops with an error unless the service may assume the role for this application. */
  checkRole(roleArn: string, applicationArn: string): void;
  /** With the role's permissions: the objects whose key begins so. */
  read(roleArn: string, bucket: string, prefix: string): Promise<SourceFile[]>;
  /** The next injected outcome: FAILED, failures or stuck. */
  outcome(): string | undefined;
}

interface Job {
  readonly id: string;
  readonly request: ImportJobRequest;
  readonly segment?: Segment;
  readonly createdAt: string;
  readonly startedAt: number;
  readonly outcome?: string;
  result?: Pick<ImportJobResponse, 'TotalPieces' | 'FailedPieces' | 'CompletedPieces' | 'TotalProcessed' | 'TotalFailures' | 'Failures'>;
  completedAt?: string;
}

/** Enough for a poll to see each of them. */
const CREATED_MS = 30;
const PROCESSING_MS = 120;
const COMPRESSED = /\.(gz|zip|bz2|zst|xz)$/i;
const OTHER_FORMAT: Readonly<Record<string, RegExp>> = { CSV: /\.(json|ndjson|jsonl)$/i, JSON: /\.csv$/i };

/** The import jobs and imported segments of one application. */
export class ImportJobs {
  public readonly segments: Segment[] = [];
  private readonly jobs: Job[] = [];

  public constructor(private readonly app: App) {}

  public get responses(): ImportJobResponse[] {
    return this.jobs.map((job) => this.view(job));
  }

  public get active(): number {
    return this.responses.filter(({ JobStatus = '' }) => !['COMPLETED', 'FAILED'].includes(JobStatus)).length;
  }

  public create(request: ImportJobRequest, access: ImportAccess): ImportJobResponse {
    const { bucket, prefix } = placeOf(request);
    if (request.DefineSegment === false && request.RegisterEndpoints === false) {
      throw new BadRequest('DefineSegment and RegisterEndpoints can\'t both be false');
    }
    if (this.active >= IMPORT_LIMITS.activeJobs) throw new PinpointError(429, `more than ${IMPORT_LIMITS.activeJobs} active import jobs`);
    access.checkRole(request.RoleArn!, this.app.options.arn);
    const outcome = access.outcome();
    const job: Job = {
      id: randomUUID().replace(/-/g, ''),
      request,
      segment: request.DefineSegment === true ? this.segmentOf(request) : undefined,
      createdAt: this.app.options.now().toISOString(),
      startedAt: performance.now(),
      outcome,
    };
    this.jobs.push(job);
    // A job that hangs does nothing.
    if (outcome !== 'stuck') void this.run(job, async () => access.read(request.RoleArn!, bucket, prefix));
    return this.view(job);
  }

  public get(id: string): ImportJobResponse {
    const job = this.jobs.find((one) => one.id === id);
    if (!job) throw new NotFound(`import job ${id}`);
    return this.view(job);
  }

  /** An equal name makes a second, distinct segment; only the id updates one. */
  private segmentOf({ SegmentId, SegmentName }: ImportJobRequest): Segment {
    if (SegmentId === undefined) return { id: randomUUID().replace(/-/g, ''), name: SegmentName, version: 0, size: 0 };
    const known = this.segments.find(({ id }) => id === SegmentId);
    if (!known) throw new NotFound(`segment ${SegmentId}`);
    return known;
  }

  private async run(job: Job, read: () => Promise<SourceFile[]>): Promise<void> {
    if (job.outcome === 'FAILED') return this.finish(job, [], ['injected by --faults'], 1, 1);
    try {
      const files = (await read()).filter(({ key }) => !OTHER_FORMAT[job.request.Format!]?.test(key));
      if (files.length === 0) throw new Error('no file to import');
      if (files.length > IMPORT_LIMITS.filesPerJob) throw new Error(`more than ${IMPORT_LIMITS.filesPerJob} files`);
      const bytes = files.reduce((sum, { content }) => sum + content.length, 0);
      if (bytes > IMPORT_LIMITS.jobBytes) throw new Error(`more than ${IMPORT_LIMITS.jobBytes} bytes`);
      const rows = files.flatMap((file) => rowsIn(file, job.request.Format!));
      this.finish(job, rows, [], files.length, 0);
    } catch (error) {
      this.finish(job, [], [messageOf(error)], 1, 1);
    }
  }

  private finish(job: Job, rows: readonly RowResult[], reasons: readonly string[], pieces: number, failed: number): void {
    const failures = [...reasons];
    const members = new Set<string>();
    for (const [index, row] of rows.entries()) {
      const injected = job.outcome === 'failures' && index === 0;
      const failure = injected ? 'injected by --faults' : this.take(row, job.request, members);
      if (failure !== undefined) failures.push(failure);
    }
    if (failed === 0 && job.segment) this.define(job.segment, members.size);
    job.result = {
      TotalPieces: pieces, FailedPieces: failed, CompletedPieces: pieces - failed, TotalProcessed: rows.length,
      TotalFailures: failures.length, Failures: failures.slice(0, IMPORT_LIMITS.failures),
    };
    job.completedAt = this.app.options.now().toISOString();
  }

  private define(segment: Segment, size: number): void {
    segment.version += 1;
    segment.size = size;
    if (!this.segments.includes(segment)) this.segments.push(segment);
  }

  /** Returns why the row failed. */
  private take(row: RowResult, { RegisterEndpoints }: ImportJobRequest, members: Set<string>): string | undefined {
    if ('failure' in row) return row.failure;
    const { id = randomUUID(), update } = row;
    try {
      // A file of user ids alone selects those who are there.
      const selects = row.id === undefined && update.Address === undefined;
      if (RegisterEndpoints !== false && !selects) this.app.update([{ id, update, path: 'Endpoint' }]);
      const selected = selects ? this.app.ofUser(update.User!.UserId!).map((one) => one.Id!) : [id];
      selected.forEach((one) => members.add(one));
      return undefined;
    } catch (error) {
      if (!(error instanceof PinpointError)) throw error;
      return error.message;
    }
  }

  private view({ id, request, segment, createdAt, completedAt, result, outcome, startedAt }: Job): ImportJobResponse {
    const status = statusOf(outcome, result?.FailedPieces, performance.now() - startedAt);
    const over = status === 'COMPLETED' || status === 'FAILED';
    return {
      ApplicationId: this.app.options.id,
      Id: id,
      JobStatus: status as ImportJobResponse['JobStatus'],
      Type: 'IMPORT',
      CreationDate: createdAt,
      ...(over ? { CompletionDate: completedAt, ...result } : {}),
      Definition: { ...request, ...(segment ? { SegmentId: segment.id } : {}) } as ImportJobResponse['Definition'],
    };
  }
}

/** Moves with the time, so that a job that nobody asks for ends too. `failedPieces` is undefined while it is running. */
function statusOf(outcome: string | undefined, failedPieces: number | undefined, elapsedMs: number): string {
  if (elapsedMs < CREATED_MS) return 'CREATED';
  // The API reference lists statuses that the model doesn't have: a client must not wait for ever for one that it knows.
  if (outcome === 'stuck') return 'CANCELLING';
  if (failedPieces === undefined || elapsedMs < PROCESSING_MS) return 'PROCESSING';
  return failedPieces > 0 ? 'FAILED' : 'COMPLETED';
}

function placeOf({ S3Url = '' }: ImportJobRequest): { bucket: string; prefix: string } {
  const [, bucket, prefix] = /^s3:\/\/([^/]+)\/(.+)$/s.exec(S3Url) ?? [];
  if (bucket === undefined || prefix === undefined) throw new BadRequest('S3Url: expected s3://bucket-name/folder-name/file-name');
  return { bucket, prefix };
}

function rowsIn({ key, content }: SourceFile, format: string): RowResult[] {
  const gzip = content[0] === 0x1f && content[1] === 0x8b;
  if (gzip || COMPRESSED.test(key)) throw new Error('Amazon Pinpoint can\'t import compressed files');
  return readImport(format, new TextDecoder('utf-8', { fatal: true }).decode(content));
}

const createImportJob = ({ app, payload, access }: OperationCall) => {
  if (!access) throw new Error('import jobs need access to Amazon S3');
  return app.imports.create(payload as ImportJobRequest, access);
};

/** The caller hands the role over, so it must be allowed to. */
function passRole(body: unknown) {
  const { RoleArn } = (body ?? {}) as ImportJobRequest;
  return typeof RoleArn === 'string'
    ? [{ action: 'iam:PassRole', resource: RoleArn, context: { 'iam:PassedToService': 'pinpoint.amazonaws.com' } }] : [];
}

export const IMPORT_OPERATIONS: Operations = {
  CreateImportJob: { resource: () => '', run: createImportJob, permissions: passRole },
  GetImportJob: { resource: ({ JobId }) => `/jobs/import/${JobId}`, run: ({ app, labels }) => app.imports.get(labels.JobId!) },
};
