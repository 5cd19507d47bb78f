import { createHash } from 'node:crypto';
import { isObject } from '../../src/contract/parse';
import { DeploymentError } from '../runtime/errors';

/** What S3 tells of an object that was written. Unlike S3's other notifications, EventBridge carries the key as it is, not URL-encoded.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html */
export interface Notification {
  readonly bucket: string;
  readonly key: string;
  readonly etag: string;
  readonly versionId?: string;
  readonly size: number;
  /** Hexadecimal; orders the events of one key. */
  readonly sequencer: string;
  /** ISO 8601, in whole seconds. */
  readonly time: string;
}

/** Only a rule of another form, or a hand-made input, brings anything else. */
export function notificationOf(event: unknown): Notification {
  const { detail, time } = isObject(event) ? event : {};
  const { bucket, object } = isObject(detail) ? detail : {};
  if (!isObject(bucket) || !isObject(object) || typeof bucket.name !== 'string' || typeof object.key !== 'string' || typeof time !== 'string') {
    throw new DeploymentError('the input is not an "Object Created" event of Amazon S3');
  }
  const version = object['version-id'];
  return {
    bucket: bucket.name,
    key: object.key,
    etag: String(object.etag ?? ''),
    ...typeof version === 'string' && version !== '' && { versionId: version },
    size: Number(object.size ?? 0),
    sequencer: String(object.sequencer ?? ''),
    time,
  };
}

/** The same for every delivery of one notification, and for no other: two files in one second are two imports. Sorts by time. */
export function importIdOf({ bucket, key, etag, versionId, sequencer, time }: Notification): string {
  const digest = createHash('sha256').update(JSON.stringify([bucket, key, versionId ?? etag, sequencer])).digest('hex');
  return `${time.replace(/[^0-9TZ]/g, '')}-${digest.slice(0, 16)}`;
}
