import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Report } from './report';
import { WORK_AREAS, WorkConfig } from '../../src/contract/segment-import';
import { isNameTooLong } from '../segment-import/layout';
import { throwS3Error } from '../segment-import/s3-error';

export interface Reports {
  /** Resolves with the `s3://…` of the report. */
  write(report: Report): Promise<string>;
}

/** Below this name lie reports of lists whose segment could not be told, or is too long for a key; no segment begins so. */
const NO_SEGMENT = '_';

export function s3Reports({ bucketName: Bucket, prefix }: WorkConfig, s3 = new S3Client({ maxAttempts: 5 })): Reports {
  return {
    write: async (report) => {
      const folder = report.segment === '' || isNameTooLong(report.segment) ? NO_SEGMENT : report.segment;
      const Key = `${prefix}/${WORK_AREAS.REPORTS}/${folder}/${report.importId}.json`;
      const Body = JSON.stringify(report, null, 2);
      await s3.send(new PutObjectCommand({ Bucket, Key, Body, ContentType: 'application/json' })).catch(throwS3Error);
      return `s3://${Bucket}/${Key}`;
    },
  };
}
