import type { Readable } from 'node:stream';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { DeploymentError, Rejection } from '../runtime/errors';
import { isHidden } from '../segment-import/layout';
import { s3Error, statusOf, throwS3Error } from '../segment-import/s3-error';

/** One file of a list, in the state that was announced. */
export interface SourceFile {
  readonly key: string;
  readonly etag: string;
  readonly size: number;
}

export interface Inbox {
  /** The files of a folder, without those of its own folders and those that tools keep for themselves. */
  list(folder: string): Promise<SourceFile[]>;
  open(file: SourceFile): Promise<Readable>;
}

/** Changed since: 412. Gone: 404, or 403 where the list of keys may not be read. */
const PRECONDITION_FAILED = 412;
const NOT_FOUND = 404;
const FORBIDDEN = 403;

export function s3Inbox(Bucket: string, s3 = new S3Client({ maxAttempts: 5 })): Inbox {
  return {
    list: async (Prefix) => {
      const files: SourceFile[] = [];
      let ContinuationToken: string | undefined;
      do {
        const page = await s3.send(new ListObjectsV2Command({ Bucket, Prefix, Delimiter: '/', ContinuationToken })).catch(throwS3Error);
        for (const { Key, ETag, Size } of page.Contents ?? []) {
          const name = Key?.slice(Prefix.length) ?? '';
          if (Key && ETag && name !== '' && !isHidden(name)) files.push({ key: Key, etag: ETag, size: Size ?? 0 });
        }
        ContinuationToken = page.NextContinuationToken;
      } while (ContinuationToken);
      return files;
    },
    open: async ({ key, etag }) => {
      try {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: key, ...etag !== '' && { IfMatch: quoted(etag) } }));
        return Body as Readable;
      } catch (error) {
        if (statusOf(error) === PRECONDITION_FAILED) throw new Rejection('SourceChanged', 'the file was written anew, and notified of anew');
        if (statusOf(error) === FORBIDDEN) throw new DeploymentError(`${s3Error(error).message}; or the file is no longer there`);
        if (statusOf(error) === NOT_FOUND) throw new Rejection('SourceGone', 'the file is no longer there');
        throw s3Error(error);
      }
    },
  };
}

/** As HTTP has it, and as lists of objects do; an event's has no quotes. */
function quoted(etag: string): string {
  return etag.startsWith('"') ? etag : `"${etag}"`;
}
