import {
  CreateUploadJobCommand, CustomerProfilesClient, GetUploadJobCommand, GetUploadJobPathCommand, ResourceNotFoundException, StartUploadJobCommand,
  StopUploadJobCommand,
} from '@aws-sdk/client-customer-profiles';
import type { CreateUploadJobRequest, GetUploadJobPathResponse, GetUploadJobResponse } from '@aws-sdk/client-customer-profiles';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { FileToSend, sendFile } from './send-file';
import { failureOf } from '../endpoint-targets/customer-profiles/api';
import { before } from '../runtime/deadline';
import { Rejection } from '../runtime/errors';
import { OutOfTime } from '../runtime/pace';
import { RetryableError } from '../segment-import/s3-error';

export type UploadJob = Pick<GetUploadJobResponse, 'Status' | 'StatusReason' | 'ResultsSummary' | 'CompletedAt'>;
type UploadPath = Pick<GetUploadJobPathResponse, 'Url' | 'ClientToken'>;

/** The upload jobs of a domain. A Rejection is a refusal for good, a RetryableError may pass, a DeploymentError only with another deployment. */
export interface UploadJobs {
  deadline: number;
  create(request: Omit<CreateUploadJobRequest, 'DomainName'>): Promise<string>;
  path(jobId: string): Promise<UploadPath>;
  send(path: UploadPath, file: FileToSend): Promise<void>;
  start(jobId: string): Promise<void>;
  /** Undefined: the service knows it no longer. */
  get(jobId: string): Promise<UploadJob | undefined>;
  stop(jobId: string): Promise<void>;
}

/** A handful of calls for each list: their rate is not published. */
const CLIENT = {
  maxAttempts: 5, requestHandler: new NodeHttpHandler({ connectionTimeout: 3_000, requestTimeout: 10_000, throwOnRequestTimeout: true }),
};

const NOT_FOUND = 'ResourceNotFoundException';

export function profileUploadJobs(DomainName: string, client = new CustomerProfilesClient(CLIENT)): UploadJobs {
  const call = async <T>(work: (abortSignal: AbortSignal) => Promise<T>): Promise<T> => before(jobs.deadline, work).catch(refuse);
  const jobs: UploadJobs = {
    deadline: 0,
    create: async (request) => {
      const { JobId } = await call(async (abortSignal) => client.send(new CreateUploadJobCommand({ DomainName, ...request }), { abortSignal }));
      return JobId!;
    },
    path: async (JobId) => call(async (abortSignal) => client.send(new GetUploadJobPathCommand({ DomainName, JobId }), { abortSignal })),
    send: async ({ Url, ClientToken }, file) => before(jobs.deadline, async (signal) => sendFile(Url!, ClientToken, file, signal)),
    start: async (JobId) => void await call(async (abortSignal) => client.send(new StartUploadJobCommand({ DomainName, JobId }), { abortSignal })),
    get: async (JobId) => call(async (abortSignal) => client.send(new GetUploadJobCommand({ DomainName, JobId }), { abortSignal })).catch(goneOf),
    stop: async (JobId) => void await call(async (abortSignal) => client.send(new StopUploadJobCommand({ DomainName, JobId }), { abortSignal })),
  };
  return jobs;
}

function goneOf(error: unknown): undefined {
  if (!(error instanceof Rejection && error.code === NOT_FOUND)) throw error;
}

function refuse(error: unknown): never {
  if (error instanceof OutOfTime) throw error;
  if (error instanceof ResourceNotFoundException) throw new Rejection(NOT_FOUND, error.message);
  const failure = failureOf(error);
  if (failure.kind === 'retry') throw new RetryableError(`Amazon Connect Customer Profiles: ${failure.code}`);
  throw new Rejection(failure.code, failure.reason);
}
