import type { Context } from 'aws-lambda';
import { createMembers, MembersRequest } from './core';
import { s3MemberFiles } from './member-files';
import { profileUploadJobs } from './upload-jobs';
import { loadConfig } from '../../src/contract/env';
import { parseSegmentMembers } from '../../src/contract/segment-members';
import { CustomerProfilesApi } from '../endpoint-targets/customer-profiles/api';
import { createLogger } from '../runtime/log';
import { s3Documents } from '../segment-import/documents';

const config = loadConfig(parseSegmentMembers, process.env);
const { instance, work, target: { domainName, requestsPerSecond: rate } } = config;

const write = createMembers({
  config, logger: createLogger(instance), documents: s3Documents(work.bucketName, work.prefix), files: s3MemberFiles(work),
  api: new CustomerProfilesApi(domainName, { putProfileObject: rate, searchProfiles: rate, deleteProfile: rate }),
  jobs: profileUploadJobs(domainName),
});

export const handler = async (request: MembersRequest, context: Context) => write(request, context.getRemainingTimeInMillis());
