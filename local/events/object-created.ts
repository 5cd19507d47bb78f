import { randomUUID } from 'node:crypto';
import { ACCOUNT_ID, REGION, arn } from '../environment';
import { JsonObject } from '../template/model';

export interface CreatedObject {
  readonly bucket: string;
  readonly key: string;
  readonly size: number;
  readonly etag: string;
  readonly versionId?: string;
  readonly reason: 'PutObject' | 'CopyObject' | 'CompleteMultipartUpload';
}

let count = 0;

/** The key is as it is: only S3's own notifications encode it.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html */
export function objectCreated({ bucket, key, size, etag, versionId, reason }: CreatedObject): JsonObject {
  count += 1;
  const sequencer = `00${Date.now().toString(16)}${count.toString(16).padStart(6, '0')}`.toUpperCase();
  return {
    'version': '0',
    'id': randomUUID(),
    'detail-type': 'Object Created',
    'source': 'aws.s3',
    'account': ACCOUNT_ID,
    'time': new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
    'region': REGION,
    'resources': [arn('s3', bucket, { region: '', accountId: '' })],
    'detail': {
      'version': '0',
      'bucket': { name: bucket },
      'object': { key, size, etag, ...(versionId === undefined ? {} : { 'version-id': versionId }), sequencer },
      'request-id': randomUUID().slice(0, 16).toUpperCase(),
      'requester': ACCOUNT_ID,
      'source-ip-address': '127.0.0.1',
      reason,
    },
  };
}
