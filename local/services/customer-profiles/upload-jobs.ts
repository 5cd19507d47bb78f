import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { CreateUploadJobRequest, GetUploadJobResponse } from '@aws-sdk/client-customer-profiles';
import { Domain } from './domain';
import { BadRequest, NotFound } from './errors';
import { check, checkField, FieldSpec } from './object-type';
import { readUpload } from './upload-file';

/** Enough for a poll to see that it runs. */
const JOB_MILLIS = 150;
/** How long a URL may be used is not published. */
const URL_MILLIS = 15 * 60_000;
const MAX_DATA_EXPIRY = 1098;

type Headers = Readonly<Record<string, string | undefined>>;

interface Job {
  readonly id: string;
  readonly request: CreateUploadJobRequest;
  readonly fields: readonly FieldSpec[];
  readonly outcome?: string;
  status: NonNullable<GetUploadJobResponse['Status']>;
  reason?: GetUploadJobResponse['StatusReason'];
  summary?: GetUploadJobResponse['ResultsSummary'];
  paths: { readonly id: string; readonly token: string; readonly until: number }[];
  file?: Buffer;
  endsAt?: number;
}

/**
 * The upload jobs of a domain: created, sent a file, started, and done a moment later. What is wrong with the file shows when the job runs.
 * @see https://docs.aws.amazon.com/customerprofiles/latest/APIReference/API_CreateUploadJob.html
 */
export class UploadJobs {
  private readonly jobs = new Map<string, Job>();

  public constructor(private readonly domain: Domain, private readonly now: () => number, private readonly outcome: () => string | undefined) {}

  public create(request: CreateUploadJobRequest): string {
    const { DisplayName = '', Fields = {}, UniqueKey = '', DataExpiry = NaN } = request;
    check(DisplayName.length >= 1 && DisplayName.length <= 255, 'DisplayName has 1 to 255 characters');
    check(![...this.jobs.values()].some((job) => job.request.DisplayName === DisplayName), `there is an upload job ${DisplayName} already`);
    // The service takes a job without it, and removes profiles after 14 days.
    const isGiven = Number.isInteger(DataExpiry) && DataExpiry >= 1 && DataExpiry <= MAX_DATA_EXPIRY;
    check(isGiven, `DataExpiry is 1 to ${MAX_DATA_EXPIRY}, and never left out here`);
    const fields = Object.entries(Fields)
      .map(([name, { Source: source, Target: target, ContentType: contentType }]) => ({ name, source, target, contentType }));
    fields.forEach(checkField);
    check(fields.every(({ target }) => target !== undefined), 'every field has a target');
    check(fields.some(({ name }) => name === UniqueKey), `UniqueKey ${UniqueKey} is none of the fields`);
    const job: Job = { id: randomUUID().replaceAll('-', ''), request, fields, outcome: this.outcome(), status: 'CREATED', paths: [] };
    this.jobs.set(job.id, job);
    return job.id;
  }

  /** `urlOf` makes a URL of the name of a path. */
  public path(id: string, urlOf: (path: string) => string): object {
    const job = this.find(id);
    check(job.status === 'CREATED', `the upload job is ${job.status}`);
    const path = { id: randomUUID(), token: randomBytes(32).toString('base64'), until: this.now() + URL_MILLIS };
    job.paths.push(path);
    return { Url: urlOf(path.id), ClientToken: path.token, ValidUntil: Math.floor((Date.now() + URL_MILLIS) / 1000) };
  }

  /** The status that S3 would answer. */
  public put(id: string, path: string | null, headers: Headers, file: Buffer): number {
    const job = this.jobs.get(id);
    const found = job?.paths.find((one) => one.id === path);
    if (!job || !found || found.until <= this.now()) return 403;
    const name = 'x-amz-server-side-encryption-customer';
    const md5 = createHash('md5').update(Buffer.from(found.token, 'base64')).digest('base64');
    const fits = headers[`${name}-algorithm`] === 'AES256' && headers[`${name}-key`] === found.token && headers[`${name}-key-md5`] === md5;
    if (!fits || headers['content-length'] !== String(file.length)) return 400;
    job.file = file;
    return 200;
  }

  public start(id: string): void {
    const job = this.find(id);
    check(job.status === 'CREATED', `the upload job is ${job.status}`);
    check(job.file !== undefined, 'no file was uploaded');
    job.status = 'IN_PROGRESS';
    job.endsAt = job.outcome === 'stuck' ? Infinity : this.now() + JOB_MILLIS;
  }

  public stop(id: string): void {
    const job = this.find(id);
    check(job.status === 'IN_PROGRESS', `the upload job is ${job.status}`);
    job.status = 'STOPPED';
  }

  public get(id: string): object {
    const { request: { DisplayName, Fields, UniqueKey, DataExpiry }, status, reason, summary } = this.find(id);
    return { JobId: id, DisplayName, Fields, UniqueKey, DataExpiry, Status: status, StatusReason: reason, ResultsSummary: summary };
  }

  /** Jobs whose time has come; at the end of a run, all that do not hang. */
  public settle(until = this.now()): void {
    for (const job of this.jobs.values()) if (job.status === 'IN_PROGRESS' && job.endsAt! <= until && job.endsAt !== Infinity) this.run(job);
  }

  private find(id: string): Job {
    this.settle();
    const job = this.jobs.get(id);
    if (!job) throw new NotFound(`the upload job ${id}`);
    return job;
  }

  private run(job: Job): void {
    const summary = { UpdatedRecords: 0, CreatedRecords: 0, FailedRecords: 0 };
    try {
      check(job.outcome !== 'FAILED', 'injected by --faults');
      for (const [index, row] of readUpload(job.file!, job.fields).entries()) {
        const isBad = job.outcome === 'failures' && index % 2 === 0;
        summary[isBad ? 'FailedRecords' : this.take(job, row)] += 1;
      }
      job.summary = summary;
      const written = summary.UpdatedRecords + summary.CreatedRecords;
      job.status = summary.FailedRecords === 0 ? 'SUCCEEDED' : written > 0 ? 'PARTIALLY_SUCCEEDED' : 'FAILED';
    } catch (error) {
      if (!(error instanceof BadRequest)) throw error;
      Object.assign(job, { status: 'FAILED', reason: 'VALIDATION_FAILURE' });
    }
  }

  private take({ fields, request }: Job, row: Readonly<Record<string, string>>): 'UpdatedRecords' | 'CreatedRecords' | 'FailedRecords' {
    try {
      return this.domain.putRow(fields, request.UniqueKey!, row) ? 'CreatedRecords' : 'UpdatedRecords';
    } catch (error) {
      if (!(error instanceof BadRequest)) throw error;
      return 'FailedRecords';
    }
  }
}
